/** What the processes of the bench say to each other. Imports no code. */

/**
 * The locks that are compared. "with guard": the kernel, too, is asked who holds it, which nobody else does. "tuned": with the
 * shortest pause between two tries that a timer can make.
 */
export const SIDES = ["ecluse", "ecluse with guard", "redlock", "redlock tuned", "redis-semaphore", "redis-semaphore tuned"] as const;
export type SideName = (typeof SIDES)[number];

/** Given to a program as its one argument, as JSON. */
export interface ProgramSettings {
  readonly redisUrl: string;
  /** ms between two chances that our lock leaves to foreign programs, and length of one; absent: as the program ships. */
  readonly foreign?: { readonly everyMs: number; readonly gapMs: number };
}

export interface Pairs {
  /** Takes the free lock and gives it back, `count` times, one after the other. "raw": two commands, no library. */
  readonly kind: "pairs";
  readonly side: SideName | "raw";
  readonly count: number;
}

export interface Turns {
  /**
   * "steady": each waiter asks again as soon as it is done, for `ms`.
   * "line": each asks once, at a moment of its own, while the first holder holds; then the line runs empty.
   */
  readonly kind: "steady" | "line";
  readonly side: SideName;
  /** Waiters in this process. */
  readonly waiters: number;
  readonly workMs: number;
  readonly ms: number;
  /** For a "line": whether this process also has the first holder. */
  readonly opens: boolean;
}

export type Order = Pairs | Turns;

export interface Turn {
  /** ms of the clock that all processes of a machine share: asked for, work begun, work ended. */
  readonly askedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The same for all turns of one waiter. */
  readonly waiter: string;
}

export interface Done {
  /** How long the order took, in ms. */
  readonly tookMs: number;
  readonly turns: readonly Turn[];
  /** How often a library gave up and was asked again. */
  readonly gaveUp: number;
}

export type Answer = { readonly kind: "ready" } | ({ readonly kind: "done" } & Done) | { readonly kind: "failed"; readonly why: string };
