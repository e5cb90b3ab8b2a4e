import { Queue, QueueEvents } from "bullmq";
import type { Bench } from "./bench.ts";
import { inTurn, median, rounded } from "./numbers.ts";
import { benchJob, QUEUE } from "./same.ts";
import { redisOf, SIDES, type SideName, startWorkerOn } from "./sides.ts";

export interface Latency {
  /** Medians, in ms, from before the add to the result's arrival in another process. */
  readonly bareMs: number;
  readonly ecluseMs: number;
  /** ecluse / bare. */
  readonly ratio: number;
}

/** The first ones are slow on both sides: connections, scripts and code are new. */
const WARM_UP = 30;

/** How long one job takes from add to result when the worker has nothing else to do, both workers in turn. */
export async function compareLatency(bench: Bench, redis: string, samples: number): Promise<Latency> {
  const workers = [];
  for (const side of SIDES) workers.push(await startWorkerOn(bench, side, redis, 1));
  const ends = { bare: await openEnd(redisOf("bare", redis)), ecluse: await openEnd(redisOf("ecluse", redis)) };
  const taken: Record<SideName, number[]> = { bare: [], ecluse: [] };
  try {
    for (let sample = 0; sample < WARM_UP + samples; sample += 1) {
      bench.signal.throwIfAborted();
      for (const side of inTurn(SIDES, sample)) {
        const ms = await oneJob(ends[side], sample);
        if (sample >= WARM_UP) taken[side].push(ms);
      }
    }
  } finally {
    await Promise.all([ends.bare.close(), ends.ecluse.close()]);
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  const [bareMs, ecluseMs] = [median(taken.bare), median(taken.ecluse)];
  return { bareMs: rounded(bareMs, 3), ecluseMs: rounded(ecluseMs, 3), ratio: rounded(ecluseMs / bareMs, 3) };
}

interface End {
  readonly queue: Queue;
  readonly events: QueueEvents;
  close(): Promise<void>;
}

async function openEnd(url: string): Promise<End> {
  const queue = new Queue(QUEUE, { connection: { url } });
  const events = new QueueEvents(QUEUE, { connection: { url, maxRetriesPerRequest: null } });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  return { queue, events, close: async () => void (await Promise.all([queue.close(), events.close()])) };
}

/** Jobs are numbered apart from those of the throughput. */
const FIRST_NUMBER = 1_000_000_000;

async function oneJob({ queue, events }: End, sample: number): Promise<number> {
  const { name, data, opts } = benchJob(FIRST_NUMBER + sample);
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const done = ({ jobId }: { jobId: string }) => jobId === opts.jobId && resolve();
  const failed = ({ jobId }: { jobId: string }) =>
    jobId === opts.jobId && reject(new Error("a job that does nothing failed: no figure is given"));
  events.on("completed", done);
  events.on("failed", failed);
  try {
    const addedAt = performance.now();
    await queue.add(name, data, opts);
    await ended;
    return performance.now() - addedAt;
  } finally {
    events.off("completed", done);
    events.off("failed", failed);
  }
}
