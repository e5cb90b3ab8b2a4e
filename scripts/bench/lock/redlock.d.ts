/** redlock 5.0.0-beta.2 names no types for `import`; only what the bench uses. */
declare module "redlock" {
  import type { Redis } from "ioredis";

  interface Settings {
    /** -1: for ever */
    readonly retryCount: number;
    /** ms */
    readonly retryDelay: number;
    /** ms */
    readonly retryJitter: number;
  }

  interface Lock {
    release(): Promise<unknown>;
  }

  class Redlock {
    constructor(clients: Iterable<Redis>, settings?: Partial<Settings>);
    acquire(resources: string[], durationMs: number): Promise<Lock>;
  }

  namespace Redlock {
    class ExecutionError extends Error {}
  }

  export = Redlock;
}
