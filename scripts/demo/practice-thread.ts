import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../src/clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import { startPractice } from "../../src/practice/server.ts";

/** What the thread is given. */
export interface Pace {
  /** Pause before each token, in ms; may be a fraction. */
  readonly tokenDelayMs: number;
  /** All pauses of a run together stay below this, in ms: each one shrinks as it is used up. Infinity: they stay equal. */
  readonly budgetMs: number;
}

/** Shorter pauses are owed and made up for together: a timer cannot wait for a tenth of a millisecond. */
const SHORTEST_SLEEP_MS = 10;

if (parentPort !== null) {
  const { tokenDelayMs, budgetMs } = workerData as Pace;
  const server = await startPractice({ tokenDelayMs, clock: paced(budgetMs) });
  parentPort.postMessage(server.url);
  parentPort.once("message", () => void server.close());
}

/** The real clock, but its sleeps add up to less than the budget, so that a large folder is not made to take an hour. */
function paced(budgetMs: number): Clock {
  let owedMs = 0;
  let sleptMs = 0;
  return {
    ...systemClock,
    async sleep(ms, signal) {
      owedMs += ms * Math.max(0, 1 - sleptMs / budgetMs);
      if (owedMs < SHORTEST_SLEEP_MS) return;
      const from = systemClock.elapsed();
      await systemClock.sleep(owedMs, signal);
      const tookMs = systemClock.elapsed() - from;
      sleptMs += tookMs;
      owedMs -= tookMs;
    },
  };
}
