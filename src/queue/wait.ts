import { type Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";
import { queueConnection } from "./connection.ts";
import { type Cause, messageOf } from "./failures.ts";
import { causeOf } from "./settle.ts";

/** How a job ended. A job that waits or runs has no end, and is in no such list. */
export type JobEnded = { readonly kind: "done" } | { readonly kind: "failed"; readonly cause: Cause; readonly message: string };

export interface Wait {
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly queue: Queue;
  readonly jobIds: readonly string[];
  readonly clock: Clock;
  /** Ends the waiting, and nothing else: the jobs go on. */
  readonly signal: AbortSignal;
  onEnded(ended: number, total: number): void;
  /** Said once when Redis does not answer; the waiting goes on. */
  onTrouble(): void;
}

/** Events are news, the queue's own record is the truth: it is looked at again this often, so a lost event costs seconds. */
const LOOK_MS = 5_000;

/** Waits until every job has ended or `signal` says to stop. @returns how those that ended did */
export async function untilEnded({
  redis,
  redisUrl,
  queue,
  jobIds,
  clock,
  signal,
  ...watcher
}: Wait): Promise<ReadonlyMap<string, JobEnded>> {
  const pending = new Set(jobIds);
  const total = pending.size;
  const ended = new Map<string, JobEnded>();
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const end = (jobId: string, how: JobEnded): void => {
    if (!pending.delete(jobId)) return;
    ended.set(jobId, how);
    watcher.onEnded(ended.size, total);
    if (pending.size === 0) over.abort();
  };
  // From the last event on, not from "now": what ends between the first look and the first read is not missed.
  const [last] = await redis.xrevrange(queue.toKey("events"), "+", "-", "COUNT", 1);
  const events = new QueueEvents(queue.name, { connection: queueConnection(redisUrl), lastEventId: last?.[0] ?? "0-0" });
  events.on("error", () => {});
  events.on("completed", ({ jobId }) => end(jobId, { kind: "done" }));
  events.on("failed", ({ jobId, failedReason }) => end(jobId, failure(failedReason)));
  try {
    let isTroubled = false;
    while (pending.size > 0 && !stop.aborted) {
      try {
        await look(redis, queue, pending, end);
      } catch {
        if (!isTroubled) watcher.onTrouble();
        isTroubled = true;
      }
      await clock.sleep(LOOK_MS, stop).catch(() => undefined);
    }
  } finally {
    await events.close().catch(() => undefined);
  }
  return ended;
}

const failure = (reason: string | null): JobEnded => ({ kind: "failed", cause: causeOf(reason ?? undefined), message: messageOf(reason) });

async function look(redis: Redis, queue: Queue, pending: ReadonlySet<string>, end: (jobId: string, how: JobEnded) => void): Promise<void> {
  for (const jobId of [...pending]) {
    const state = await queue.getJobState(jobId);
    if (state === "completed") end(jobId, { kind: "done" });
    else if (state === "failed") end(jobId, failure(await redis.hget(queue.toKey(jobId), "failedReason")));
    else if (state === "unknown")
      end(jobId, {
        kind: "failed",
        cause: "unknown",
        message: "the job is no longer in the queue: npm run validate -- --forgotten puts it back",
      });
  }
}
