import { createHash } from "node:crypto";

/** What the programs of the bench share. */
export const QUEUE = "chaos";
export const LOCK_DB = 6;
export const LOCK_KEY = "lock:ollama:global";
/** What a program prints on stdout, alone on its line, when it is ready. */
export const READY = "ready";
/** Under which an answer is stored. */
export const STEP = "chaos";

export const hashOf = (job: string): string => createHash("sha256").update(job).digest("hex");

export const MUTANTS = ["article", "heartbeat"] as const;
export type Mutant = (typeof MUTANTS)[number];
export const isMutant = (name: string): name is Mutant => (MUTANTS as readonly string[]).includes(name);

/** Given to a worker program as its one argument, as JSON. */
export interface WorkerOrder {
  readonly redisUrl: string;
  readonly ollamaUrl: string;
  /** Data folder, the same for all workers. */
  readonly dir: string;
  readonly history: string;
  readonly ttlS: number;
  readonly mutant: Mutant | "none";
}

/** Given to the stand-in. */
export interface StandInOrder {
  readonly history: string;
  readonly seed: number;
  readonly ttlMs: number;
}
