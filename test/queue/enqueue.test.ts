import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Redis } from "ioredis";
import { jobDefinitions } from "../../jobs/index.ts";
import { readConfig } from "../../src/config.ts";
import { Fault } from "../../src/core/fault.ts";
import { queueConnection } from "../../src/queue/connection.ts";
import { openQueues, type Queues } from "../../src/queue/enqueue.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let redis: Redis;
let queues: Queues;
before(async () => {
  server = await startRedis();
  redis = server.connect();
  queues = openQueues(queueConnection(server.url), jobDefinitions(readConfig({})), () => {});
});
beforeEach(() => redis.flushall());
after(async () => {
  await queues.close();
  await server.stop();
});

const HASH = "a".repeat(64);
const DOCUMENT = { kind: "document", sha256: HASH, files: ["Délibération n° 12.pdf"] };
const invalid = (error: unknown) => error instanceof Fault && error.kind === "invalid-payload";
const keys = () => redis.keys("*");

describe("work that is put in line", () => {
  it("twice, by one or by two programs, is one job", async () => {
    const other = openQueues(queueConnection(server.url), jobDefinitions(readConfig({})), () => {});
    const added = await Promise.all([queues, other, queues, other].map((one) => one.enqueue("audierne-docs", DOCUMENT)));
    await other.close();
    assert.equal(new Set(added.map(({ jobId }) => jobId)).size, 1);
    assert.deepEqual(await queues.enqueue("audierne-docs", DOCUMENT), { kind: "already", jobId: added[0]?.jobId });
    assert.equal(await queues.queue("audierne-docs").getWaitingCount(), 1);
  });

  it("is another job when the document has other bytes or another name, and the same for any order of the fields", async () => {
    const id = async (payload: object) => (await queues.enqueue("audierne-docs", payload)).jobId;
    const [files, sha256, kind] = [DOCUMENT.files, HASH, "document"];
    assert.equal(await id({ files, sha256, kind }), await id(DOCUMENT));
    assert.notEqual(await id({ ...DOCUMENT, sha256: "b".repeat(64) }), await id(DOCUMENT));
    assert.notEqual(await id({ ...DOCUMENT, files: ["autre.pdf"] }), await id(DOCUMENT));
  });

  it("keeps an id that any queue takes, however the file or the contribution is called", async () => {
    const names = ["a:b.pdf", "12345", "../x.pdf", "n° 5 – é\n.pdf", "%C2%B0.pdf", "x".repeat(4_096)];
    for (const name of names) {
      for (const payload of [
        { ...DOCUMENT, files: [name] },
        { kind: "refused", file: name, reason: "it is a link" },
      ]) {
        const { jobId } = await queues.enqueue("audierne-docs", payload);
        assert.match(jobId, /^(document|refused)-[\w-]{12,40}$/);
      }
    }
    assert.match((await queues.enqueue("validation", { contribution: "12345", sha256: HASH })).jobId, /^contribution-12345-/);
  });

  it("that was done is put in line again only when asked for, and never while it waits or has failed", async () => {
    const queue = queues.queue("validation");
    const payload = { contribution: "c-1", sha256: HASH };
    const { jobId } = await queues.enqueue("validation", payload);
    assert.equal((await queues.enqueue("validation", payload, { again: true })).kind, "already");
    await redis.multi().lrem("bull:validation:wait", 0, jobId).zadd("bull:validation:completed", 1, jobId).exec();
    assert.equal((await queues.enqueue("validation", payload)).kind, "already");
    assert.equal((await queues.enqueue("validation", payload, { again: true })).kind, "added");
    assert.equal(await queue.getJobState(jobId), "waiting");
    await redis.multi().lrem("bull:validation:wait", 0, jobId).zadd("bull:validation:failed", 1, jobId).exec();
    assert.equal((await queues.enqueue("validation", payload, { again: true })).kind, "already");
  });

  it("keeps what went well for a week and what failed for ninety days, both bounded, and is tried three times", async () => {
    const { jobId } = await queues.enqueue("audierne-docs", DOCUMENT);
    const options = (await queues.queue("audierne-docs").getJob(jobId))?.opts;
    assert.deepEqual(
      [options?.removeOnComplete, options?.removeOnFail, options?.attempts],
      [{ age: 604_800, count: 5_000 }, { age: 7_776_000, count: 20_000 }, 3],
    );
  });
});

describe("what is not work", () => {
  const ids = { contribution: "c-1", sha256: HASH };
  for (const [what, name, payload] of [
    ["nothing", "validation", undefined],
    ["a text instead of ids", "validation", { ...ids, text: "Je propose un banc." }],
    ["a field of another version", "audierne-docs", { ...DOCUMENT, provider: "openai" }],
    ["a hash that is none", "validation", { ...ids, sha256: "../../etc/passwd" }],
    ["an id with a path in it", "validation", { ...ids, contribution: "../x" }],
    ["no file at all", "audierne-docs", { ...DOCUMENT, files: [] }],
    [
      "names for more than 64 KB",
      "audierne-docs",
      { ...DOCUMENT, files: Array.from({ length: 20 }, (_, i) => `${i}${"x".repeat(4_000)}`) },
    ],
    ["a day instead of an instant", "audierne-docs", { kind: "scan", instant: "tomorrow" }],
  ] as const) {
    it(`(${what}) is refused in words that name the fields, and leaves nothing in Redis`, async () => {
      await assert.rejects(queues.enqueue(name, payload), (error) => {
        assert.ok(invalid(error) && error instanceof Fault);
        assert.match(error.message, new RegExp(`^this is no ${name} job: `));
        assert.doesNotMatch(error.message, /banc|passwd|tomorrow|openai/);
        return true;
      });
      assert.deepEqual(
        (await keys()).filter((key) => !key.endsWith(":meta")),
        [],
      );
    });
  }

  it("for a queue that nobody knows is refused by its name, with the names there are", async () => {
    await assert.rejects(queues.enqueue("../etc", {}), (error) => invalid(error) && /audierne-docs, validation/.test(`${error}`));
  });
});
