import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { leaseBroker } from "../../src/lock/broker.ts";
import type { SlotScripts } from "../../src/lock/scripts.ts";
import { asks, KEY, lockBench, slotOn } from "./bench.ts";

const bench = lockBench();
const LONG_MS = 60_000;

/** A lock that counts what it sends, and tells when a waiter stands in line. */
function counted(leaseMs = LONG_MS) {
  const slot = slotOn(bench.ours, leaseMs);
  const sent = { ask: 0, renew: 0 };
  const inLine = Promise.withResolvers<string>();
  const scripts: SlotScripts = {
    ...slot.scripts,
    async ask(value, priority, mayWait) {
      sent.ask += 1;
      const asked = await slot.scripts.ask(value, priority, mayWait);
      if (asked.kind === "taken" && asked.place > 0) inLine.resolve(value);
      return asked;
    },
    async renew(value, unit) {
      sent.renew += 1;
      return await slot.scripts.renew(value, unit);
    },
  };
  const broker = leaseBroker({ slots: { ollama: { ...slot, scripts } }, clock: systemClock, leaseMs });
  return { broker, sent, inLine: inLine.promise, channel: scripts.channel };
}

const held = (value: string) => bench.redis.set(KEY, value, "PX", LONG_MS);

describe("a lock that is handed to the next in line", () => {
  it("lets the work begin before another word to Redis, and meanwhile gets its full length", async () => {
    const first = counted();
    const done = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const holding = first.broker.withLease("ollama", asks("first"), async () => {
      entered.resolve();
      await done.promise;
    });
    await entered.promise;
    const next = counted();
    const working = next.broker.withLease("ollama", asks("next"), async (lease) => {
      const renewedBefore = next.sent.renew;
      const leftMs = async () => await bench.redis.pttl(KEY);
      while ((await leftMs()) <= 5_000);
      return { asked: next.sent.ask, renewedBefore, renewed: next.sent.renew, fence: lease.fence, value: lease.holder };
    });
    const value = await next.inLine;
    const askedInLine = next.sent.ask;
    done.resolve();
    await holding;
    const got = await working;
    assert.ok(got.kind === "held");
    assert.deepEqual([got.value.asked, got.value.renewedBefore, got.value.renewed, got.value.value], [askedInLine, 0, 1, value]);
    assert.equal(got.value.fence, Number(await bench.redis.get(`${KEY}:fence`)));
  });

  it("is not believed from a call that is as old as the last look: then Redis is asked, and says who has it", async () => {
    await held("somebody else");
    await bench.redis.set(`${KEY}:fence`, "7");
    const waiter = counted();
    let hasWorked = false;
    const end = new AbortController();
    const working = waiter.broker.withLease("ollama", asks("waiter", { signal: end.signal }), async () => {
      hasWorked = true;
    });
    const value = await waiter.inLine;
    const before = waiter.sent.ask;
    await bench.redis.publish(waiter.channel, `7 ${KEY} ${value}`);
    while (waiter.sent.ask === before) await bench.redis.ping();
    end.abort(new Error("enough"));
    await assert.rejects(working, /enough/);
    assert.equal(hasWorked, false);
  });

  it("is lost at once when the key turns out not to be ours: the work is told to stop and its result refused", async () => {
    await held("somebody else");
    const waiter = counted();
    const working = waiter.broker.withLease(
      "ollama",
      asks("waiter"),
      (lease) => new Promise<string>((resolve) => lease.signal.addEventListener("abort", () => resolve("late"))),
    );
    const value = await waiter.inLine;
    await bench.redis.publish(waiter.channel, `9 ${KEY} ${value}`);
    await assert.rejects(working, { kind: "lease-lost" });
  });
});
