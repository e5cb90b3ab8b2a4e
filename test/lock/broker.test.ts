import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import type { Lease } from "../../src/core/lease.ts";
import { leaseBroker } from "../../src/lock/broker.ts";
import { ownerValue } from "../../src/lock/owner.ts";
import { asks, brokerOn, holderProcess, isFault, KEY, LEASE_MS, lockBench, slotOn, untilLost } from "./bench.ts";
import { takeTurns } from "./turns.ts";

const bench = lockBench();

describe("the line for the one local model", () => {
  it("lets one of forty callers in at a time, in two processes", async () => {
    const other = holderProcess(bench, "turns", { count: 20, leaseMs: 60_000 });
    const overlaps = await takeTurns(brokerOn(bench.redis, { leaseMs: 60_000 }), bench.redis, { count: 20, permits: 1 });
    assert.deepEqual([overlaps, await other.says(), await bench.redis.get("served")], [0, "overlaps 0", "40"]);
  });

  it("lets a person in before documents, and each in order of arrival, but sends nobody away who is inside", async () => {
    const slot = slotOn(bench.redis);
    await slot.wake.listen();
    const broker = leaseBroker({ slots: { ollama: slot }, clock: systemClock, leaseMs: LEASE_MS });
    const order: string[] = [];
    const enter = (name: string, priority: number) =>
      broker.withLease("ollama", asks(name, { priority }), async () => void order.push(name));
    await Promise.all([enter("first", 10), enter("doc 1", 10), enter("person 1", 1), enter("doc 2", 10), enter("person 2", 1)]);
    assert.deepEqual(order, ["first", "person 1", "person 2", "doc 1", "doc 2"]);
  });

  it("says who holds the model and until when, once a caller's patience is spent", async () => {
    await bench.redis.set(KEY, "an 8-year-old script", "PX", 60_000);
    const before = Date.now();
    const answer = await brokerOn(bench.redis).withLease("ollama", asks("b", { waitMs: 100 }), () => assert.fail("must not start"));
    assert.ok(answer.kind === "busy" && answer.holder === "an 8-year-old script" && answer.freeAt !== undefined);
    assert.ok(Math.abs(answer.freeAt.getTime() - before - 60_000) < 1_000);
    assert.ok(answer.waitedMs >= 99 && answer.waitedMs < 1_000, `${answer.waitedMs}`);
  });

  it("names the job and the process when one of ours holds it", async () => {
    await bench.redis.set(KEY, ownerValue("audierne-docs.document-1"), "PX", 60_000);
    const answer = await brokerOn(bench.redis).withLease("ollama", asks("b", { waitMs: 0 }), () => assert.fail("must not start"));
    assert.match(answer.kind === "busy" ? answer.holder : "", new RegExp(`^audierne-docs.document-1 \\(.+, pid ${process.pid}\\)$`));
  });

  it("is left at once by a caller who gives up, and the one behind moves up", async () => {
    const broker = brokerOn(bench.redis);
    const [inside, giveUp] = [Promise.withResolvers<void>(), new AbortController()];
    const first = broker.withLease("ollama", asks("first"), () => inside.promise);
    const second = broker.withLease("ollama", asks("second", { signal: giveUp.signal }), () => assert.fail("must not start"));
    const third = broker.withLease("ollama", asks("third"), async () => "third");
    giveUp.abort(new Fault("cancelled", "stop"));
    await assert.rejects(second, isFault("cancelled"));
    inside.resolve();
    assert.deepEqual([(await first).kind, (await third).kind], ["held", "held"]);
  });

  it("is left at once by a caller who gives up while a foreign program holds the model", async () => {
    await bench.redis.set(KEY, "me");
    const giveUp = new AbortController();
    const broker = brokerOn(bench.redis, {
      onEvent: ({ kind }) => void (kind === "foreign" && giveUp.abort(new Fault("cancelled", "stop"))),
    });
    await assert.rejects(
      broker.withLease("ollama", asks("b", { signal: giveUp.signal }), () => assert.fail("must not start")),
      isFault("cancelled"),
    );
    assert.equal(await bench.redis.get(KEY), "me");
  });

  it("starts nothing for a caller who gave up while Redis was granting it the model", async () => {
    const giveUp = new AbortController();
    const { scripts, wake } = slotOn(bench.redis);
    const ask: typeof scripts.ask = async (...asked) => {
      const answer = await scripts.ask(...asked);
      giveUp.abort(new Fault("cancelled", "stop"));
      return answer;
    };
    const broker = leaseBroker({ slots: { ollama: { scripts: { ...scripts, ask }, wake } }, clock: systemClock, leaseMs: LEASE_MS });
    const asked = broker.withLease("ollama", asks("b", { signal: giveUp.signal }), async () => assert.fail("must not start"));
    await assert.rejects(asked, isFault("cancelled"));
    assert.equal(await bench.redis.get(KEY), null);
  });
});

describe("a lease of 600 ms", () => {
  it("is renewed for as long as the work takes, and its result is accepted", async () => {
    const broker = brokerOn(bench.redis);
    const work = async (lease: Lease) => {
      await systemClock.sleep(3 * LEASE_MS, lease.signal);
      return await bench.redis.get(KEY);
    };
    const answer = await broker.withLease("ollama", asks("a"), work);
    assert.match(answer.kind === "held" ? `${answer.value}` : "", /^ecluse\|/);
    assert.equal(await bench.redis.get(KEY), null);
  });

  for (const [what, meddle, left] of [
    ["deletes", () => bench.redis.del(KEY), null],
    ["overwrites", () => bench.redis.set(KEY, "me"), "me"],
    ["takes after deleting", () => bench.redis.multi().del(KEY).set(KEY, "me", "EX", 60, "NX").exec(), "me"],
  ] as const) {
    it(`is dropped within half a second when a foreign program ${what} it: the call is told, its answer refused, the foreign key stays`, async () => {
      let toldAfterMs = Number.POSITIVE_INFINITY;
      const held = brokerOn(bench.redis).withLease("ollama", asks("a"), async (lease) => {
        await meddle();
        const startedAt = performance.now();
        await untilLost(lease);
        toldAfterMs = performance.now() - startedAt;
        assert.ok(isFault("lease-lost")(lease.signal.reason));
        return "late";
      });
      await assert.rejects(held, isFault("lease-lost"));
      assert.ok(toldAfterMs < 500, `${toldAfterMs} ms`);
      assert.equal(await bench.redis.get(KEY), left);
    });
  }

  it("is dropped by our own clock before it ends when Redis hangs, and the late answer is refused", async () => {
    let heldForMs = 0;
    const held = brokerOn(bench.redis).withLease("ollama", asks("a"), async (lease) => {
      const startedAt = performance.now();
      bench.server.signal("SIGSTOP");
      await untilLost(lease);
      heldForMs = performance.now() - startedAt;
      bench.server.signal("SIGCONT");
    });
    await assert.rejects(held, isFault("lease-lost"));
    assert.ok(heldForMs < LEASE_MS, `${heldForMs} ms`);
  });

  it("is dropped by our own clock before it ends when Redis is killed, and nobody starts until Redis is back", async () => {
    const broker = brokerOn(bench.ours);
    let heldForMs = 0;
    const held = broker.withLease("ollama", asks("a"), async (lease) => {
      const startedAt = performance.now();
      await bench.server.kill();
      await untilLost(lease);
      heldForMs = performance.now() - startedAt;
    });
    await assert.rejects(held, isFault("lease-lost"));
    assert.ok(heldForMs < LEASE_MS, `${heldForMs} ms`);
    const refused = broker.withLease("ollama", asks("b"), () => assert.fail("must not start"));
    await assert.rejects(refused, isFault("redis-unavailable"));
    await bench.server.restart();
    if (bench.ours.status !== "ready") await once(bench.ours, "ready");
    assert.equal((await broker.withLease("ollama", asks("c"), async () => "done")).kind, "held");
  });

  it("is proved before an answer counts, even when the whole process stood still past its end and no timer could fire", async () => {
    const held = brokerOn(bench.redis).withLease("ollama", asks("a"), async () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LEASE_MS + 100);
      return "late";
    });
    await assert.rejects(held, isFault("lease-lost"));
  });
});
