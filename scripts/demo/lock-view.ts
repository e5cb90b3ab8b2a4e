import type { LeaseEvent } from "../../src/core/lease.ts";

/** Somebody at the lock, since when (in ms of the demo's clock). */
export interface AtLock {
  readonly holder: string;
  readonly sinceMs: number;
}

export interface LockState {
  /** Who holds it: one of our calls, or a program that is none of ours. */
  readonly held: (AtLock & { readonly isForeign: boolean }) | undefined;
  /** In order of arrival; a person's contribution goes before a document all the same. */
  readonly waiting: readonly AtLock[];
  /** Calls that had the lock and gave it back. */
  readonly released: number;
}

/** The lock as its events tell: who holds it, who waits. */
export function watchLock(nowMs: () => number) {
  const waiting = new Map<string, number>();
  let held: LockState["held"];
  let released = 0;
  return {
    onLease(event: LeaseEvent): void {
      const { holder } = event;
      switch (event.kind) {
        case "waiting":
          waiting.set(holder, nowMs());
          break;
        case "gave-up":
          waiting.delete(holder);
          break;
        case "held":
          waiting.delete(holder);
          held = { holder, sinceMs: nowMs(), isForeign: false };
          break;
        case "foreign":
          held = { holder, sinceMs: nowMs(), isForeign: true };
          break;
        case "released":
          released += 1;
          if (held?.holder === holder) held = undefined;
          break;
        case "lost":
          break;
      }
    },
    /** A job that left the workers waits for nothing any more, whatever its last event was. */
    forget(isRunning: (holder: string) => boolean): void {
      for (const holder of waiting.keys()) if (!isRunning(holder)) waiting.delete(holder);
    },
    state: (): LockState => ({ held, waiting: [...waiting].map(([holder, sinceMs]) => ({ holder, sinceMs })), released }),
  };
}

export type LockWatch = ReturnType<typeof watchLock>;
