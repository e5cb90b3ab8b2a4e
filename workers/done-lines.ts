import type { Clock } from "../src/core/clock.ts";
import type { Log } from "../src/log.ts";

/** What a queue says of a job that is done; times in ms. */
export interface DoneJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly processedOn?: number | undefined;
  readonly finishedOn?: number | undefined;
}

/** A person reads this many lines of a second; of a flood, the count says more. */
const LINES_A_SECOND = 20;
const SECOND_MS = 1_000;

/**
 * Writes a log line for each job done, and for those of a second beyond twenty one line with their number and time in all.
 *
 * @returns called with each job that ended well; `flush` writes what was counted and not yet said
 */
export function doneLines(log: Log, clock: Clock): { done(job: DoneJob): void; flush(): void } {
  let written = 0;
  let unsaid = { count: 0, ms: 0, jobName: "" };
  let startedAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  const flush = () => {
    cancel?.();
    cancel = undefined;
    if (unsaid.count > 0) log.info({ event: "jobs.done", ...unsaid }, "more jobs done");
    unsaid = { count: 0, ms: 0, jobName: "" };
  };
  return {
    done(job) {
      const now = clock.elapsed();
      if (now - startedAt >= SECOND_MS) {
        flush();
        startedAt = now;
        written = 0;
      }
      const ms = (job.finishedOn ?? 0) - (job.processedOn ?? 0);
      if (written < LINES_A_SECOND) {
        written += 1;
        log.info({ event: "job.done", jobName: job.name, jobId: job.id, ms }, "job done");
        return;
      }
      unsaid = { count: unsaid.count + 1, ms: unsaid.ms + ms, jobName: job.name };
      cancel ??= clock.after(SECOND_MS, flush);
    },
    flush,
  };
}
