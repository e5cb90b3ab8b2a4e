import { systemClock } from "../../src/clock.ts";
import { say } from "../command.ts";
import { ownerOf } from "./holder.ts";
import { nameOf, seconds } from "./print.ts";
import type { OpenSlot } from "./slots.ts";

/** Between two looks, in ms: a person or a script notices no difference, and Redis does not notice the looks. */
const LOOK_MS = 250;
/** How often it is said that nothing has changed, in ms. */
const SAY_MS = 10_000;

export interface Waited {
  readonly isFree: boolean;
  /** The slot that is free. */
  readonly slot: string | null;
  readonly waitedMs: number;
}

/**
 * Waits until one of the slots has a free key that nobody stands in line for.
 *
 * @param timeoutMs  undefined: for ever
 * @throws the signal's reason
 */
export async function waitUntilFree(slots: readonly OpenSlot[], timeoutMs: number | undefined, signal: AbortSignal): Promise<Waited> {
  const startedAt = performance.now();
  let [said, saidAt] = ["", 0];
  for (;;) {
    signal.throwIfAborted();
    const now = await look(slots);
    const waitedMs = Math.round(performance.now() - startedAt);
    if (now.free !== undefined) return { isFree: true, slot: now.free, waitedMs };
    if (timeoutMs !== undefined && waitedMs >= timeoutMs) return { isFree: false, slot: null, waitedMs };
    if (now.text !== said || waitedMs - saidAt >= SAY_MS) {
      say(`${seconds(waitedMs)}: ${now.text}`);
      [said, saidAt] = [now.text, waitedMs];
    }
    await systemClock.sleep(Math.min(LOOK_MS, (timeoutMs ?? Number.POSITIVE_INFINITY) - waitedMs), signal);
  }
}

/** The first slot that is free, and in words who has the others. */
async function look(slots: readonly OpenSlot[]): Promise<{ readonly free: string | undefined; readonly text: string }> {
  const seen = await Promise.all(slots.map(async ({ slot, scripts }) => ({ slot, ...(await scripts.status()) })));
  // A free key that somebody stands in line for is his, or kept free for a foreign program.
  const free = seen.find(({ locks, waiters }) => locks.some(({ isHeld }) => !isHeld) && !waiters.some(({ isAlive }) => isAlive));
  const text = seen.map(({ slot, locks, waiters }) => {
    const holders = locks.filter(({ isHeld }) => isHeld).map(({ holder }) => nameOf(ownerOf(holder)));
    return `${slot} is held by ${holders.join(" and ") || "nobody"}, ${waiters.filter(({ isAlive }) => isAlive).length} in line`;
  });
  return { free: free?.slot, text: text.join("; ") };
}
