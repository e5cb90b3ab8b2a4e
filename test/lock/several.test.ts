import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import type { LeaseBroker } from "../../src/core/lease.ts";
import { leaseBroker, type Slot } from "../../src/lock/broker.ts";
import { asks, isFault, KEY, lockBench, slotOn } from "./bench.ts";

const bench = lockBench();
const NAMES = ["ollama", "ollama-2"] as const;
const KEYS = [KEY, `${KEY}@2`] as const;
const LEASE_MS = 60_000;

const twoSlots = (): Readonly<Record<string, Slot>> =>
  Object.fromEntries(NAMES.map((name, index) => [name, slotOn(bench.redis, LEASE_MS, { locks: [KEYS[index] ?? KEY] })]));
const brokerOf = (slots = twoSlots()): LeaseBroker => leaseBroker({ slots, clock: systemClock, leaseMs: LEASE_MS, foreignPollMs: 10 });

/** A caller that is inside until it is told. */
async function enter(broker: LeaseBroker, slots: string | readonly string[], name: string) {
  const [entered, told] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
  const ended = broker.withLease(slots, asks(name), async (lease) => {
    entered.resolve(lease.slot);
    await told.promise;
    return lease.slot;
  });
  const leave = () => {
    told.resolve();
    return ended;
  };
  return { slot: await entered.promise, leave };
}

const inLines = async (): Promise<number> => {
  const [first, second] = await Promise.all(KEYS.map((key) => bench.redis.zcard(`${key}:line`)));
  return (first ?? 0) + (second ?? 0);
};

describe("two local models on two machines", () => {
  it("are both used: the first that is free is taken, the first one named when both are", async () => {
    const broker = brokerOf();
    const [one, other] = [await enter(broker, NAMES, "a"), await enter(broker, NAMES, "b")];
    assert.deepEqual([one.slot, other.slot], ["ollama", "ollama-2"]);
    await one.leave();
    assert.equal(await enter(broker, NAMES, "c").then(({ slot, leave }) => leave().then(() => slot)), "ollama");
    await other.leave();
  });

  for (const [index, name] of NAMES.entries()) {
    it(`are waited for at once: the caller gets ${name} as soon as that one is free, and stands in no line any more`, async () => {
      const broker = brokerOf();
      const inside = [await enter(broker, NAMES, "a"), await enter(broker, NAMES, "b")];
      const startedAt = performance.now();
      const waiter = enter(broker, NAMES, "c");
      while ((await inLines()) < 2);
      await inside[index]?.leave();
      const { slot, leave } = await waiter;
      assert.equal(slot, name);
      assert.ok(performance.now() - startedAt < 1_000, "it was woken, not found by its own look");
      await leave();
      assert.equal(await inLines(), 0);
      await inside[1 - index]?.leave();
      assert.deepEqual(await bench.redis.mget(...KEYS), [null, null]);
    });
  }

  it("are never both kept by a caller to whom both are handed in the same moment: the second goes on at once", async () => {
    const slots = twoSlots();
    const broker = brokerOf(slots);
    const inside = [await enter(broker, NAMES, "a"), await enter(broker, NAMES, "b")];
    const waiter = enter(broker, NAMES, "c");
    while ((await inLines()) < 2);
    const behind = KEYS.map((_, index) => enter(broker, NAMES[index] ?? "", `behind ${index}`));
    while ((await inLines()) < 4);
    await Promise.all(inside.map((one) => one.leave()));
    const { slot, leave } = await waiter;
    const freed = behind[slot === "ollama" ? 1 : 0];
    // It gets the one that was handed to somebody who had the other, long before a hand-over that is not claimed ends (5 s).
    const startedAt = performance.now();
    await (await freed)?.leave();
    assert.ok(performance.now() - startedAt < 1_000);
    await leave();
    for (const one of behind) await (await one).leave();
    assert.deepEqual([await bench.redis.mget(...KEYS), await inLines()], [[null, null], 0]);
  });

  it("let nobody meet at either of them: of forty callers each finds the one it got empty", async () => {
    const [one, other] = [brokerOf(), brokerOf()];
    const turn = (broker: LeaseBroker) =>
      broker.withLease(NAMES, asks("turn", { waitMs: 60_000 }), async ({ slot }) => {
        const inside = await bench.redis.incr(`inside ${slot}`);
        await bench.redis.incr(`served ${slot}`);
        await bench.redis.decr(`inside ${slot}`);
        return inside;
      });
    const ended = await Promise.all(Array.from({ length: 40 }, (_, index) => turn(index % 2 ? one : other)));
    assert.ok(ended.every((answer) => answer.kind === "held" && answer.value === 1));
    const served = (await bench.redis.mget(...NAMES.map((name) => `served ${name}`))).map(Number);
    assert.ok((served[0] ?? 0) + (served[1] ?? 0) === 40 && Math.min(...served) > 0, `${served}`);
  });

  it("are both named busy by the one that is free first, once a caller's patience is spent", async () => {
    await bench.redis.set(KEYS[0], "long", "PX", 60_000);
    await bench.redis.set(KEYS[1], "short", "PX", 30_000);
    const answer = await brokerOf().withLease(NAMES, asks("a", { waitMs: 50 }), () => assert.fail("must not start"));
    assert.ok(answer.kind === "busy" && answer.holder === "short" && answer.freeAt !== undefined);
    assert.ok(answer.freeAt.getTime() - Date.now() < 31_000);
    assert.equal(await inLines(), 0);
  });

  it("are both left at once by a caller who gives up", async () => {
    const broker = brokerOf();
    const inside = [await enter(broker, NAMES, "a"), await enter(broker, NAMES, "b")];
    const giveUp = new AbortController();
    const waiter = broker.withLease(NAMES, asks("c", { signal: giveUp.signal }), () => assert.fail("must not start"));
    while ((await inLines()) < 2);
    giveUp.abort(new Fault("cancelled", "stop"));
    await assert.rejects(waiter, isFault("cancelled"));
    assert.equal(await inLines(), 0);
    await Promise.all(inside.map((one) => one.leave()));
  });

  it("are refused by name when there is no such one", async () => {
    await assert.rejects(
      brokerOf().withLease([...NAMES, "ollama-3"], asks("a"), async () => {}),
      isFault("misconfigured"),
    );
  });
});
