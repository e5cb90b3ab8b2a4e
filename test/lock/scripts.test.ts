import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Redis } from "ioredis";
import { type LockScripts, lockScripts } from "../../src/lock/scripts.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

const KEY = "lock:ollama:global";

describe("the lock of the one local model", () => {
  let server: TestRedis;
  let redis: Redis;
  let lock: LockScripts;
  before(async () => {
    server = await startRedis();
    redis = server.connect(6);
    lock = lockScripts(redis);
  });
  beforeEach(() => redis.flushall());
  after(() => server.stop());
  const fenceOf = async (value: string): Promise<number> => {
    const acquired = await lock.acquire(KEY, value, 600_000);
    assert.ok(acquired.kind === "ours");
    return acquired.fence;
  };

  it("is a plain string with a TTL that any program can read", async () => {
    assert.equal((await lock.acquire(KEY, "a", 600_000)).kind, "ours");
    assert.equal(await redis.get(KEY), "a");
    assert.ok((await redis.pttl(KEY)) > 590_000);
  });
  it("is held by one of fifty that ask at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 50 }, (_, i) => lockScripts(i % 2 ? server.connect(6) : redis).acquire(KEY, `w${i}`, 1_000)),
    );
    assert.equal(asked.filter((answer) => answer.kind === "ours").length, 1);
  });
  it("is recognised as ours when the reply to the first call was lost", async () => {
    const first = await lock.acquire(KEY, "a", 600_000);
    assert.deepEqual(await lock.acquire(KEY, "a", 600_000), first);
  });
  it("is left alone when a foreign program holds it, with or without TTL", async () => {
    await redis.set(KEY, "me", "EX", 60, "NX");
    const taken = await lock.acquire(KEY, "a", 600_000);
    assert.ok(taken.kind === "taken" && taken.holder === "me" && (taken.leftMs ?? 0) > 50_000);
    assert.equal(await lock.release(KEY, "a"), false);
    assert.equal(await lock.renew(KEY, "a", 600_000), false);
    await redis.persist(KEY);
    assert.deepEqual(await lock.acquire(KEY, "a", 600_000), { kind: "taken", holder: "me", leftMs: undefined });
    assert.equal(await redis.get(KEY), "me");
  });
  it("is granted with a fence that grows from holder to holder", async () => {
    const first = await fenceOf("a");
    assert.equal(await lock.release(KEY, "a"), true);
    assert.equal(await fenceOf("b"), first + 1);
  });
  for (const [what, lose] of [
    ["the counter was lost", () => redis.del(`${KEY}:fence`)],
    ["Redis came back empty", () => redis.flushall()],
  ] as const) {
    it(`is granted with a fence that still grows when ${what}, held or free`, async () => {
      let last = await fenceOf("a");
      for (const value of ["a", "b"]) {
        await lose();
        const fence = await fenceOf(value);
        assert.ok(fence > last, `${fence} after ${last}`);
        last = fence;
        await lock.release(KEY, value);
      }
    });
  }
  it("lasts a whole lease again after a renewal", async () => {
    await lock.acquire(KEY, "a", 5_000);
    assert.equal(await lock.renew(KEY, "a", 600_000), true);
    assert.ok((await redis.pttl(KEY)) > 590_000);
  });
});
