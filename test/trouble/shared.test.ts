import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import type { Troubles } from "../../src/core/trouble.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import { sharedTroubles } from "../../src/trouble/shared.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

let server: TestRedis;
let passedMs = 0;
const clients: ReturnType<typeof lockConnection>[] = [];

before(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  passedMs = 0;
  await server.connect(6).flushall();
});
after(async () => {
  for (const client of clients) client.disconnect();
  await server.stop();
});

/** Time as the tests move it, for the wall and for durations alike. */
const clock: Clock = {
  ...systemClock,
  now: () => new Date(Date.UTC(2026, 10, 25) + passedMs),
  elapsed: () => passedMs,
};

/** What one worker knows, on a connection of its own. */
function worker(): Troubles & { readonly news: string[]; readonly sent: () => Promise<number> } {
  const redis = lockConnection(server.url, 6);
  clients.push(redis);
  const news: string[] = [];
  const troubles = sharedTroubles({
    redis,
    clock,
    onChange: (target, trouble) => news.push(`${target} ${trouble === undefined ? "well" : trouble.kind}`),
  });
  return { ...troubles, news, sent: async () => Number(/cmdstat_get:calls=(\d+)/.exec(await redis.info("commandstats"))?.[1] ?? 0) };
}

const fault = (kind: FaultKind): Fault => new Fault(kind, "x");

describe("what one worker learns of a provider", () => {
  it("all others know a second later at the latest", async () => {
    const [one, other] = [worker(), worker()];
    assert.equal((await other.gate("openai")).kind, "go");
    await one.faulted("openai", fault("quota-exhausted"));
    passedMs += 1_000;
    const gate = await other.gate("openai");
    assert.deepEqual([gate.kind, gate.kind === "hold" && gate.why], ["hold", "quota-exhausted"]);
    assert.deepEqual(one.news, ["openai open"]);
  });

  it("costs nothing while all is well: a hundred questions in a second ask Redis once, and their answers tell it nothing", async () => {
    const one = worker();
    const before = await one.sent();
    for (let asked = 0; asked < 100; asked += 1) {
      await one.gate("ollama");
      await one.answered("ollama");
    }
    assert.equal((await one.sent()) - before, 1);
  });

  it("is not mixed up with another provider", async () => {
    const one = worker();
    await one.faulted("openai", fault("unreachable"));
    assert.deepEqual([(await one.gate("openai")).kind, (await one.gate("claude")).kind], ["hold", "go"]);
  });
});

describe("a provider whose pause is over", () => {
  it("is asked by exactly one of ten workers, and by all as soon as that one heard a word", async () => {
    const workers = Array.from({ length: 10 }, worker);
    const [first] = workers;
    await first?.faulted("ollama", fault("unreachable"));
    passedMs += 2_000;
    const gates = await Promise.all(workers.map(async (one) => ({ one, gate: await one.gate("ollama") })));
    const probes = gates.filter(({ gate }) => gate.kind === "probe");
    assert.equal(probes.length, 1);
    assert.equal(gates.filter(({ gate }) => gate.kind === "hold").length, 9);
    await probes[0]?.one.answered("ollama");
    assert.deepEqual(new Set((await Promise.all(workers.map((one) => one.gate("ollama")))).map(({ kind }) => kind)), new Set(["go"]));
  });

  it("and does not answer is left alone for twice as long", async () => {
    const one = worker();
    await one.faulted("ollama", fault("unreachable"));
    passedMs += 2_000;
    assert.equal((await one.gate("ollama")).kind, "probe");
    await one.faulted("ollama", fault("unreachable"));
    passedMs += 3_999;
    assert.equal((await one.gate("ollama")).kind, "hold");
    passedMs += 1;
    assert.equal((await one.gate("ollama")).kind, "probe");
  });
});

describe("faults of many calls at once", () => {
  it("are counted one by one, whoever is faster: sixteen workers' faults make one pause", async () => {
    const workers = Array.from({ length: 16 }, worker);
    await Promise.all(workers.map((one) => one.faulted("openai", fault("server-error"))));
    const gate = await worker().gate("openai");
    assert.ok(gate.kind === "hold");
    assert.equal(gate.until.getTime() - gate.since.getTime(), 5_000);
  });
});

describe("the first fault of a target known as healthy", () => {
  it("is told without reading first", async () => {
    const one = worker();
    await one.gate("openai");
    const before = await one.sent();
    await one.faulted("openai", fault("unreachable"));
    assert.equal(await one.sent(), before);
    assert.equal((await worker().gate("openai")).kind, "hold");
  });

  it("counts as the second when somebody else had told the first meanwhile", async () => {
    const [one, other] = [worker(), worker()];
    await one.gate("openai");
    await other.faulted("openai", fault("server-error"));
    await one.faulted("openai", fault("server-error"));
    assert.equal((await worker().gate("openai")).kind, "hold");
  });
});

describe("a Redis", () => {
  it("that holds what nobody understands is no reason not to ask, and the next fault writes it anew", async () => {
    await server.connect(6).set("ecluse:trouble:openai", "{nonsense");
    const one = worker();
    assert.equal((await one.gate("openai")).kind, "go");
    await one.faulted("openai", fault("unreachable"));
    assert.equal((await one.gate("openai")).kind, "hold");
  });

  it("that does not answer is a reason to send nothing", async () => {
    const gone = await startRedis();
    const redis = lockConnection(gone.url, 6);
    clients.push(redis);
    await redis.ping();
    await gone.stop();
    await assert.rejects(
      sharedTroubles({ redis, clock }).gate("openai"),
      (error) => error instanceof Fault && error.kind === "redis-unavailable",
    );
  });
});
