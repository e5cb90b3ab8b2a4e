import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { type Job, type Processor, UnrecoverableError, Worker } from "bullmq";
import { validation } from "../../jobs/validation.ts";
import { readConfig } from "../../src/config.ts";
import { queueConnection } from "../../src/queue/connection.ts";
import { type Enqueueable, openQueues } from "../../src/queue/enqueue.ts";
import { listFailures } from "../../src/queue/failures.ts";
import type { TestRedis } from "../support/redis.ts";

const definition = validation(readConfig({}));

/** The validation job, with a backoff that no test has to sit through. */
export const VALIDATION: Enqueueable = {
  ...definition,
  policy: { ...definition.policy, backoffMs: 1 },
  jobId: (payload) => definition.jobId(definition.payload.parse(payload)),
};

export const payloadNamed = (contribution: string) => ({
  contribution,
  sha256: createHash("sha256").update(contribution).digest("hex"),
});

/** The queues of this test, closed with it. */
export function testQueues(test: TestContext, redis: TestRedis, definitions: readonly Enqueueable[] = [VALIDATION]) {
  const queues = openQueues(queueConnection(redis.url), definitions, () => {});
  test.after(() => queues.close());
  const client = redis.connect();
  return {
    queues,
    client,
    queue: queues.queue("validation"),
    where: { redis: client, queues, definitions, dryRun: false },
    list: () => listFailures(client, [queues.queue("validation")], { causes: new Set(), since: undefined }),
  };
}

/** Runs what is in the queue with a real worker until `count` jobs have come to an end, then closes it. */
export async function work(redis: TestRedis, count: number, run: Processor, options: object = {}): Promise<readonly Job[]> {
  const worker = new Worker("validation", run, { connection: queueConnection(redis.url), concurrency: 20, ...options });
  worker.on("error", () => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended: Job[] = [];
  const end = (job: Job | undefined): void => {
    // A failed run that will be retried is no end yet.
    if (job?.finishedOn === undefined) return;
    ended.push(job);
    if (ended.length === count) resolve();
  };
  worker.on("completed", end);
  worker.on("failed", end);
  await promise;
  await worker.close();
  return ended;
}

/** Enqueues one job per reason and lets a worker fail it with that reason. @returns the jobs' ids, in that order */
export async function failWith(redis: TestRedis, { queues }: ReturnType<typeof testQueues>, reasons: Readonly<Record<string, string>>) {
  const ids: string[] = [];
  for (const name of Object.keys(reasons)) ids.push((await queues.enqueue("validation", payloadNamed(name))).jobId);
  await work(redis, ids.length, async (job) => {
    throw new UnrecoverableError(reasons[(job.data as { contribution: string }).contribution]);
  });
  return ids;
}
