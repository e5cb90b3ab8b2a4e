export interface PracticeStats {
  /** Chat requests answered to the end, errors and asked-for misbehaviour included. */
  readonly served: number;
  /** Chat requests whose client went away first. */
  readonly aborted: number;
  /** Chat requests not settled yet: working or waiting. */
  readonly open: number;
  /** Accepted, without headers, behind the one that works. */
  readonly waiting: number;
  readonly working: number;
  readonly maxWorking: number;
  /** Times the model was loaded: at first, after an unload, and whenever `num_ctx` changes. */
  readonly loads: number;
}

type Counter = keyof Omit<PracticeStats, "maxWorking">;

export interface Tally {
  read(): PracticeStats;
  add(counter: Counter, change: 1 | -1): void;
  /** Settles as soon as `holds` is true, at once or after a change. @throws the signal's reason */
  until(holds: (stats: PracticeStats) => boolean, signal?: AbortSignal): Promise<PracticeStats>;
}

/** Counts what the server does, and lets a test wait for a count instead of sleeping. */
export function newTally(): Tally {
  let stats: PracticeStats = { served: 0, aborted: 0, open: 0, waiting: 0, working: 0, maxWorking: 0, loads: 0 };
  const watchers = new Set<() => void>();
  const tally: Tally = {
    read: () => stats,
    add(counter, change) {
      stats = { ...stats, [counter]: stats[counter] + change };
      stats = { ...stats, maxWorking: Math.max(stats.maxWorking, stats.working) };
      for (const watcher of [...watchers]) watcher();
    },
    until: (holds, signal) =>
      new Promise((resolve, reject) => {
        const settle = (done: () => void) => {
          watchers.delete(look);
          signal?.removeEventListener("abort", giveUp);
          done();
        };
        const look = () => {
          if (holds(stats)) settle(() => resolve(stats));
        };
        const giveUp = () => settle(() => reject(signal?.reason as Error));
        if (signal?.aborted) return giveUp();
        watchers.add(look);
        signal?.addEventListener("abort", giveUp, { once: true });
        look();
      }),
  };
  return tally;
}
