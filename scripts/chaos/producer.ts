import { setTimeout as pause } from "node:timers/promises";
import type { AnyJob } from "../../jobs/index.ts";
import { ValidationPayload } from "../../jobs/validation.ts";
import { queueConnection } from "../../src/queue/connection.ts";
import { openQueues } from "../../src/queue/enqueue.ts";
import { causeOf } from "../../src/queue/settle.ts";
import type { History, JobState } from "./history.ts";
import { hashOf, QUEUE } from "./same.ts";

export interface Producer {
  /** Adds jobs, so that workers always find some, until the signal. */
  produce(signal: AbortSignal): Promise<void>;
  /** Settles when nothing is left to do, or after `ms`. */
  drained(ms: number): Promise<void>;
  stateOf(job: string): Promise<{ readonly state: JobState; readonly cause?: string }>;
  close(): Promise<void>;
}

/** Jobs that any worker can take at once. Those of a killed worker wait for the queue to notice, and are no work for others. */
const AT_HAND = 6;
/** In all, so that what is left at the end can be worked off. */
const AT_MOST = 150;

export function newProducer(redisUrl: string, history: History): Producer {
  const queues = openQueues(queueConnection(redisUrl), [DEFINITION], () => {});
  const queue = queues.queue(QUEUE);
  const left = async () => {
    const { waiting = 0, delayed = 0, active = 0 } = await queue.getJobCounts("waiting", "delayed", "active");
    return { waiting, all: waiting + delayed + active };
  };
  let made = 0;
  return {
    async produce(signal) {
      while (!signal.aborted) {
        const { waiting, all } = await left();
        for (let missing = Math.min(AT_HAND - waiting, AT_MOST - all); missing > 0 && !signal.aborted; missing -= 1) {
          made += 1;
          const job = `job-${made}`;
          history.add({ e: "enqueue", job });
          await queues.enqueue(QUEUE, { contribution: job, sha256: hashOf(job) });
          history.add({ e: "ack", job });
        }
        await pause(100);
      }
    },
    async drained(ms) {
      for (const until = performance.now() + ms; performance.now() < until; await pause(100)) {
        if ((await left()).all === 0) return;
      }
    },
    async stateOf(id) {
      const job = await queue.getJob(id);
      const state = await job?.getState();
      if (job === undefined || state === "unknown" || state === undefined) return { state: "missing" };
      if (state === "failed") return { state, cause: causeOf(job.failedReason) };
      return { state: state === "completed" || state === "delayed" || state === "active" ? state : "waiting" };
    },
    async close() {
      await within(500, queues.close());
      // A client that says goodbye to a Redis that is gone would wait for it for ever.
      await within(500, queue.disconnect());
    },
  };
}

const within = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => {}), pause(ms, undefined, { ref: false })]);

/** As the worker's own, for who only adds to its queue. */
const DEFINITION: AnyJob = {
  name: QUEUE,
  payload: ValidationPayload,
  policy: { slotWaitMs: 0, runMs: 0, priority: 1, attempts: 5, backoffMs: 500, concurrency: 1 },
  jobId: (payload) => ValidationPayload.parse(payload).contribution,
  run: () => Promise.reject(new Error("the bench itself runs no job")),
};
