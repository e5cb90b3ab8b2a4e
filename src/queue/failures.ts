import { ErrorCode, type Job, type Queue } from "bullmq";
import type { Redis } from "ioredis";
import { type FaultKind, isFaultKind } from "../core/fault.ts";
import { canSucceedLater } from "../policy/reaction.ts";
import type { Enqueueable, Queues } from "./enqueue.ts";
import { causeOf } from "./settle.ts";

export type Cause = FaultKind | "stalled";

/** A failed job as a person sees it: no payload. */
export interface FailedJob {
  readonly queue: string;
  readonly jobId: string;
  readonly failedAt: Date;
  readonly cause: Cause;
  /** What the fault said; BullMQ's own words for a stalled job. */
  readonly message: string;
}

/** Why a failed job was left as it is. */
export type WhyNot =
  /** The same input under the same settings would fail the same way, and nobody said that something has changed. */
  | "cannot-succeed-unchanged"
  /** Its record in Redis cannot be read: a worker could not either. */
  | "unreadable"
  /** Another run of this command has it, or it has failed again since this run began. */
  | "taken-by-another-run";

export interface FailureFilter {
  /** All causes when empty. */
  readonly causes: ReadonlySet<Cause>;
  readonly since: Date | undefined;
}

/** Longer than any step between claim and retry takes; short, because a run that is killed between the two leaves its claim. */
const CLAIM_S = 60;

/**
 * The failed jobs of some queues, oldest first, as they stand now: what fails again later is not among them.
 *
 * Ids and instants come from Redis' own sorted set, so a job whose record is damaged is listed too.
 */
export async function listFailures(
  redis: Redis,
  queues: readonly Queue[],
  { causes, since }: FailureFilter,
): Promise<readonly FailedJob[]> {
  const failures: FailedJob[] = [];
  for (const queue of queues) {
    const pairs = await redis.zrange(queue.toKey("failed"), since?.getTime() ?? "-inf", "+inf", "BYSCORE", "WITHSCORES");
    for (let index = 0; index < pairs.length; index += 2) {
      const jobId = pairs[index] ?? "";
      const reason = await redis.hget(queue.toKey(jobId), "failedReason").catch(() => null);
      const cause = causeOf(reason ?? undefined);
      if (causes.size > 0 && !causes.has(cause)) continue;
      failures.push({ queue: queue.name, jobId, failedAt: new Date(Number(pairs[index + 1])), cause, message: messageOf(reason) });
    }
  }
  return failures.sort((a, b) => a.failedAt.getTime() - b.failedAt.getTime());
}

/** A failed reason without the kind it begins with. */
export function messageOf(reason: string | null): string {
  if (reason === null) return "no reason on record";
  const [kind = "", ...rest] = reason.split(": ");
  return isFaultKind(kind) && rest.length > 0 ? rest.join(": ") : reason;
}

/** A stalled job killed its worker, or its worker was killed: the second is the more frequent one, so it may run again. */
const mayRunAgain = (cause: Cause): boolean => cause === "stalled" || canSucceedLater(cause);

export interface Where {
  readonly redis: Redis;
  readonly queues: Pick<Queues, "queue">;
  /** Of the queues to look at. */
  readonly definitions: readonly Pick<Enqueueable, "name" | "payload">[];
  /** Only says what would be done. */
  readonly dryRun: boolean;
  /** A person says so: also a cause that no second run can mend by itself, such as a refused text. */
  readonly anyway?: boolean;
}

export interface Asked extends Where {
  readonly filter: FailureFilter;
  /** At most so many are put back; the failures after them are not looked at. */
  readonly limit: number;
  /** Ends the work between two jobs. */
  readonly signal: AbortSignal;
  onStep(done: number, total: number): void;
}

export interface Reenqueued {
  readonly considered: number;
  /** Put back, or in a dry run those that would be. */
  readonly jobs: readonly FailedJob[];
  readonly skipped: readonly (FailedJob & { readonly why: WhyNot })[];
  readonly interrupted: boolean;
}

/**
 * Puts failed jobs back in line, oldest first, where another run can help, their attempts counted from zero.
 *
 * Any number of runs at the same time put each failure back once.
 */
export async function reenqueueFailures(asked: Asked): Promise<Reenqueued> {
  const { redis, queues, definitions, filter, limit, signal } = asked;
  const failures = await listFailures(
    redis,
    definitions.map(({ name }) => queues.queue(name)),
    filter,
  );
  const jobs: FailedJob[] = [];
  const skipped: (FailedJob & { why: WhyNot })[] = [];
  for (const failed of failures) {
    if (signal.aborted || jobs.length >= limit) break;
    asked.onStep(jobs.length + skipped.length, failures.length);
    const why = await reenqueue(asked, failed);
    if (why === undefined) jobs.push(failed);
    else skipped.push({ ...failed, why });
  }
  return { considered: jobs.length + skipped.length, jobs, skipped, interrupted: signal.aborted };
}

/**
 * Puts one failure of a list back in line, or says in a dry run whether it would.
 *
 * @returns why not, or undefined when it was put back
 */
export async function reenqueue({ redis, queues, definitions, dryRun, anyway }: Where, failed: FailedJob): Promise<WhyNot | undefined> {
  if (anyway !== true && !mayRunAgain(failed.cause)) return "cannot-succeed-unchanged";
  const queue = queues.queue(failed.queue);
  const job = await readJob(queue, failed.jobId);
  if (job === undefined) return "unreadable";
  const payload = definitions.find(({ name }) => name === failed.queue)?.payload;
  if (payload?.safeParse(job.data).success !== true) return "cannot-succeed-unchanged";
  if (dryRun) return undefined;
  return (await claim(redis, queue, failed)) && (await putBack(redis, queue, job)) ? undefined : "taken-by-another-run";
}

/** The job, or undefined when its record cannot be read. @throws when Redis does not answer */
async function readJob(queue: Queue, jobId: string): Promise<Job<unknown> | undefined> {
  try {
    return await queue.getJob(jobId);
  } catch (error) {
    // What JSON.parse and BullMQ's decoding throw, and Redis' own word for a key that is no record.
    if (error instanceof SyntaxError || error instanceof TypeError || isWrongType(error)) return undefined;
    throw error;
  }
}

const isWrongType = (error: unknown): boolean => error instanceof Error && error.message.startsWith("WRONGTYPE");

/**
 * Whether this failure is ours to put back.
 *
 * BullMQ's retry is atomic on the failed state, and that is not enough: a job that one run put back and that failed again
 * at once would be put back a second time by a run that had listed it before. So each failure, a job and its instant, is
 * claimed once, and must still be the last one of its job.
 */
async function claim(redis: Redis, queue: Queue, failed: FailedJob): Promise<boolean> {
  const failedAtMs = failed.failedAt.getTime();
  const key = `ecluse:reenqueued:${queue.name}:${failed.jobId}:${failedAtMs}`;
  if ((await redis.set(key, "1", "EX", CLAIM_S, "NX")) === null) return false;
  const now = await redis.zscore(queue.toKey("failed"), failed.jobId);
  return now !== null && Number(now) === failedAtMs;
}

/** @returns false when it is not failed any more */
async function putBack(redis: Redis, queue: Queue, job: Job<unknown>): Promise<boolean> {
  // BullMQ never takes this count back: a job that failed of stalls would fail at its next one, with no run of its own.
  await redis.hdel(queue.toKey(`${job.id}`), "stc");
  try {
    await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === ErrorCode.JobNotInState || code === ErrorCode.JobNotExist) return false;
    throw error;
  }
}
