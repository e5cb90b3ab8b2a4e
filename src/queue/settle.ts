import { DelayedError, type Job, UnrecoverableError } from "bullmq";
import type { Fault, FaultKind } from "../core/fault.ts";
import { isFaultKind } from "../core/fault.ts";
import type { JobOutcome } from "../core/job.ts";
import { jobEnd, postponedUntil } from "../policy/reaction.ts";

/**
 * Turns how a run ended into the queue's verbs. The only such place.
 *
 * @returns the job's result, for Redis: ids, counts and states
 * @throws  what BullMQ understands: DelayedError (no attempt burned), UnrecoverableError (failed now), Error (retried with backoff)
 */
export async function settle<Result>(outcome: JobOutcome<Result>, job: Job, token: string | undefined, now: Date): Promise<Result> {
  if (outcome.kind === "done") return outcome.result;
  if (outcome.kind === "postponed") return await postpone(job, token, outcome.until, outcome.why);
  const { fault } = outcome;
  if (jobEnd(fault.kind) === "postpone") return await postpone(job, token, postponedUntil(fault, now), fault.kind);
  const reason = failedReason(fault);
  throw jobEnd(fault.kind) === "retry" ? withoutStack(new Error(reason)) : withoutStack(new UnrecoverableError(reason));
}

async function postpone(job: Job, token: string | undefined, until: Date, why: FaultKind): Promise<never> {
  await job.log(`postponed until ${until.toISOString()}: ${why}`);
  await job.moveToDelayed(until.getTime(), token);
  throw new DelayedError();
}

/** "kind: message", as it is kept in Redis. */
export const failedReason = (fault: Fault): string => `${fault.kind}: ${fault.message}`;

/** The cause of a failed job. BullMQ writes reasons of its own, for a job that killed its worker several times. */
export function causeOf(reason: string | undefined): FaultKind | "stalled" {
  const kind = reason?.split(":", 1)[0] ?? "";
  if (isFaultKind(kind)) return kind;
  return reason?.includes("stalled") ? "stalled" : "unknown";
}

/** BullMQ stores stacks: they name paths of the machine, and say nothing that the reason does not. */
function withoutStack<E extends Error>(error: E): E {
  error.stack = "";
  return error;
}
