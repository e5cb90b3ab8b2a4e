import type { z } from "zod";
import type { Fault, FaultKind } from "./fault.ts";

export interface JobPolicy {
  /** How long one question waits for the local model, busy or down, before it looks further, in ms. Infinity: as long as it takes. */
  readonly slotWaitMs: number;
  /** One run's deadline in ms, waiting included: then it is stopped and counts as "timed-out". What was answered stays answered. */
  readonly runMs: number;
  /** Place in the line for the local slot; lower goes first. */
  readonly priority: number;
  /** Runs after which a fault that a retry can help becomes a failure. */
  readonly attempts: number;
  /** Delay before the second run, in ms; doubles from there. */
  readonly backoffMs: number;
  /** Jobs of this kind one worker process runs at a time. */
  readonly concurrency: number;
}

/** Where a job stands: numbers and one word, never a text. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: "pages" | "documents" | "calls";
  readonly doing: "reading" | "analysing" | "writing" | "checking";
  /** ISO instant at which this kind of work will end at the present pace; absent until there is one. */
  readonly endsAt?: string;
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
  run(payload: Payload, context: Context): Promise<JobOutcome<Result>>;
}

/** How a run of a job ended; `queue/settle.ts` turns it into the queue's verbs. */
export type JobOutcome<Result> =
  | { readonly kind: "done"; readonly result: Result }
  | { readonly kind: "postponed"; readonly until: Date; readonly why: FaultKind }
  | { readonly kind: "failed"; readonly fault: Fault };
