import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import type { LeaseEvent } from "../../src/core/lease.ts";
import { guardAddress, type Patience, takeGuard } from "../../src/lock/guard.ts";
import { killed } from "../support/children.ts";
import { asks, brokerOn, holderProcess, isFault, KEY, LEASE_MS, lockBench } from "./bench.ts";
import { occupy, startResource } from "./resource.ts";

const bench = lockBench();
/** Of this run's own: other tests on this machine guard the same places. */
const GUARD = `guard.test ${process.pid}`;
const forEver = new AbortController().signal;
const patience = (more: Partial<Patience> = {}): Patience => ({ ms: 10_000, signal: forEver, onTaken() {}, ...more });

for (const platform of ["linux", "darwin"] as const) {
  describe(`the lock that the kernel keeps, ${platform === "linux" ? "as Linux has it" : "as other systems have it: a port of this machine"}`, () => {
    const address = guardAddress(GUARD, platform);

    it("is had by one of fifty that want it at once, and each of them gets it in the end", async () => {
      let [inside, most, served] = [0, 0, 0];
      const turn = async () => {
        const giveBack = await takeGuard(address, patience());
        inside += 1;
        most = Math.max(most, inside);
        await new Promise(setImmediate);
        inside -= 1;
        served += 1;
        giveBack?.();
      };
      await Promise.all(Array.from({ length: 50 }, turn));
      assert.deepEqual([most, served], [1, 50]);
    });

    it("stays with a process that is stopped, and is free the moment that one is killed", async () => {
      const other = holderProcess(bench, "guard", { guard: GUARD, platform });
      assert.equal(await other.says(), "held");
      other.child.kill("SIGSTOP");
      assert.equal(await takeGuard(address, patience({ ms: 300 })), undefined);
      const waiting = Promise.withResolvers<void>();
      const waiter = takeGuard(address, patience({ onTaken: () => waiting.resolve() }));
      await waiting.promise;
      await killed(other.child);
      const killedAt = performance.now();
      const giveBack = await waiter;
      assert.ok(performance.now() - killedAt < 1_000);
      giveBack?.();
    });

    it("goes at once to who waits for it when a process that was stopped comes back and gives it up", async () => {
      const other = holderProcess(bench, "guard", { guard: GUARD, platform });
      assert.equal(await other.says(), "held");
      other.child.kill("SIGSTOP");
      const waiting = Promise.withResolvers<void>();
      const waiter = takeGuard(address, patience({ onTaken: () => waiting.resolve() }));
      await waiting.promise;
      const gone = once(other.child, "exit");
      other.tell();
      other.child.kill("SIGCONT");
      assert.equal(await other.says(), "given back");
      const givenAt = performance.now();
      (await waiter)?.();
      assert.ok(performance.now() - givenAt < 500);
      await gone;
    });

    it("is waited for no longer than the caller wants to", async () => {
      const giveBack = await takeGuard(address, patience());
      const giveUp = new AbortController();
      const waiter = takeGuard(address, patience({ signal: giveUp.signal, onTaken: () => giveUp.abort(new Fault("cancelled", "stop")) }));
      await assert.rejects(waiter, isFault("cancelled"));
      giveBack?.();
      const next = await takeGuard(address, patience({ ms: 0 }));
      assert.ok(next !== undefined);
      next();
    });
  });
}

describe("a port that another program of this machine uses", () => {
  it("is waited for without a storm of tries, however fast that program hangs up", async () => {
    const stranger = createServer((visitor) => visitor.destroy()).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const { port } = stranger.address() as { port: number };
    let tries = 0;
    const countUp = () => {
      tries += 1;
    };
    const address = { words: "", listen: { port, host: "127.0.0.1" } };
    assert.equal(await takeGuard(address, patience({ ms: 400, onTaken: countUp })), undefined);
    assert.ok(tries >= 2 && tries <= 12, `${tries} tries`);
    stranger.close();
  });
});

describe("a worker that is stopped past its lease while it uses the local model", () => {
  let resource: Awaited<ReturnType<typeof startResource>>;
  before(async () => {
    resource = await startResource();
  });
  beforeEach(async () => {
    resource.stop();
    resource = await startResource();
  });
  after(() => resource.stop());

  /** Another worker is stopped for two leases; we ask meanwhile. */
  async function stopAndAsk(guard: string | undefined, events: LeaseEvent[] = []) {
    const choice = guard === undefined ? {} : { guard };
    const other = holderProcess(bench, "occupy", { resource: resource.port, ...choice });
    assert.equal(await other.says(), "held");
    other.child.kill("SIGSTOP");
    const stopped = performance.now();
    const broker = brokerOn(bench.redis, { choice, alarmMs: LEASE_MS / 2, onEvent: (event) => events.push(event) });
    const asked = broker.withLease("ollama", asks("a"), () => occupy(resource.port, Promise.resolve()));
    await past(stopped + 2 * LEASE_MS);
    other.child.kill("SIGCONT");
    const answer = await asked;
    assert.equal(await other.says(), "refused lease-lost");
    assert.equal(await bench.redis.get(KEY), null);
    return answer;
  }

  it("is overtaken without the guard, which shows that Redis alone cannot do it", async () => {
    await stopAndAsk(undefined);
    assert.equal(resource.mostAtOnce(), 2);
  });

  it("is waited for with it: nobody is there beside him, we are told from then on, and his late answer is refused", async () => {
    const events: LeaseEvent[] = [];
    const answer = await stopAndAsk(GUARD, events);
    assert.ok(answer.kind === "held" && answer.waitedMs >= 2 * LEASE_MS - 100);
    assert.equal(resource.mostAtOnce(), 1);
    const told = events.filter(({ kind }) => kind === "outlived");
    assert.ok(told.length >= 2, `${told.length} times`);
    assert.deepEqual([...new Set(told.map(({ holder }) => holder))], [guardAddress(`${GUARD} 1`).words]);
    assert.deepEqual(
      events.filter(({ kind }) => kind === "lost"),
      [],
    );
  });

  it("keeps a caller no longer than its patience, and who gives up gives the key back", async () => {
    const other = holderProcess(bench, "occupy", { resource: resource.port, guard: GUARD });
    assert.equal(await other.says(), "held");
    other.child.kill("SIGSTOP");
    const answer = await brokerOn(bench.redis, { choice: { guard: GUARD } }).withLease("ollama", asks("a", { waitMs: 2 * LEASE_MS }), () =>
      assert.fail("must not start"),
    );
    assert.match(answer.kind === "busy" ? answer.holder : "", /^a stopped process \(.*ecluse-guard-/);
    assert.equal(await bench.redis.get(KEY), null);
    await killed(other.child);
  });

  it("is waited for only as long as our own lease lasts: who loses the key meanwhile does not start", async () => {
    const other = holderProcess(bench, "occupy", { resource: resource.port, guard: GUARD });
    assert.equal(await other.says(), "held");
    other.child.kill("SIGSTOP");
    const take = async (event: LeaseEvent): Promise<void> => {
      if (event.kind === "outlived") await bench.redis.set(KEY, "me");
    };
    const broker = brokerOn(bench.redis, { choice: { guard: GUARD }, onEvent: (event) => void take(event) });
    const asked = broker.withLease("ollama", asks("a"), () => assert.fail("must not start"));
    await assert.rejects(asked, isFault("lease-lost"));
    assert.equal(await bench.redis.get(KEY), "me");
    await killed(other.child);
  });

  it("costs a caller nothing who finds it free: it is given back before the key, and the next one does not wait", async () => {
    const events: LeaseEvent[] = [];
    const broker = brokerOn(bench.redis, { choice: { guard: GUARD }, onEvent: (event) => events.push(event) });
    await Promise.all(Array.from({ length: 20 }, (_, turn) => broker.withLease("ollama", asks(`${turn}`), async () => {})));
    assert.equal(events.filter(({ kind }) => kind === "released").length, 20);
    assert.equal(events.filter(({ kind }) => kind === "outlived").length, 0);
  });
});

/** Until this instant of the monotonic clock, by Redis: nothing here is done by a timer of ours. */
async function past(instant: number): Promise<void> {
  while (performance.now() < instant) await bench.redis.ping();
}
