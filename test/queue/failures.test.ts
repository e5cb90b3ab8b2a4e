import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, beforeEach, describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { FAULT_KINDS } from "../../src/core/fault.ts";
import { canSucceedLater } from "../../src/policy/reaction.ts";
import { type FailureFilter, reenqueue, reenqueueFailures } from "../../src/queue/failures.ts";
import { killed, tracked } from "../support/children.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { failWith, payloadNamed, testQueues, work } from "./failing.ts";

const ALL: FailureFilter = { causes: new Set(), since: undefined };
const rest = { filter: ALL, limit: Number.POSITIVE_INFINITY, signal: new AbortController().signal, onStep() {} };
const STALLING = fileURLToPath(new URL("stalling-worker.ts", import.meta.url));

describe("failed jobs", () => {
  let redis: TestRedis;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());
  beforeEach(async () => {
    await redis.connect().flushall();
  });

  it("are put back exactly when their cause can be mended without changing them", async (test) => {
    const here = testQueues(test, redis);
    await failWith(redis, here, Object.fromEntries(FAULT_KINDS.map((kind) => [kind, `${kind}: what it was`])));
    const done = await reenqueueFailures({ ...here.where, ...rest });
    assert.deepEqual(new Set(done.jobs.map(({ cause }) => cause)), new Set(FAULT_KINDS.filter(canSucceedLater)));
    assert.deepEqual(
      new Set(done.skipped.map(({ cause, why }) => `${cause} ${why}`)),
      new Set(FAULT_KINDS.filter((kind) => !canSucceedLater(kind)).map((kind) => `${kind} cannot-succeed-unchanged`)),
    );
    assert.equal(done.considered, FAULT_KINDS.length);
    assert.deepEqual(new Set(done.jobs.map(({ message }) => message)), new Set(["what it was"]));
    assert.equal(await here.queue.getWaitingCount(), done.jobs.length);
    assert.equal(await here.queue.getFailedCount(), done.skipped.length);
  });

  it("that no second run can mend are put back when a person says so, but none whose payload no worker would take", async (test) => {
    const here = testQueues(test, redis);
    const hopeless = FAULT_KINDS.filter((kind) => !canSucceedLater(kind));
    const [spoilt = ""] = await failWith(
      redis,
      here,
      Object.fromEntries(["spoilt", ...hopeless].map((kind) => [kind, `${kind}: what it was`])),
    );
    await here.client.hset(here.queue.toKey(spoilt), "data", "{}");
    const done = await reenqueueFailures({ ...here.where, ...rest, anyway: true });
    assert.deepEqual(new Set(done.jobs.map(({ cause }) => cause)), new Set(hopeless));
    assert.deepEqual(
      done.skipped.map(({ jobId, why }) => [jobId, why]),
      [[spoilt, "cannot-succeed-unchanged"]],
    );
    assert.equal(await here.queue.getWaitingCount(), hopeless.length);
  });

  it("have all their attempts again, and their old ones are forgotten", async (test) => {
    const here = testQueues(test, redis);
    const { jobId } = await here.queues.enqueue("validation", payloadNamed("a"));
    let runs = 0;
    const fail = async (): Promise<void> => {
      runs += 1;
      throw new Error("server-error: the vendor has a bad day");
    };
    await work(redis, 1, fail);
    assert.equal(runs, 3);
    await reenqueueFailures({ ...here.where, ...rest });
    assert.equal((await here.queue.getJob(jobId))?.attemptsMade, 0);
    await work(redis, 1, fail);
    assert.equal(runs, 6);
    await reenqueueFailures({ ...here.where, ...rest });
    await work(redis, 1, async () => ({ kind: "valid" }));
    assert.equal(await (await here.queue.getJob(jobId))?.isCompleted(), true);
  });

  it("of a worker that was killed run again, and their earlier stalls count no more", async (test) => {
    const here = testQueues(test, redis);
    const { jobId } = await here.queues.enqueue("validation", payloadNamed("a"));
    await takeAndDie(test, redis);
    await work(redis, 1, async () => ({}), { stalledInterval: 50, maxStalledCount: 0 });
    const [failed] = await here.list();
    assert.deepEqual([failed?.jobId, failed?.cause], [jobId, "stalled"]);
    assert.equal((await here.queue.getJob(jobId))?.stalledCounter, 1);
    const done = await reenqueueFailures({ ...here.where, ...rest });
    assert.equal(done.jobs.length, 1);
    // One death is allowed now, and there is one: with the old count kept, it would fail without having run.
    await takeAndDie(test, redis);
    const [ended] = await work(redis, 1, async () => ({ ran: true }), { stalledInterval: 50, maxStalledCount: 1 });
    assert.deepEqual(ended?.returnvalue, { ran: true });
  });

  it("with a damaged record are named and left alone, and the others are put back all the same", async (test) => {
    const here = testQueues(test, redis);
    const reason = "unknown: nobody foresaw it";
    const names = ["data", "options", "gone", "other-type", "no-payload", "good"];
    const ids = await failWith(redis, here, Object.fromEntries(names.map((name) => [name, reason])));
    const key = (index: number): string => here.queue.toKey(ids[index] ?? "");
    await here.client.hset(key(0), "data", '{"contribution":');
    await here.client.hset(key(1), "opts", "{{");
    await here.client.del(key(2));
    await here.client.set(key(3), "a string");
    await here.client.hset(key(4), "data", "null");
    const done = await reenqueueFailures({ ...here.where, ...rest });
    assert.deepEqual(
      done.jobs.map(({ jobId }) => jobId),
      [ids[5]],
    );
    const why = new Map(done.skipped.map((one) => [one.jobId, one.why]));
    assert.deepEqual(
      ids.slice(0, 5).map((id) => why.get(id)),
      ["unreadable", "unreadable", "unreadable", "unreadable", "cannot-succeed-unchanged"],
    );
  });

  it("that failed again at once are not put back a second time by a run that had listed them before", async (test) => {
    const here = testQueues(test, redis);
    await failWith(redis, here, { a: "unauthorized: the key is refused" });
    const [seenByBoth] = await here.list();
    assert.ok(seenByBoth);
    assert.equal(await reenqueue(here.where, seenByBoth), undefined);
    assert.equal(await reenqueue(here.where, seenByBoth), "taken-by-another-run");
    await failAgain(redis);
    assert.equal(await reenqueue(here.where, seenByBoth), "taken-by-another-run");
    // Also when the claim of the first run has ended.
    await here.client.del(...(await here.client.keys("ecluse:reenqueued:*")));
    assert.equal(await reenqueue(here.where, seenByBoth), "taken-by-another-run");
    const [failedAnew] = await here.list();
    assert.ok(failedAnew);
    assert.equal(await reenqueue(here.where, failedAnew), undefined);
  });

  it("are chosen by cause, by time and by number, and a dry run changes nothing", async (test) => {
    const here = testQueues(test, redis);
    const ids = await failWith(redis, here, { a: "unauthorized: no", b: "model-missing: pull it", c: "unauthorized: no" });
    const key = here.queue.toKey("failed");
    for (const [index, id] of ids.entries()) await here.client.zadd(key, 1_000 * (index + 1), id);
    const chosen = async (more: object): Promise<readonly string[]> =>
      (await reenqueueFailures({ ...here.where, ...rest, dryRun: true, ...more })).jobs.map(({ jobId }) => jobId);
    assert.deepEqual(await chosen({}), ids);
    assert.deepEqual(await chosen({ filter: { ...ALL, causes: new Set(["unauthorized"]) } }), [ids[0], ids[2]]);
    assert.deepEqual(await chosen({ filter: { ...ALL, since: new Date(2_000) } }), [ids[1], ids[2]]);
    assert.deepEqual(await chosen({ limit: 1 }), [ids[0]]);
    assert.deepEqual(await chosen({ signal: AbortSignal.abort() }), []);
    assert.equal(await here.queue.getFailedCount(), 3);
    assert.deepEqual(await here.client.keys("ecluse:*"), []);
  });
});

/** A worker takes the one job of the queue and is killed with it; its hold on the job is over when this settles. */
async function takeAndDie(test: TestContext, redis: TestRedis): Promise<void> {
  const child = tracked(spawn(process.execPath, [STALLING, redis.url], { stdio: ["ignore", "pipe", "inherit"] }));
  test.after(() => killed(child));
  await once(child.stdout, "data");
  await killed(child);
}

async function failAgain(redis: TestRedis): Promise<void> {
  await work(redis, 1, async () => {
    throw Object.assign(new Error("unauthorized: still refused"), { name: "UnrecoverableError" });
  });
}
