import { type ConnectionOptions, type Job, type JobsOptions, Queue } from "bullmq";
import type { z } from "zod";
import { Fault } from "../core/fault.ts";
import type { JobPolicy } from "../core/job.ts";

/** What a queue has to know of a job; a `JobDefinition` has it. */
export interface Enqueueable {
  readonly name: string;
  readonly payload: z.ZodType;
  readonly policy: JobPolicy;
  jobId(payload: unknown): string;
}

/** "already": the same work is waiting, running or done; nothing was added. */
export type Added = { readonly kind: "added" | "already"; readonly jobId: string };

/** Bounded, and long enough that a week-end's failures are still there on Monday three months later. */
const KEEP_COMPLETED = { age: 7 * 86_400, count: 5_000 };
const KEEP_FAILED = { age: 90 * 86_400, count: 20_000 };
/** A job that is put off for a week writes a line each time: the last ones tell enough. */
const KEEP_LOGS = 50;
/** Jobs carry ids, not texts; names of documents are the longest thing in them. */
const MAX_DATA_BYTES = 64 * 1_024;

/** The queues of this project, opened when first used. */
export function openQueues(connection: ConnectionOptions, definitions: readonly Enqueueable[], onError: (error: Error) => void) {
  const open = new Map<string, Queue>();
  const queue = (name: string): Queue => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const opened = new Queue(name, { connection });
    opened.on("error", onError);
    open.set(name, opened);
    return opened;
  };
  const definitionOf = (name: string): Enqueueable => {
    const definition = definitions.find((one) => one.name === name);
    if (definition === undefined)
      throw new Fault("invalid-payload", `there is no queue ${name}: ${definitions.map((one) => one.name).join(", ")}`);
    return definition;
  };
  return {
    queue,
    names: definitions.map((definition) => definition.name),

    /**
     * Adds a job; the same work twice is one job.
     *
     * @param again  also when it is kept as completed: its result is gone, or its input counts anew
     * @throws Fault "invalid-payload" naming the fields that are wrong
     */
    async enqueue(name: string, payload: unknown, { again = false } = {}): Promise<Added> {
      const definition = definitionOf(name);
      const parsed = definition.payload.safeParse(payload);
      if (!parsed.success) throw invalidPayload(name, parsed.error);
      if (Buffer.byteLength(JSON.stringify(parsed.data)) > MAX_DATA_BYTES)
        throw new Fault("invalid-payload", `this is no ${name} job: it is larger than ${MAX_DATA_BYTES / 1_024} KB`);
      const jobId = definition.jobId(parsed.data);
      // BullMQ's add is a silent no-op for an id it still keeps, so ask first; a race only means that both say "added".
      const kept: Job | undefined = await queue(name).getJob(jobId);
      if (kept !== undefined) {
        if (!again || !(await kept.isCompleted())) return { kind: "already", jobId };
        await kept.remove();
      }
      await queue(name).add(name, parsed.data, optionsOf(definition.policy, jobId));
      return { kind: "added", jobId };
    },

    async close(): Promise<void> {
      await Promise.all([...open.values()].map((one) => one.close()));
    },
  };
}

export type Queues = ReturnType<typeof openQueues>;

const optionsOf = ({ attempts, backoffMs }: JobPolicy, jobId: string): JobsOptions => ({
  jobId,
  attempts,
  backoff: { type: "exponential", delay: backoffMs, jitter: 0.2 },
  removeOnComplete: KEEP_COMPLETED,
  removeOnFail: KEEP_FAILED,
  keepLogs: KEEP_LOGS,
});

/** Paths and codes only: zod's own messages can quote what was received. */
export const invalidPayload = (name: string, error: z.ZodError): Fault =>
  new Fault(
    "invalid-payload",
    `this is no ${name} job: ${error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.map(String).join(".") || "the payload"} (${issue.code})`)
      .join(", ")}`,
  );
