import type { JobsOptions } from "bullmq";

/** What both workers are given alike, so that only what stands around BullMQ differs. Imports no code: the bare worker loads this. */

/** The queue that is measured. */
export const QUEUE = "validation";
/** Both queues of the project: what a ready worker listens on. */
export const QUEUES = ["audierne-docs", "validation"] as const;

/** The shape of a validation job: an id and a hash, no text. */
export interface BenchPayload {
  readonly contribution: string;
  readonly sha256: string;
}

export interface BenchJob {
  readonly name: string;
  readonly data: BenchPayload;
  readonly opts: JobsOptions & { readonly jobId: string };
}

/** As `queue/enqueue.ts` adds a validation: kept for a while, retried with backoff, bounded in size. */
export function benchJob(number: number): BenchJob {
  const hash = number.toString(16).padStart(64, "0");
  return {
    name: QUEUE,
    data: { contribution: `bench-${number}`, sha256: hash },
    opts: {
      jobId: `contribution-bench-${number}-${hash.slice(0, 16)}`,
      attempts: 3,
      backoff: { type: "exponential", delay: 5_000, jitter: 0.2 },
      removeOnComplete: { age: 7 * 86_400, count: 5_000 },
      removeOnFail: { age: 90 * 86_400, count: 20_000 },
      sizeLimit: 64 * 1_024,
    },
  };
}

/** What the model that does nothing answers, at once. */
export const ANSWER = '{"verdict":"valid"}';
/** What a job returns: ends in Redis on both sides. */
export const resultOf = (verdict: string) => ({ verdict, by: "noop" });

/** Given to a worker program as its one argument, as JSON. */
export interface WorkerOrder {
  readonly redisUrl: string;
  readonly concurrency: number;
  readonly queues: readonly string[];
  /** BullMQ's settings, as our own worker has them. */
  readonly settings: { readonly lockDuration: number; readonly stalledInterval: number; readonly maxStalledCount: number };
  /** A folder of this worker's own. */
  readonly dir: string;
}

/** What a worker program prints on stdout, alone on its line, when it is ready. */
export const READY = "ready";
