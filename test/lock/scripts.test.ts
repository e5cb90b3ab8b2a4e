import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ownerName, ownerValue } from "../../src/lock/owner.ts";
import type { SlotScripts } from "../../src/lock/scripts.ts";
import { KEY, lockBench, slotOn } from "./bench.ts";

const bench = lockBench();
const LONG_MS = 600_000;
/** Until Redis says that so much time has passed. */
async function pastMs(ms: number): Promise<void> {
  const now = async (): Promise<number> => {
    const [seconds, micros] = await bench.redis.time();
    return Number(seconds) * 1_000 + Number(micros) / 1_000;
  };
  for (const from = await now(); (await now()) < from + ms; );
}
const scripts = (leaseMs = LONG_MS): SlotScripts => slotOn(bench.redis, leaseMs).scripts;

async function fenceOf(value: string): Promise<number> {
  const asked = await scripts().ask(value, 1, false);
  assert.ok(asked.kind === "ours");
  return asked.fence;
}

describe("the lock of the one local model", () => {
  it("is a plain string with a TTL that any program can read", async () => {
    assert.equal((await scripts().ask("a", 1, false)).kind, "ours");
    assert.equal(await bench.redis.get(KEY), "a");
    assert.ok((await bench.redis.pttl(KEY)) > 590_000);
  });
  it("is held by one of fifty that ask at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 50 }, (_, i) => slotOn(i % 2 ? bench.server.connect(6) : bench.redis).scripts.ask(`w${i}`, 1, true)),
    );
    assert.equal(asked.filter((answer) => answer.kind === "ours").length, 1);
  });
  it("is recognised as ours when the reply to the first call was lost", async () => {
    assert.equal(await fenceOf("a"), await fenceOf("a"));
  });
  it("is left alone when a foreign program holds it, with or without TTL", async () => {
    await bench.redis.set(KEY, "me", "EX", 60, "NX");
    const taken = await scripts().ask("a", 1, false);
    assert.ok(taken.kind === "taken" && taken.keys[0]?.holder === "me" && (taken.keys[0].leftMs ?? 0) > 50_000);
    assert.deepEqual([await scripts().release("a", 1), await scripts().renew("a", 1)], [false, false]);
    await bench.redis.persist(KEY);
    const still = await scripts().ask("a", 1, false);
    assert.ok(still.kind === "taken" && still.keys[0]?.leftMs === undefined);
    assert.equal(await bench.redis.get(KEY), "me");
  });
  it("is granted with a fence that grows from holder to holder, handed over or free in between", async () => {
    const first = await fenceOf("a");
    await scripts().ask("b", 1, true);
    assert.equal(await scripts().release("a", 1), true);
    const second = await fenceOf("b");
    await scripts().release("b", 1);
    const third = await fenceOf("c");
    assert.ok(first < second && second < third, `${[first, second, third]}`);
  });
  for (const [what, lose] of [
    ["the counter was lost", () => bench.redis.del(`${KEY}:fence`)],
    ["Redis came back empty", () => bench.redis.flushall()],
  ] as const) {
    it(`is granted with a fence that still grows when ${what}, held, handed over or free`, async () => {
      const fences = [await fenceOf("a")];
      await lose();
      fences.push(await fenceOf("a"));
      await scripts().ask("b", 1, true);
      await lose();
      await scripts().release("a", 1);
      fences.push(await fenceOf("b"));
      await scripts().release("b", 1);
      await lose();
      fences.push(await fenceOf("c"));
      assert.deepEqual(
        fences,
        fences.toSorted((one, other) => one - other),
      );
      assert.equal(new Set(fences).size, 4);
    });
  }
  it("is granted with a fence that still grows when the clock of the server goes back, held, handed over or free", async () => {
    const ahead = Date.now() * 1_000 + 3_600_000_000;
    await bench.redis.set(`${KEY}:fence`, ahead);
    assert.equal(await fenceOf("a"), ahead + 1);
    await scripts().ask("b", 1, true);
    await scripts().release("a", 1);
    assert.equal(await fenceOf("b"), ahead + 2);
  });
  it("lasts a whole lease again after a renewal", async () => {
    await scripts(5_000).ask("a", 1, false);
    assert.equal(await scripts().renew("a", 1), true);
    assert.ok((await bench.redis.pttl(KEY)) > 590_000);
  });
});

describe("the line of all processes for the local model", () => {
  const enter = async (...waiters: readonly (readonly [value: string, priority: number])[]): Promise<void> => {
    for (const [value, priority] of waiters) assert.equal((await scripts().ask(value, priority, true)).kind, "taken");
  };

  it("hands the key to the most urgent, equals in order of arrival, in the very script that gives it back", async () => {
    await fenceOf("inside");
    await enter(["doc 1", 10], ["person 1", 1], ["batch", 5], ["person 2", 1], ["doc 2", 10]);
    const order: (string | null)[] = [];
    for (let holder: string | null = "inside"; holder !== null; holder = await bench.redis.get(KEY)) {
      order.push(holder);
      await scripts().release(holder, 1);
    }
    assert.deepEqual(order, ["inside", "person 1", "person 2", "batch", "doc 1", "doc 2"]);
  });
  it("calls the next one in its own process, and wakes no other process", async () => {
    const [next, listener] = [ownerValue("next"), bench.server.connect(6)];
    const heard: string[] = [];
    const all = Promise.withResolvers<void>();
    listener.on("pmessage", (_pattern: string, channel: string, message: string) => {
      heard.push(`${channel}: ${message.split(" ").at(-1)}`);
      if (heard.length === 2) all.resolve();
    });
    await listener.psubscribe(`${KEY}:wake*`);
    await fenceOf("inside");
    await enter([next, 1], ["ecluse|elsewhere|boot|1|42|7|other|1", 1]);
    await scripts().release("inside", 1);
    await scripts().release(next, 1);
    await all.promise;
    assert.deepEqual(heard, [
      `${scripts().channel}: ${next}`,
      `${KEY}:wake:ecluse|elsewhere|boot|1|42|7: ecluse|elsewhere|boot|1|42|7|other|1`,
    ]);
  });
  it("passes over a waiter that died: it delays nobody and gets nothing", async () => {
    await fenceOf("inside");
    await slotOn(bench.redis, LONG_MS, { aliveMs: 0 as never }).scripts.ask("dead", 1, true);
    await enter(["alive", 5]);
    await pastMs(5);
    await scripts().release("inside", 1);
    assert.equal(await bench.redis.get(KEY), "alive");
  });
  it("keeps a key that was handed over and never claimed for the claim only, not for a whole lease", async () => {
    await fenceOf("inside");
    await enter(["gone", 1]);
    await scripts().release("inside", 1);
    const leftMs = await bench.redis.pttl(KEY);
    assert.ok(leftMs > 0 && leftMs <= 5_000, `${leftMs} ms`);
    await scripts().ask("gone", 1, true);
    assert.ok((await bench.redis.pttl(KEY)) > 590_000);
  });
  it("is not jumped by somebody who comes just when the key is free: the first in line gets it, and is called", async () => {
    await bench.redis.set(KEY, "me");
    await enter(["first", 5]);
    await bench.redis.del(KEY);
    assert.equal((await scripts().ask("late", 5, true)).kind, "taken");
    assert.equal(await bench.redis.get(KEY), "first");
  });
  it("is shown with who holds the key since when, and who waits how long, in the order in which they will be served", async () => {
    const [inside, document, person] = [ownerValue("inside", Date.now()), ownerValue("doc"), ownerValue("person")];
    const fence = await fenceOf(inside);
    await enter([document, 10]);
    await pastMs(30);
    await enter([document, 10], [person, 1]);
    const { locks, waiters } = await scripts().status();
    assert.deepEqual(
      waiters.map(({ value, name, priority, isAlive }) => [value, name, priority, isAlive]),
      [
        [person, ownerName(person), 1, true],
        [document, ownerName(document), 10, true],
      ],
    );
    const [held] = locks;
    assert.ok(held?.isHeld && (held.leftMs ?? 0) > 590_000);
    assert.deepEqual([held.key, held.holder, held.holderName, held.fence], [KEY, inside, ownerName(inside), fence]);
    const [heldMs, personMs, documentMs] = [held.heldMs ?? Number.NaN, waiters[0]?.waitedMs ?? Number.NaN, waiters[1]?.waitedMs ?? 0];
    assert.ok(personMs < 30 && documentMs >= 29 && heldMs >= documentMs - 1 && heldMs < 5_000, `${[personMs, documentMs, heldMs]}`);
  });
  it("is shown with a foreign holder as it is, and since when is not claimed; free is free", async () => {
    await bench.redis.set(KEY, "", "EX", 60);
    const [foreign] = (await scripts().status()).locks;
    assert.deepEqual([foreign?.isHeld, foreign?.holder, foreign?.heldMs], [true, "", undefined]);
    await bench.redis.del(KEY);
    const [free] = (await scripts().status()).locks;
    assert.deepEqual([free?.isHeld, free?.leftMs, free?.heldMs], [false, undefined, undefined]);
  });
  it("is taken from exactly the one who is named, and from nobody else", async () => {
    await fenceOf("inside");
    await enter(["next", 1]);
    assert.equal(await scripts().release("insid", 1), false);
    assert.equal(await scripts().release("inside", 1), true);
    assert.equal(await scripts().release("inside", 1), false);
    assert.equal(await bench.redis.get(KEY), "next");
  });
  it("keeps everybody's place while a chance is left to foreign programs", async () => {
    const busy = slotOn(bench.redis, LONG_MS, { foreignGapMs: 20 as never }).scripts;
    await fenceOf("inside");
    await enter(["first", 1], ["second", 1]);
    const [seconds] = await bench.redis.time();
    await bench.redis.hset(`${KEY}:alive`, "chance", Number(seconds) * 1_000 - 70_000);
    await busy.release("inside", 1);
    assert.equal(await bench.redis.exists(KEY), 0);
    assert.deepEqual(await bench.redis.zrange(`${KEY}:line`, "0", "-1"), ["gap", "first", "second"]);
    await bench.redis.set(KEY, "foreign");
    await busy.release("foreign", 1);
    assert.equal(await bench.redis.get(KEY), "first");
    assert.deepEqual(await bench.redis.zrange(`${KEY}:line`, "0", "-1"), ["gap", "second"]);
    await pastMs(25);
    await busy.release("first", 1);
    assert.equal(await bench.redis.get(KEY), "second");
    assert.deepEqual(await bench.redis.zrange(`${KEY}:line`, "0", "-1"), []);
  });
  it("leaves a foreign program that tries once a chance now and then, however many of ours wait", async () => {
    const busy = slotOn(bench.redis, LONG_MS, { foreignEveryMs: 50 as never, foreignGapMs: 30 as never }).scripts;
    await busy.ask("w0", 1, true);
    let wins = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      await busy.ask(`w${turn + 1}`, 1, true);
      await pastMs(5);
      const holder = (await bench.redis.get(KEY)) ?? "";
      await busy.release(holder, 1);
      if ((await bench.redis.set(KEY, "foreign", "PX", 20, "NX")) !== null) wins += 1;
    }
    assert.ok(wins >= 2 && wins <= 12, `${wins} of 40`);
  });
});
