import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { type Ear, listen, type Patience, TAIL_MS } from "../../../src/capabilities/completion/silence.ts";
import { Fault } from "../../../src/core/fault.ts";

const FIRST_MS = 30_000;
const STALL_MS = 20_000;

/** A call that listens, with its clocks in the test's hand. */
function listening(test: TestContext, over: Partial<Patience> = {}) {
  test.mock.timers.enable({ apis: ["setTimeout"] });
  const patience = { who: "vendor", firstMs: FIRST_MS, stallMs: STALL_MS, outer: new AbortController().signal, ...over };
  const ear = Promise.withResolvers<Ear>();
  const end = Promise.withResolvers<string>();
  const call = listen(patience, (given) => {
    ear.resolve(given);
    given.signal.addEventListener("abort", () => end.reject(new Error("the SDK's own words")));
    return end.promise;
  });
  call.catch(() => {});
  return { call, ear: ear.promise, end: end.resolve, tick: (ms: number) => test.mock.timers.tick(ms) };
}

const timedOut = (what: string) => (error: unknown) => error instanceof Fault && error.kind === "timed-out" && error.message.includes(what);

describe("listening to an answer", () => {
  it("ends when no first word comes in time", async (t) => {
    const { call, tick } = listening(t);
    tick(FIRST_MS - 1);
    tick(1);
    await assert.rejects(call, timedOut("first word within 30 s"));
  });

  it("ends when no further word comes in time, however long the answer has gone on", async (t) => {
    const { call, ear, tick } = listening(t);
    for (let second = 0; second < 10; second++) {
      tick(STALL_MS - 1);
      (await ear).said("mot");
      assert.equal((await ear).signal.aborted, false);
    }
    tick(STALL_MS);
    await assert.rejects(call, timedOut("further word within 20 s"));
  });

  it("is not prolonged by blanks and empty pieces", async (t) => {
    const { call, ear, tick } = listening(t);
    tick(FIRST_MS - 1);
    for (const blank of ["", " ", "\n\t", "\u00a0"]) (await ear).said(blank);
    tick(1);
    await assert.rejects(call, timedOut("first word"));
  });

  it("tells of the first word once, and of blanks never", async (t) => {
    const heard: string[] = [];
    const { call, ear, end } = listening(t, { heard: () => void heard.push("heard") });
    (await ear).said(" ");
    assert.deepEqual(heard, []);
    (await ear).said("un");
    (await ear).said("deux");
    end("done");
    assert.equal(await call, "done");
    assert.deepEqual(heard, ["heard"]);
  });

  it("ends with the caller's own reason when the caller gives up", async (t) => {
    const caller = new AbortController();
    const { call } = listening(t, { outer: caller.signal });
    const lost = new Fault("lease-lost", "the lock is gone");
    caller.abort(lost);
    await assert.rejects(call, (error) => error === lost);
  });

  it("throws away what an SDK quietly gives back after it was told to stop", async (t) => {
    const caller = new AbortController();
    const { call, end } = listening(t, { outer: caller.signal });
    end("half an answer");
    caller.abort(new Fault("lease-lost", "the lock is gone"));
    await assert.rejects(call, (error) => error instanceof Fault && error.kind === "lease-lost");
  });

  it("closes what is still open when it has its answer", async (t) => {
    const { call, ear, end } = listening(t);
    end("done");
    await call;
    assert.equal((await ear).signal.aborted, true);
  });

  it("leaves no timer and no listener behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const patience = { who: "vendor", firstMs: FIRST_MS, stallMs: STALL_MS, outer: new AbortController().signal };
    await listen(patience, async (ear) => ear.said("mot"));
    await listen(patience, async (ear) => ear.finished());
    await assert.rejects(listen(patience, async () => Promise.reject(new Error("no"))));
    assert.equal(timers(), before);
  });
});

describe("a stream", () => {
  const never = new Promise<never>(() => {});
  async function* words(...said: readonly string[]): AsyncGenerator<string, void> {
    yield* said;
    await never;
  }

  it("that never ends after its last word is done without the rest", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const patience = { who: "vendor", firstMs: FIRST_MS, stallMs: STALL_MS, outer: new AbortController().signal };
    const told = Promise.withResolvers<void>();
    const call = listen(patience, async (ear) => {
      const heard: string[] = [];
      for await (const word of ear.pieces(words("un", "deux"))) {
        heard.push(word);
        if (word === "deux") {
          ear.finished();
          told.resolve();
        }
      }
      return heard;
    });
    await told.promise;
    t.mock.timers.tick(TAIL_MS);
    assert.deepEqual(await call, ["un", "deux"]);
  });

  it("of an SDK that does not hear the signal ends all the same when the caller gives up", async () => {
    const caller = new AbortController();
    const patience = { who: "vendor", firstMs: FIRST_MS, stallMs: STALL_MS, outer: caller.signal };
    const lost = new Fault("lease-lost", "the lock is gone");
    const call = listen(patience, async (ear) => {
      for await (const word of ear.pieces(words("un"))) if (word === "un") setImmediate(() => caller.abort(lost));
    });
    await assert.rejects(call, (error) => error === lost);
  });
});
