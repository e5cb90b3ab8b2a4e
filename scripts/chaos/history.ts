import { appendFileSync, readFileSync } from "node:fs";

/** Each thing the nemesis does. */
export const FAULT_KINDS = [
  /** The worker ends as by a power cut, and is started again. */
  "kill",
  /** It is stopped for 0.1 to 3 leases and goes on. */
  "stop",
  /** Its connections to Redis are cut, on the way or by Redis. */
  "cut",
  "client-kill",
  /** Its commands run, the replies never come, then the connection is cut. */
  "swallow",
  "key-deleted",
  "key-overwritten",
  "key-shortened",
  "key-persisted",
  /** A foreign program with a plain SET NX comes, holds, and goes. */
  "foreign-holder",
  "redis-stop",
  "redis-kill",
  /** Killed, and started again without its data. */
  "redis-lost",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What became of an acknowledged job, asked of the queue at the end. */
export type JobState = "completed" | "failed" | "waiting" | "delayed" | "active" | "missing";

/** Who changed the key, and the value in whose name: the first argument of a script; a plain command names nobody. */
interface Changed {
  /** A worker, or "outside". */
  readonly by: string;
  readonly claim?: string;
}

export type Happening =
  | { readonly e: "begin"; readonly seed: number; readonly ttlMs: number; readonly mutant: string }
  | { readonly e: "enqueue" | "ack"; readonly job: string }
  | { readonly e: "request-start"; readonly n: number }
  /** "gone": the client closed its socket before the end. */
  | { readonly e: "request-end"; readonly n: number; readonly how: "served" | "gone" }
  /** A job has its result: the answer it settled with, and what lies in the store at the end. */
  | { readonly e: "effect" | "stored"; readonly job: string; readonly answer: string }
  | ({ readonly e: "lock-set"; readonly value: string } & Changed)
  | ({ readonly e: "lock-del"; readonly how: "del" | "expired" } & Changed)
  /** After a gap (Redis was away): the key as it is now. */
  | { readonly e: "lock-found"; readonly value: string | null }
  | { readonly e: "fault"; readonly kind: FaultKind; readonly aimed: boolean; readonly pid?: number; readonly ms?: number }
  /** Something the nemesis undid because nobody else did: a key without TTL of a process that is dead. */
  | { readonly e: "mended" }
  | { readonly e: "worker-start"; readonly worker: string; readonly pid: number }
  | { readonly e: "worker-exit"; readonly worker: string; readonly pid: number; readonly byItself: boolean }
  | { readonly e: "redis-up"; readonly isEmpty: boolean }
  | { readonly e: "job-end"; readonly job: string; readonly state: JobState; readonly cause?: string }
  | { readonly e: "end" };

/** A line of the history: `t` in ms on the clock that all processes of this machine share. */
export type Line = Happening & { readonly t: number };

export interface History {
  readonly path: string;
  add(happening: Happening, t?: number): void;
  /** What comes later is not written: its folder may be gone. */
  close(): void;
}

/** The machine's monotonic clock in ms, the same in every process. */
export const instant = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Several processes append to one file; each line is one write. */
export function openHistory(path: string): History {
  let isClosed = false;
  return {
    path,
    add(happening, t = instant()) {
      if (!isClosed) appendFileSync(path, `${JSON.stringify({ t, ...happening })}\n`);
    },
    close() {
      isClosed = true;
    },
  };
}

/** @throws Error naming the line that cannot be read: a history with holes proves nothing */
export function readHistory(path: string): readonly Line[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text !== "")
    .map((text, index) => {
      try {
        return JSON.parse(text) as Line;
      } catch {
        throw new Error(`line ${index + 1} of the history cannot be read: it proves nothing`);
      }
    });
}

/** The process that a value of ours names; undefined for a foreign one. */
export function pidOf(value: string | undefined): number | undefined {
  const parts = value?.split("|") ?? [];
  const pid = Number(parts[4]);
  return parts.length === 8 && parts[0] === "ecluse" && Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
