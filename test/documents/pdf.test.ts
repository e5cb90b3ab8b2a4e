import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import { oneAtATime } from "../../src/documents/one-at-a-time.ts";
import { PDF_LIMITS, readPdf } from "../../src/documents/pdf.ts";
import { readDocument } from "../../src/documents/read.ts";
import { documentsFolder, watchThreads } from "../support/folder.ts";
import { billionLaughs, longPage, manyPages, noise } from "../support/hostile-pdf.ts";
import { frenchText, pdfOf } from "../support/pdf.ts";

const MAX_BLOCK_MS = 100;
/** On an ArrayBuffer of its own, as the reader takes it. */
const own = (content: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(content);

describe("a PDF", () => {
  it("is read page by page in order, empty pages kept, without page markers", async (t) => {
    const seen: string[] = [];
    const content = own(await pdfOf([frenchText(40), "", frenchText(30, 5)]));
    const pages = await readPdf(content, { signal: t.signal, onPage: (done, total) => seen.push(`${done}/${total}`) });
    assert.deepEqual(
      pages.map((page) => page.text.replaceAll("\n", " ")),
      [frenchText(40), "", frenchText(30, 5)],
    );
    assert.deepEqual(seen, ["1/3", "2/3", "3/3"]);
  });

  it(`holds up the program for less than ${MAX_BLOCK_MS} ms while a page of 1.5 million letters is read`, async (t) => {
    const content = own(longPage(1_500_000));
    const gaps = watchGaps();
    const [page] = await readPdf(content, { signal: t.signal });
    const worstMs = gaps.stop();
    assert.ok((page?.text.length ?? 0) >= 1_500_000);
    assert.ok(worstMs < MAX_BLOCK_MS, `held up for ${worstMs.toFixed()} ms`);
  });

  it("prints nothing, whatever is wrong with it", () => {
    const script = `
      import { readPdf } from "./src/documents/pdf.ts";
      import * as hostile from "./test/support/hostile-pdf.ts";
      for (const make of [hostile.brokenMetadata, hostile.wrongStartxref, hostile.noise, hostile.selfDrawing]) {
        await readPdf(new Uint8Array(make()), { signal: new AbortController().signal }).catch(() => {});
      }`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script],
      {
        cwd: new URL("../..", import.meta.url),
        encoding: "utf8",
      },
    );
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
  });
});

describe("the thread that reads a PDF", () => {
  it("is gone after a good file, a damaged one and one that takes too long", async (t) => {
    const threads = watchThreads(t);
    const outcomes = [];
    for (const [content, limits] of [
      [await pdfOf(["Bonjour"]), {}],
      [noise(), {}],
      [billionLaughs(), { idleMs: 500 }],
    ] as const) {
      const read = readPdf(own(content), { signal: t.signal, limits });
      outcomes.push(
        await read.then(
          () => "read",
          (error: unknown) => Fault.from(error).kind,
        ),
      );
      outcomes.push(threads.alive());
    }
    assert.deepEqual(outcomes, ["read", 0, "unreadable-document", 0, "unreadable-document", 0]);
    assert.equal(threads.started(), 3);
  });

  it("is ended at once when nobody waits any more, and says why", async (t) => {
    const threads = watchThreads(t);
    const controller = new AbortController();
    const running = threads.nextRunning();
    const read = readPdf(own(billionLaughs()), { signal: controller.signal });
    await running;
    const why = new Fault("cancelled", "the job was cancelled");
    controller.abort(why);
    await assert.rejects(read, why);
    assert.equal(threads.alive(), 0);
  });

  it("is ended when it takes more memory than allowed", async (t) => {
    const read = readPdf(own(billionLaughs()), { signal: t.signal, limits: { growthBytes: 1 } });
    await assert.rejects(read, /too much memory/);
  });

  it("is ended when its own heap is full", async (t) => {
    const threads = watchThreads(t);
    await assert.rejects(readPdf(own(longPage(1_900_000)), { signal: t.signal, limits: { heapMb: 16 } }), /too much memory/);
    assert.equal(threads.alive(), 0);
  });

  it("is ended after the total time even when page after page arrives", async (t) => {
    let passedMs = 0;
    const clock = { ...systemClock, elapsed: () => passedMs, after: (_: number, look: () => void) => systemClock.after(1, look) };
    const read = readPdf(own(manyPages(1_900)), {
      signal: t.signal,
      clock,
      onPage: () => {
        passedMs += PDF_LIMITS.idleMs - 1;
      },
    });
    await assert.rejects(read, /too much time/);
    assert.ok(passedMs > PDF_LIMITS.totalMs);
  });

  it("does not take the program with it when who follows the pages fails", async (t) => {
    const onPage = () => {
      throw new Fault("redis-unavailable", "progress could not be written");
    };
    await assert.rejects(readPdf(own(await pdfOf(["Bonjour"])), { signal: t.signal, onPage }), { kind: "redis-unavailable" });
  });
});

describe("several PDFs at once", () => {
  it("are read one after the other, so that two large ones never add up", async (t) => {
    const threads = watchThreads(t);
    const folder = await documentsFolder(t);
    const files = await Promise.all([1, 2, 3].map(async (n) => folder.put(`${n}.pdf`, await pdfOf([frenchText(20, n)]))));
    await Promise.all(files.map((file) => readDocument(folder.root, file, { signal: t.signal })));
    assert.deepEqual({ started: threads.started(), mostAtOnce: threads.mostAtOnce() }, { started: 3, mostAtOnce: 1 });
  });

  it("let one leave the line at once when it is cancelled, and the next one in", async (t) => {
    const inTurn = oneAtATime();
    const first = Promise.withResolvers<string>();
    const controller = new AbortController();
    const done = inTurn(t.signal, () => first.promise);
    const cancelled = inTurn(controller.signal, () => assert.fail("its work was begun"));
    const third = inTurn(t.signal, async () => "third");
    controller.abort(new Fault("cancelled", "the job was cancelled"));
    await assert.rejects(cancelled, { kind: "cancelled" });
    first.resolve("first");
    assert.deepEqual([await done, await third], ["first", "third"]);
  });

  it("do not wait for one that failed", async (t) => {
    const inTurn = oneAtATime();
    await assert.rejects(inTurn(t.signal, () => Promise.reject(new Fault("unknown", "it failed"))));
    assert.equal(await inTurn(t.signal, async () => "next"), "next");
  });
});

/** The longest time between two turns of the event loop, above the 5 ms it was asked for. */
function watchGaps(): { stop(): number } {
  let last = performance.now();
  let worstMs = 0;
  const look = () => {
    const now = performance.now();
    worstMs = Math.max(worstMs, now - last - 5);
    last = now;
  };
  const timer = setInterval(look, 5);
  return {
    stop() {
      look();
      clearInterval(timer);
      return worstMs;
    },
  };
}
