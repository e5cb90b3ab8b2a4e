import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Redis } from "ioredis";
import { Fault } from "../../src/core/fault.ts";
import type { LeaseEvent } from "../../src/core/lease.ts";
import { ownerValue } from "../../src/lock/owner.ts";
import { killed } from "../support/children.ts";
import { startProxy } from "../support/proxy.ts";
import { asks, brokerOn, holderProcess, isFault, KEY, lockBench } from "./bench.ts";

const bench = lockBench();

describe("a lock that somebody else holds", () => {
  it("holds us off for exactly as long as it lives: our work starts when it ends, not before and not much later", async () => {
    await bench.redis.call("SET", KEY, "me", "PX", "700", "NX");
    const endsAtMs = Number(await bench.redis.call("PEXPIRETIME", KEY));
    const answer = await brokerOn(bench.redis).withLease("ollama", asks("a"), async () => {
      const [seconds, micros] = await bench.redis.time();
      return Number(seconds) * 1_000 + Number(micros) / 1_000;
    });
    const startedAtMs = answer.kind === "held" ? answer.value : 0;
    assert.ok(startedAtMs >= endsAtMs && startedAtMs < endsAtMs + 500, `${startedAtMs - endsAtMs} ms after its end`);
  });

  for (const value of [
    "me",
    "",
    "with spaces and é",
    "3fa85f64",
    "ecluse",
    "ecluse|not|ours",
    ownerValue("x").replace(/\|[^|]+\|/, "|elsewhere|"),
  ]) {
    it(`is never stolen when it has no TTL and says "${value.slice(0, 40)}"`, async () => {
      await bench.redis.set(KEY, value);
      const dead = value.replace(`|${process.pid}|`, "|4194303|");
      await bench.redis.set(KEY, dead);
      const answer = await brokerOn(bench.redis).withLease("ollama", asks("a", { waitMs: 50 }), () => assert.fail("must not start"));
      assert.ok(answer.kind === "busy" && answer.freeAt === undefined);
      assert.equal(await bench.redis.get(KEY), dead);
    });
  }

  it("is told of when it has no TTL: not for a moment between two commands of its holder, but then again and again, and once for all", async () => {
    const told: { readonly ms: number; readonly at: number }[] = [];
    const enough = new AbortController();
    const onEvent = (event: LeaseEvent): void => {
      if (event.kind !== "endless") return;
      assert.deepEqual([event.slot, event.holder], ["ollama", "me"]);
      told.push({ ms: event.ms, at: performance.now() });
      if (told.length === 3) enough.abort(new Fault("cancelled", "enough"));
    };
    // A sixth of it and then each: 10 s and a minute, as the program ships.
    const broker = brokerOn(bench.redis, { alarmMs: 300, onEvent });
    await bench.redis.set(KEY, "me");
    const startedAt = performance.now();
    const waiters = ["a", "b", "c"].map((name) =>
      broker.withLease("ollama", asks(name, { signal: enough.signal }), () => assert.fail("must not start")),
    );
    const ended = await Promise.allSettled(waiters);
    assert.ok(ended.every(({ status }) => status === "rejected"));
    const [first, second, third] = told.map(({ at }) => at - startedAt);
    assert.ok(told.length === 3 && first !== undefined && second !== undefined && third !== undefined);
    assert.ok(first >= 49 && first < 250, `${first} ms`);
    assert.ok(second - first >= 299 && third - second >= 299, `${[first, second, third]} ms`);
    assert.equal(await bench.redis.get(KEY), "me");
  });

  it("is taken over at once when its holder was one of our processes of this machine, and was killed", async () => {
    const other = holderProcess(bench, "hold", { leaseMs: 600_000 });
    assert.equal(await other.says(), "held");
    await killed(other.child);
    assert.ok((await bench.redis.pttl(KEY)) > 590_000);
    const answer = await brokerOn(bench.redis).withLease("ollama", asks("a"), async () => "done");
    assert.ok(answer.kind === "held" && answer.waitedMs < 1_000);
  });

  it("is not taken over from a process that is only stopped, until its TTL ends; woken up, its answer is refused", async () => {
    const other = holderProcess(bench, "hold");
    assert.equal(await other.says(), "held");
    other.child.kill("SIGSTOP");
    const endsAfterMs = await bench.redis.pttl(KEY);
    const answer = await brokerOn(bench.redis).withLease("ollama", asks("a"), async () => "done");
    assert.ok(answer.kind === "held" && answer.waitedMs > endsAfterMs - 100, `${answer.waitedMs} ms of ${endsAfterMs}`);
    other.tell();
    other.child.kill("SIGCONT");
    assert.equal(await other.says(), "refused lease-lost");
    await once(other.child, "exit");
  });
});

describe("a reply of Redis that was lost after it granted the lock", () => {
  const withProxy = async (test: (proxy: Awaited<ReturnType<typeof startProxy>>, client: Redis) => Promise<void>): Promise<void> => {
    const proxy = await startProxy(bench.server.port);
    const client = new Redis(proxy.port, "127.0.0.1", { db: 6, maxRetriesPerRequest: 1, commandTimeout: 300 });
    client.on("error", () => {});
    try {
      await client.ping();
      await test(proxy, client);
    } finally {
      client.disconnect();
      await proxy.stop();
    }
  };

  it("leaves no orphan when the wire breaks: the lock is used, then free", () =>
    withProxy(async (proxy, client) => {
      const swallowed = proxy.swallowReplies();
      const asked = brokerOn(client, { leaseMs: 600_000 }).withLease("ollama", asks("a"), () => bench.redis.get(KEY));
      await swallowed;
      assert.match(`${await bench.redis.get(KEY)}`, /^ecluse\|/);
      proxy.cut();
      const answer = await asked;
      assert.match(answer.kind === "held" ? `${answer.value}` : "", /^ecluse\|/);
      assert.equal(await bench.redis.get(KEY), null);
    }));

  it("leaves no orphan when the wire stays silent: nothing starts, and the lock is free within two seconds of its return", () =>
    withProxy(async (proxy, client) => {
      const swallowed = proxy.swallowReplies();
      const asked = brokerOn(client, { leaseMs: 600_000 }).withLease("ollama", asks("a"), () => assert.fail("must not start"));
      await swallowed;
      await assert.rejects(asked, isFault("redis-unavailable"));
      proxy.cut();
      const next = await brokerOn(bench.redis).withLease("ollama", asks("b", { waitMs: 2_000 }), async () => "done");
      assert.equal(next.kind, "held");
    }));
});

describe("waiters in several processes", () => {
  it("get a key that a killed process held within seconds, although it has a TTL of ten minutes, and nobody is passed over", async () => {
    const other = holderProcess(bench, "hold", { leaseMs: 600_000 });
    assert.equal(await other.says(), "held");
    const broker = brokerOn(bench.redis, { leaseMs: 600_000 });
    const waiting = Promise.all(
      ["a", "b", "c"].map((name) => broker.withLease("ollama", asks(name, { waitMs: 20_000 }), async () => name)),
    );
    while ((await bench.redis.zcard(`${KEY}:line`)) < 3);
    await killed(other.child);
    const waited = (await waiting).map((answer) => (answer.kind === "held" ? answer.waitedMs : Number.POSITIVE_INFINITY));
    assert.ok(Math.max(...waited) < 20_000, `${waited}`);
  });
});
