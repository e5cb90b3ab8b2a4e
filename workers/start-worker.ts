import { type ConnectionOptions, type Job, UnrecoverableError, Worker } from "bullmq";
import type { JobContext } from "../jobs/context.ts";
import type { AnyJob, JobRun } from "../jobs/index.ts";
import type { Clock } from "../src/core/clock.ts";
import { Fault } from "../src/core/fault.ts";
import type { JobOutcome } from "../src/core/job.ts";
import type { Log } from "../src/log.ts";
import { invalidPayload } from "../src/queue/enqueue.ts";
import { causeOf, settle } from "../src/queue/settle.ts";
import { doneLines } from "./done-lines.ts";

export interface WorkerParts {
  readonly connection: ConnectionOptions;
  readonly log: Log;
  readonly clock: Clock;
  /** What the job may touch, for this run of it. */
  contextFor(job: JobRun, signal: AbortSignal): JobContext;
}

export interface RunningWorkers {
  /** Resolves when every queue is being read. */
  ready(): Promise<void>;
  /** Takes no more jobs, stops the running ones at a safe point (they go back to the queue, no attempt burned), closes. */
  stop(): Promise<void>;
}

/** A job of a worker that was killed is taken up by another one within these two together; measured 18.8 s at most. */
const LOCK_MS = 10_000;
const STALLED_MS = 5_000;
/** A job whose worker died this often is failed and visible: it may be what kills them. */
const MAX_STALLED = 3;
/** Redis being down must not keep a process from ending. */
const CLOSE_MS = 8_000;

/** What our workers ask of BullMQ. */
export const WORKER_SETTINGS = { lockDuration: LOCK_MS, stalledInterval: STALLED_MS, maxStalledCount: MAX_STALLED } as const;

/** One BullMQ worker per job definition. */
export function startWorkers(definitions: readonly AnyJob[], parts: WorkerParts): RunningWorkers {
  const started = definitions.map((definition) => startWorker(definition, parts));
  return {
    async ready() {
      await Promise.all(started.map(({ worker }) => worker.waitUntilReady()));
    },
    async stop() {
      for (const { runs } of started) runs.stop(new Fault("cancelled", "the worker is stopping: the job goes on with the next one"));
      const closed = Promise.all(started.map(({ worker }) => worker.close()));
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CLOSE_MS);
      await Promise.race([closed, late]);
      clearTimeout(timer);
    },
  };
}

function startWorker(definition: AnyJob, parts: WorkerParts): { readonly worker: Worker; readonly runs: Runs } {
  const { log } = parts;
  const runs = noRuns(parts.clock, definition.policy.runMs);
  const lines = doneLines(log, parts.clock);
  const worker = new Worker<unknown, object>(definition.name, (job, token) => runJob(definition, parts, job, token, runs), {
    connection: parts.connection,
    concurrency: definition.policy.concurrency,
    ...WORKER_SETTINGS,
  });
  worker.on("error", (err) => log.warn({ event: "queue.faulted", jobName: definition.name, err }, "the queue met an error, going on"));
  // BullMQ goes on as if nothing had happened: another worker may have the job by now, so this run ends here.
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) runs.lose(id, new Fault("cancelled", "the queue gave this job to another worker"));
  });
  worker.on("completed", (job) => lines.done(job));
  worker.on("closing", () => lines.flush());
  worker.on("failed", (job, error) => {
    const fields = {
      event: "job.failed",
      jobName: definition.name,
      jobId: job?.id,
      cause: causeOf(error.message),
      attempts: job?.attemptsMade,
    };
    log.error({ ...fields, reason: error.message }, "job failed");
  });
  return { worker, runs };
}

async function runJob(definition: AnyJob, parts: WorkerParts, job: Job, token: string | undefined, runs: Runs): Promise<object> {
  const run = runs.begin(`${job.id}`);
  try {
    return await settle(await outcomeOf(definition, parts, job, run.signal), job, token, new Date());
  } finally {
    run.end();
  }
}

async function outcomeOf(definition: AnyJob, parts: WorkerParts, job: Job, signal: AbortSignal): Promise<JobOutcome<object>> {
  try {
    const parsed = definition.payload.safeParse(job.data);
    if (!parsed.success) throw invalidPayload(definition.name, parsed.error);
    const about = {
      id: `${job.id}`,
      name: job.name,
      definition,
      // As BullMQ counts: this run is one more, and one that was put off, or whose worker died, is none.
      isLastRun: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
      updateProgress: (progress: object) => job.updateProgress(progress),
    };
    return await definition.run(parsed.data, parts.contextFor(about, signal));
  } catch (error) {
    if (error instanceof UnrecoverableError) throw error;
    return { kind: "failed", fault: signal.aborted ? Fault.from(signal.reason) : Fault.from(error, `the ${definition.name} job`) };
  }
}

/** The jobs one worker is running. Each has a signal for "the worker stops" and "the job is no longer ours"; its reason is a Fault. */
interface Runs {
  begin(jobId: string): { readonly signal: AbortSignal; end(): void };
  lose(jobId: string, why: Fault): void;
  /** Ends those that run, and those that begin after this. */
  stop(why: Fault): void;
}

/** How late a run may be told that its time is over. */
const LOOK_MS = 1_000;

/**
 * One controller per run and no listeners: BullMQ's own signal, joined to ours, cost a job as much as its whole walk. One timer for
 * all runs: one for each cost a short job a twentieth.
 *
 * @param runMs  the deadline of each
 */
function noRuns(clock: Clock, runMs: number): Runs {
  const running = new Map<string, { readonly controller: AbortController; readonly endsAt: number }>();
  let cancelWatch: (() => void) | undefined;
  let stopped: Fault | undefined;
  const watch = (): void => {
    cancelWatch = running.size === 0 ? undefined : clock.after(Math.min(LOOK_MS, runMs), watch);
    const now = clock.elapsed();
    for (const { controller, endsAt } of running.values()) if (now >= endsAt) controller.abort(tooLong(runMs));
  };
  return {
    begin(jobId) {
      const run = { controller: new AbortController(), endsAt: clock.elapsed() + runMs };
      if (stopped !== undefined) run.controller.abort(stopped);
      running.set(jobId, run);
      if (cancelWatch === undefined && stopped === undefined) watch();
      return {
        signal: run.controller.signal,
        end() {
          // A job that was lost can come back to this very worker while its first run is ending.
          if (running.get(jobId) === run) running.delete(jobId);
        },
      };
    },
    lose: (jobId, why) => running.get(jobId)?.controller.abort(why),
    stop(why) {
      stopped = why;
      cancelWatch?.();
      for (const { controller } of running.values()) controller.abort(why);
    },
  };
}

const tooLong = (runMs: number): Fault =>
  new Fault("timed-out", `the job did not end within ${Math.round(runMs / 60_000)} min: what was answered is kept`);
