import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { type ChildLimits, type ChildSetup, startChild } from "../../src/documents/pdf/child.ts";
import { bytesFrame, type Frame, frameReader, messageFrame } from "../../src/documents/pdf/frames.ts";
import { residentBytes } from "../../src/documents/pdf/memory.ts";
import { ROOT } from "../support/command.ts";

const LIMITS: ChildLimits = { idleMs: 10_000, totalMs: 10_000, memoryBytes: 256 * 1024 * 1024, outputBytes: 10_000 };
const setupOf = (limits: Partial<ChildLimits> = {}): ChildSetup => ({
  program: new URL("../support/nosy-program.ts", import.meta.url),
  folders: [`${ROOT}src/documents/pdf`],
  args: [],
  addons: false,
  limits: { ...LIMITS, ...limits },
  cpuSeconds: 10,
  clock: systemClock,
  refuse: (why) => new Error(why),
});
const whole = (frame: Frame): unknown => ("message" in frame ? frame.message : frame.bytes);
/** Whether this machine lets a process give up the network, as root or as a user. */
const canUnshare = ["-n", "-rn"].some((how) => spawnSync("unshare", [how, "true"]).status === 0);

describe("a process for one document", () => {
  it("can read nothing but its own program, write nothing, start nothing, and knows no setting", async (t) => {
    const child = await startChild(setupOf());
    t.after(child.end);
    const said = await child.ask({ message: { port: 9 }, signal: t.signal, take: whole });
    const { tries, settings } = said as { readonly tries: Readonly<Record<string, string>>; readonly settings: readonly string[] };
    assert.deepEqual(tries, {
      "reads a file": "ERR_ACCESS_DENIED",
      "reads its own program's settings": "ERR_ACCESS_DENIED",
      "writes a file": "ERR_ACCESS_DENIED",
      "starts a process": "ERR_ACCESS_DENIED",
      "starts a thread": "ERR_ACCESS_DENIED",
      "runs a text as a program": "EvalError",
    });
    assert.deepEqual(settings, []);
  });

  it("reaches no network, not even this machine", {
    skip: canUnshare ? false : "this machine gives no process a network of its own",
  }, async (t) => {
    const server = createServer(() => assert.fail("it was reached")).listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const child = await startChild(setupOf());
    t.after(child.end);
    const said = await child.ask({ message: { port: (server.address() as AddressInfo).port }, signal: t.signal, take: whole });
    assert.equal((said as { readonly reached: string }).reached, "refused");
  });

  for (const [why, limits] of [
    ["output", { outputBytes: 20 }],
    ["memory", { memoryBytes: 10 * 1024 * 1024 }],
    ["time", { idleMs: 0 }],
  ] as const) {
    it(`is ended for too much ${why}`, async (t) => {
      const child = await startChild({ ...setupOf(), limits: { ...LIMITS, ...limits } });
      t.after(child.end);
      await assert.rejects(child.ask({ message: { port: 9 }, signal: t.signal, take: whole }), { message: why });
    });
  }

  it("is gone when what it said is not believed", async (t) => {
    const child = await startChild(setupOf());
    t.after(child.end);
    const refuse = () => {
      throw new Error("not believed");
    };
    await assert.rejects(child.ask({ message: { port: 9 }, signal: t.signal, take: refuse }), /not believed/);
    await assert.rejects(child.ask({ message: { port: 9 }, signal: t.signal, take: whole }), { message: "died" });
  });
});

describe("the memory of a process", () => {
  it("is what the process itself says, give or take a fifth", async () => {
    const seen = (await residentBytes(process.pid)) ?? 0;
    const own = process.memoryUsage.rss();
    assert.ok(Math.abs(seen - own) < own / 5, `${seen} beside ${own}`);
  });
  it("is unknown when the process is gone", async () => {
    assert.equal(await residentBytes(2 ** 22 + 1), undefined);
  });
});

describe("what goes through the pipe", () => {
  const sent = [...messageFrame({ a: "é" }), ...bytesFrame(Buffer.from([1, 2, 3])), ...messageFrame(null), ...bytesFrame(Buffer.alloc(0))];
  for (const size of [1, 4, 7, 1_000]) {
    it(`is put together again from pieces of ${size} bytes`, () => {
      const frames: unknown[] = [];
      const read = frameReader((frame) => frames.push(whole(frame)));
      const all = Buffer.concat(sent);
      for (let at = 0; at < all.length; at += size) read(all.subarray(at, at + size));
      assert.deepEqual(frames, [{ a: "é" }, Buffer.from([1, 2, 3]), null, Buffer.alloc(0)]);
    });
  }
  it("is no message when it is not JSON", () => {
    const [head] = messageFrame("xx");
    assert.throws(() => frameReader(() => {})(Buffer.concat([head ?? Buffer.alloc(0), Buffer.from("abcd")])), SyntaxError);
  });
});
