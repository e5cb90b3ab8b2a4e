import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Job, Queue, QueueEvents, Worker } from "bullmq";
import { FAULT_KINDS, Fault, type FaultKind } from "../../src/core/fault.ts";
import type { JobOutcome } from "../../src/core/job.ts";
import { jobEnd } from "../../src/policy/reaction.ts";
import { queueConnection } from "../../src/queue/connection.ts";
import { causeOf, settle } from "../../src/queue/settle.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let queue: Queue;
let events: QueueEvents;
before(async () => {
  server = await startRedis();
  queue = new Queue("work", { connection: queueConnection(server.url) });
  events = new QueueEvents("work", { connection: queueConnection(server.url), lastEventId: "0-0" });
  await events.waitUntilReady();
});
beforeEach(() => queue.obliterate({ force: true }));
after(async () => {
  await queue.close();
  await events.close();
  await server.stop();
});

/** Runs one job of a real queue that ends so, once. @returns it as Redis has it then */
async function endedWith(outcome: JobOutcome<object>, attempts = 3): Promise<{ readonly state: string; readonly job: Job }> {
  const settled = Promise.withResolvers<void>();
  for (const kind of ["completed", "failed", "delayed"] as const) events.once(kind, () => settled.resolve());
  const worker = new Worker("work", (job, token) => settle(outcome, job, token, new Date()), { connection: queueConnection(server.url) });
  const { id = "" } = await queue.add("work", {}, { attempts, backoff: 60_000 });
  await settled.promise;
  await worker.close();
  events.removeAllListeners();
  return { state: await queue.getJobState(id), job: (await queue.getJob(id)) ?? assert.fail("the job is gone") };
}

const failing = (kind: FaultKind): JobOutcome<object> => ({ kind: "failed", fault: new Fault(kind, "what to do") });

describe("a job of which the run", () => {
  it("is done has its result", async () => {
    const { state, job } = await endedWith({ kind: "done", result: { verdict: "valid" } });
    assert.deepEqual([state, job.returnvalue], ["completed", { verdict: "valid" }]);
  });

  it("was put off comes back at its time, with all its attempts", async () => {
    const until = new Date(Date.now() + 3_600_000);
    const { state, job } = await endedWith({ kind: "postponed", until, why: "busy" }, 1);
    assert.deepEqual([state, job.attemptsMade, job.timestamp < until.getTime()], ["delayed", 0, true]);
    assert.ok(Math.abs(job.delay + Date.now() - until.getTime()) < 5_000, `${job.delay} ms`);
  });

  for (const kind of FAULT_KINDS) {
    const end = jobEnd(kind);
    const words = { postpone: "is put off, no attempt burned", retry: "is run again", fail: "has failed, with its cause" }[end];
    it(`ended with "${kind}" ${words}`, async () => {
      const { state, job } = await endedWith(failing(kind));
      const reason = end === "postpone" ? undefined : `${kind}: what to do`;
      assert.deepEqual(
        [state, job.attemptsMade, job.failedReason],
        [end === "fail" ? "failed" : "delayed", end === "postpone" ? 0 : 1, reason],
      );
    });
  }

  it("failed the last time it was allowed to has failed, and its record names no path of this machine", async () => {
    const { state, job } = await endedWith(failing("invalid-answer"), 1);
    assert.deepEqual([state, causeOf(job.failedReason)], ["failed", "invalid-answer"]);
    assert.doesNotMatch(JSON.stringify(job.stacktrace), /\.ts|\//);
  });
});

describe("the cause of a failure", () => {
  it("is read from what the queue keeps; what nobody of us wrote is unknown, never a guess", () => {
    for (const kind of FAULT_KINDS) assert.equal(causeOf(`${kind}: in words, with: colons`), kind);
    assert.equal(causeOf("job stalled more than allowable limit"), "stalled");
    for (const reason of [undefined, "", "Error: timed-out", "the model is busy", "timed out"]) assert.equal(causeOf(reason), "unknown");
  });
});
