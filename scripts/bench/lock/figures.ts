import { median } from "../numbers.ts";
import type { Turn } from "./order.ts";

/** A change of hands: the lock went from one holder to the next, in whatever process. */
export interface Handoff {
  /** End of the one's work to the start of the other's, in ms. Below 0: both worked at once, which a lock must not allow. */
  readonly ms: number;
  /** How long the next one then worked. */
  readonly workMs: number;
  /** The one who had it took it again. */
  readonly isAgain: boolean;
  /** The next one had asked before the lock was free. */
  readonly isAwaited: boolean;
}

/** @param turns  of all processes on one lock, in any order */
export function handoffsOf(turns: readonly Turn[]): readonly Handoff[] {
  const inOrder = turns.toSorted((a, b) => a.startedAt - b.startedAt);
  return inOrder.slice(1).map(({ askedAt, startedAt, endedAt, waiter }, index) => {
    const before = inOrder[index] as Turn;
    return {
      ms: startedAt - before.endedAt,
      workMs: endedAt - startedAt,
      isAgain: waiter === before.waiter,
      isAwaited: askedAt <= before.endedAt,
    };
  });
}

/** Share of the time in which nobody worked, of the time from the first to the last of these changes of hands. */
export function idleShareOf(handoffs: readonly Handoff[]): number {
  const idleMs = handoffs.reduce((sum, { ms }) => sum + ms, 0);
  return idleMs / handoffs.reduce((sum, { ms, workMs }) => sum + ms + workMs, 0);
}

/**
 * Longest wait by the middle one, while the line is always full.
 *
 * Who asks before `from` only fills the line. Who asks before `until` and is served long after it counts: the last one served
 * is the one who waited longest.
 */
export function maxOverMedianWait(turns: readonly Turn[], from: number, until: number): number {
  const waits = turns.filter(({ askedAt }) => askedAt >= from && askedAt <= until).map(({ askedAt, startedAt }) => startedAt - askedAt);
  return Math.max(...waits) / median(waits);
}

/** The smallest value that `share` of all values do not exceed. @throws Error for an empty list */
export function percentile(values: readonly number[], share: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
  if (value === undefined) throw new Error("nothing was measured: the rounds are too short for this machine");
  return value;
}
