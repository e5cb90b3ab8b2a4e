export interface PracticeStats {
  /** Questions, by chat or by generate, answered to the end, errors and asked-for misbehaviour included. */
  readonly served: number;
  /** Questions whose client went away first. */
  readonly aborted: number;
  /** Questions not settled yet: working, waiting, or still worked on although their client has gone. */
  readonly open: number;
  /** Questions as their clients see them: from arrival to the end of the answer or of the connection, whatever the engine does. */
  readonly openRequests: number;
  readonly maxOpenRequests: number;
  /** Accepted, without headers, behind the one that works. */
  readonly waiting: number;
  readonly working: number;
  readonly maxWorking: number;
  /** Times the model was loaded: at first, after an unload, and whenever `num_ctx` changes. */
  readonly loads: number;
}

type Counter = keyof Omit<PracticeStats, "maxWorking" | "maxOpenRequests">;

export interface Tally {
  read(): PracticeStats;
  add(counter: Counter, change: 1 | -1): void;
  /** Settles as soon as `holds` is true, at once or after a change. @throws the signal's reason */
  until(holds: (stats: PracticeStats) => boolean, signal?: AbortSignal): Promise<PracticeStats>;
}

/** Counts what the server does, and lets a test wait for a count instead of sleeping. */
export function newTally(): Tally {
  let stats: PracticeStats = {
    served: 0,
    aborted: 0,
    open: 0,
    openRequests: 0,
    maxOpenRequests: 0,
    waiting: 0,
    working: 0,
    maxWorking: 0,
    loads: 0,
  };
  const watchers = new Set<() => void>();
  const tally: Tally = {
    read: () => stats,
    add(counter, change) {
      stats = { ...stats, [counter]: stats[counter] + change };
      stats = {
        ...stats,
        maxWorking: Math.max(stats.maxWorking, stats.working),
        maxOpenRequests: Math.max(stats.maxOpenRequests, stats.openRequests),
      };
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
