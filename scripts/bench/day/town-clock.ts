import { setTimeout as pause } from "node:timers/promises";

/** Milliseconds of one clock that all processes of this machine share and that never goes back. */
export const sharedMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The town's time of day: runs `speed` times as fast as ours, and is put forward while nothing happens. */
export interface TownClock {
  readonly speed: number;
  /** Seconds since the town's midnight. */
  now(): number;
  /** Puts the clock forward to this second; never back. */
  skipTo(at: number): void;
  /** Waits for so many seconds of town time. @throws the signal's reason */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** @param from  second since midnight at which it starts */
export function startTownClock(speed: number, from: number): TownClock {
  let [base, since] = [from, sharedMs()];
  const now = () => base + ((sharedMs() - since) / 1_000) * speed;
  return {
    speed,
    now,
    skipTo(at) {
      if (at > now()) [base, since] = [at, sharedMs()];
    },
    async sleep(seconds, signal) {
      if (signal?.aborted) throw signal.reason as Error;
      await pause((seconds * 1_000) / speed, undefined, { signal }).catch((error: unknown) => {
        throw signal?.aborted ? (signal.reason as Error) : error;
      });
    },
  };
}
