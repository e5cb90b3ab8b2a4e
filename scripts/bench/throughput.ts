import { setTimeout as pause } from "node:timers/promises";
import { Queue } from "bullmq";
import type { Bench } from "./bench.ts";
import { inTurn, median, rounded } from "./numbers.ts";
import { benchJob, QUEUE } from "./same.ts";
import { redisOf, SIDES, type SideName, startWorkerOn } from "./sides.ts";

export interface Compared {
  /** Medians of the rounds, in jobs per second. */
  readonly bare: number;
  readonly ecluse: number;
  /** ecluse / bare. */
  readonly ratio: number;
  /** Half of the rounds had a ratio between these two: how much the machine swayed. */
  readonly spread: readonly [number, number];
}

export interface Load {
  readonly concurrency: number;
  readonly jobs: number;
  readonly rounds: number;
}

/** Rounds that warm both workers up and are not counted: until then the code of both is interpreted, not compiled. */
const WARM_UP = 4;

/** Jobs per second of both workers, alive at the same time and loaded in turn: many short rounds, so that a neighbour disturbs both. */
export async function compareThroughput(bench: Bench, redis: string, load: Load): Promise<Compared> {
  const workers = [];
  for (const side of SIDES) workers.push(await startWorkerOn(bench, side, redis, load.concurrency));
  const queues = {
    bare: new Queue(QUEUE, { connection: { url: redisOf("bare", redis) } }),
    ecluse: new Queue(QUEUE, { connection: { url: redisOf("ecluse", redis) } }),
  };
  const perSecond: Record<SideName, number[]> = { bare: [], ecluse: [] };
  try {
    for (let round = 0; round < WARM_UP + load.rounds; round += 1) {
      for (const side of inTurn(SIDES, round)) {
        const measured = await drain(bench, queues[side], load);
        if (round >= WARM_UP) perSecond[side].push(measured);
      }
      if (round % 5 === WARM_UP) bench.say(`concurrency ${load.concurrency}: round ${round + 1 - WARM_UP} of ${load.rounds}`);
    }
  } finally {
    await Promise.all([queues.bare.close(), queues.ecluse.close()]);
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  return compared(perSecond);
}

function compared({ bare, ecluse }: Record<SideName, readonly number[]>): Compared {
  const ratios = ecluse.map((value, round) => value / (bare[round] ?? Number.NaN)).sort((a, b) => a - b);
  const at = (share: number) => rounded(ratios[Math.floor((ratios.length - 1) * share)] ?? Number.NaN, 3);
  return {
    bare: rounded(median(bare)),
    ecluse: rounded(median(ecluse)),
    ratio: rounded(median(ecluse) / median(bare), 3),
    spread: [at(0.25), at(0.75)],
  };
}

/** Each job of a run has a number of its own: an id that Redis still knows would add nothing. */
let lastNumber = 0;

/** Fills the paused queue, lets it run dry, and reads from the jobs themselves when the first began and the last ended. */
async function drain(bench: Bench, queue: Queue, { jobs }: Load): Promise<number> {
  // What is kept would be trimmed job by job: the same empty queue for each round.
  await queue.clean(0, 0, "completed");
  await queue.pause();
  const batch = Array.from({ length: jobs }, (_, index) => benchJob(lastNumber + index + 1));
  lastNumber += jobs;
  await queue.addBulk(batch);
  await queue.resume();
  await untilDrained(bench, queue, jobs);
  const first = await queue.getJob(batch[0]?.opts.jobId ?? "");
  const [last] = await queue.getCompleted(0, 0);
  const ms = (last?.finishedOn ?? Number.NaN) - (first?.processedOn ?? Number.NaN);
  return jobs / (ms / 1_000);
}

/** A worker that ends no job for this long is broken, not slow. */
const STUCK_MS = 30_000;

/** Looks now and then: listening to each job's event would take the processor from the worker that is measured. */
async function untilDrained(bench: Bench, queue: Queue, jobs: number): Promise<void> {
  let [done, movedAt] = [0, performance.now()];
  for (;;) {
    await pause(20, undefined, { signal: bench.signal });
    const { completed = 0, failed = 0, delayed = 0 } = await queue.getJobCounts("completed", "failed", "delayed");
    if (failed + delayed > 0) throw new Error(`${failed + delayed} jobs that do nothing did not end well: no figure is given`);
    if (completed === jobs) return;
    if (completed !== done) [done, movedAt] = [completed, performance.now()];
    else if (performance.now() - movedAt > STUCK_MS) throw new Error(`the worker stands still at ${done} of ${jobs} jobs`);
  }
}
