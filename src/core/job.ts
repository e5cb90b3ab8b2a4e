import type { z } from "zod";
import type { Outcome } from "./attempt.ts";
import type { DataClass } from "./provider.ts";

export interface JobPolicy {
  readonly dataClass: DataClass;
  /** How long one call waits for the local slot before it looks further. */
  readonly slotWaitMs: number;
  /** Runs after which a fault that a retry can help becomes a failure. */
  readonly attempts: number;
  /** Delay before the second run; doubles from there. */
  readonly backoffMs: number;
  /** Jobs of this kind one worker process runs at a time. */
  readonly concurrency: number;
}

/** Where a job stands: numbers and one word, never a text. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly doing: string;
}

/**
 * A kind of job: a third one is one file beside the others and one line in `jobs/index.ts`.
 *
 * `Context` is what the job may touch; the composition root provides it.
 */
export interface JobDefinition<Payload, Context, Result> {
  /** Also the name of its queue. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  readonly policy: JobPolicy;
  /** The same work gives the same id, so a double enqueue is one job. No ":" and no bare number (BullMQ refuses them). */
  jobId(payload: Payload): string;
  /** What is returned ends in Redis: ids, counts and states, never a text. */
  run(payload: Payload, context: Context): Promise<Outcome<Result>>;
}
