import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LeaseBroker } from "../../src/core/lease.ts";
import { killed } from "../support/children.ts";
import { asks, brokerOn, holderProcess, KEY, LEASE_MS, lockBench, slotOn } from "./bench.ts";
import { takeTurns } from "./turns.ts";

const bench = lockBench();
const LOCKS = [KEY, `${KEY}:2`, `${KEY}:3`] as const;
const choice = { locks: LOCKS };

/** Callers that are inside until they are told. */
async function enter(broker: LeaseBroker, name: string) {
  const [entered, told] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  const ended = broker.withLease("ollama", asks(name), async (lease) => {
    entered.resolve(lease.holder);
    await told.promise;
  });
  const holder = await entered.promise;
  const values = await bench.redis.mget(...LOCKS);
  const leave = () => {
    told.resolve();
    return ended;
  };
  return { key: LOCKS[values.indexOf(holder)] ?? "none", leave };
}

describe("a local model that works on three requests at a time", () => {
  it("has never more than three inside, of sixty callers in two processes, and serves them all", async () => {
    const other = holderProcess(bench, "turns", { count: 30, leaseMs: 60_000, locks: LOCKS });
    const overlaps = await takeTurns(brokerOn(bench.redis, { leaseMs: 60_000, choice }), bench.redis, { count: 30, permits: 3 });
    assert.deepEqual([overlaps, await other.says(), await bench.redis.get("served")], [0, "overlaps 0", "60"]);
    assert.ok(Number(await bench.redis.get("saw 3")) > 0, "three were never inside at once");
  });

  it("lets three in at once, each on a key of its own, and the fourth as soon as one of them leaves", async () => {
    for (const unit of [0, 1, 2]) {
      const broker = brokerOn(bench.redis, { leaseMs: 60_000, choice });
      const inside = [await enter(broker, "a"), await enter(broker, "b"), await enter(broker, "c")];
      assert.deepEqual(new Set(inside.map(({ key }) => key)), new Set(LOCKS));
      const startedAt = performance.now();
      const fourth = enter(broker, "d");
      while ((await bench.redis.zcard(`${KEY}:line`)) === 0);
      await inside[unit]?.leave();
      const { key, leave } = await fourth;
      assert.equal(key, inside[unit]?.key);
      assert.ok(performance.now() - startedAt < 1_000, "it was woken, not found by its own look");
      await Promise.all([leave(), ...inside.map((one) => one.leave())]);
      assert.deepEqual(await bench.redis.mget(...LOCKS), [null, null, null]);
    }
  });

  it("renews each of the three for as long as its work takes", async () => {
    const lost: string[] = [];
    const broker = brokerOn(bench.redis, { choice, onEvent: ({ kind }) => void (kind === "lost" && lost.push(kind)) });
    const inside = [await enter(broker, "a"), await enter(broker, "b"), await enter(broker, "c")];
    const values = await bench.redis.mget(...LOCKS);
    const end = performance.now() + 2 * LEASE_MS;
    while (performance.now() < end) assert.deepEqual(await bench.redis.mget(...LOCKS), values);
    await Promise.all(inside.map((one) => one.leave()));
    assert.deepEqual(lost, []);
  });

  it("gets the place of a killed process back within seconds, whichever key that one had", async () => {
    const broker = brokerOn(bench.redis, { leaseMs: 600_000, choice: { locks: [LOCKS[0], LOCKS[1]] } });
    const first = await enter(broker, "first");
    const other = holderProcess(bench, "hold", { leaseMs: 600_000, locks: [LOCKS[0], LOCKS[1]] });
    assert.equal(await other.says(), "held");
    const next = enter(broker, "next");
    while ((await bench.redis.zcard(`${KEY}:line`)) === 0);
    await killed(other.child);
    const { key, leave } = await next;
    assert.equal(key, LOCKS[1]);
    await Promise.all([leave(), first.leave()]);
  });

  it("loses one place, not all, to a foreign program that holds the key it knows", async () => {
    await bench.redis.set(KEY, "me", "EX", 60);
    const broker = brokerOn(bench.redis, { choice });
    const inside = [await enter(broker, "a"), await enter(broker, "b")];
    const third = await broker.withLease("ollama", asks("c", { waitMs: 50 }), () => assert.fail("must not start"));
    assert.equal(third.kind, "busy");
    await Promise.all(inside.map((one) => one.leave()));
    assert.deepEqual(await bench.redis.mget(...LOCKS), ["me", null, null]);
  });

  it("leaves foreign programs their chance at the key they know only: the other places go on meanwhile", async () => {
    const { scripts } = slotOn(bench.redis, 60_000, { ...choice, foreignEveryMs: 60_000, foreignGapMs: 5_000 as never });
    for (const name of ["a", "b", "c"]) assert.equal((await scripts.ask(name, 1, true)).kind, "ours");
    for (const name of ["d", "e", "f"]) assert.equal((await scripts.ask(name, 1, true)).kind, "taken");
    // As if the last chance were a minute ago.
    const [seconds] = await bench.redis.time();
    await bench.redis.hset(`${KEY}:alive`, "chance", `${(Number(seconds) - 61) * 1_000}`);
    await scripts.release("a", 1);
    assert.deepEqual(await bench.redis.mget(...LOCKS), [null, "b", "c"]);
    await scripts.release("b", 2);
    assert.deepEqual(await bench.redis.mget(...LOCKS), [null, "d", "c"]);
    assert.equal((await scripts.ask("g", 1, true)).kind, "taken");
    assert.equal(await bench.redis.set(KEY, "me", "EX", 60, "NX"), "OK");
  });
});
