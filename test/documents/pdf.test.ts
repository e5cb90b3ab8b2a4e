import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import { oneAtATime } from "../../src/documents/one-at-a-time.ts";
import { PDF_LIMITS, readPdf } from "../../src/documents/pdf.ts";
import { readDocument } from "../../src/documents/read.ts";
import { killed, tracked } from "../support/children.ts";
import { ROOT } from "../support/command.ts";
import { documentsFolder } from "../support/folder.ts";
import { billionLaughs, longPage, manyPages, noise } from "../support/hostile-pdf.ts";
import { frenchText, pdfOf } from "../support/pdf.ts";
import { isAlive, watchPdfChildren } from "../support/pdf-children.ts";

const MAX_BLOCK_MS = 100;

describe("a PDF", () => {
  it("is read page by page in order, empty pages kept, without page markers", async (t) => {
    const seen: string[] = [];
    const content = await pdfOf([frenchText(40), "", frenchText(30, 5)]);
    const { pages } = await readPdf(content, { signal: t.signal, onPage: (done, total) => seen.push(`${done}/${total}`) });
    assert.deepEqual(
      pages.map((page) => page.text.replaceAll("\n", " ")),
      [frenchText(40), "", frenchText(30, 5)],
    );
    assert.deepEqual(seen, ["1/3", "2/3", "3/3"]);
  });

  it(`holds up the program for less than ${MAX_BLOCK_MS} ms while a page of 1.5 million letters is read`, async (t) => {
    const content = longPage(1_500_000);
    const gaps = watchGaps();
    const { pages } = await readPdf(content, { signal: t.signal });
    const worstMs = gaps.stop();
    assert.ok((pages[0]?.text.length ?? 0) >= 1_500_000);
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

describe("the process that reads a PDF", () => {
  it("is gone after a good file, a damaged one and one that takes too long", async (t) => {
    const children = watchPdfChildren(t);
    const outcomes = [];
    for (const [content, limits] of [
      [await pdfOf(["Bonjour"]), {}],
      [noise(), {}],
      [billionLaughs(), { idleMs: 500 }],
    ] as const) {
      const read = readPdf(content, { signal: t.signal, limits });
      outcomes.push(
        await read.then(
          () => "read",
          (error: unknown) => Fault.from(error).kind,
        ),
      );
      outcomes.push(children.alive());
    }
    assert.deepEqual(outcomes, ["read", 0, "unreadable-document", 0, "unreadable-document", 0]);
    assert.equal(children.started(), 3);
  });

  it("is ended at once when nobody waits any more, and says why", async (t) => {
    const children = watchPdfChildren(t);
    const controller = new AbortController();
    const running = children.nextRunning();
    const read = readPdf(billionLaughs(), { signal: controller.signal });
    await running;
    const why = new Fault("cancelled", "the job was cancelled");
    controller.abort(why);
    await assert.rejects(read, why);
    assert.equal(children.alive(), 0);
  });

  it("is ended when it takes more memory than allowed", async (t) => {
    const read = readPdf(billionLaughs(), { signal: t.signal, limits: { memoryBytes: 120 * 1024 * 1024 } });
    await assert.rejects(read, /too much memory/);
  });

  it("is told from one that read all when it dies half-way", async (t) => {
    const children = watchPdfChildren(t);
    const running = children.nextRunning();
    const read = readPdf(billionLaughs(), { signal: t.signal });
    (await running).kill("SIGKILL");
    await assert.rejects(read, { kind: "unreadable-document" });
  });

  it("ends with the program that started it, even when that one is killed and the file is a trap", async () => {
    const script = `
      import { readPdf } from "./src/documents/pdf.ts";
      import { billionLaughs } from "./test/support/hostile-pdf.ts";
      import { watchPdfChildren } from "./test/support/pdf-children.ts";
      const running = watchPdfChildren({ after() {} }).nextRunning();
      readPdf(billionLaughs(), { signal: new AbortController().signal }).catch(() => {});
      console.log((await running).pid);`;
    const program = tracked(
      spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] }),
    );
    const [line] = (await once(program.stdout, "data")) as [Buffer];
    const pid = Number(line);
    assert.ok(isAlive(pid));
    await killed(program);
    const deadline = Date.now() + 5_000;
    while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(isAlive(pid), false);
  });

  it("is ended after the total time even when page after page arrives", async (t) => {
    let passedMs = 0;
    const clock = { ...systemClock, elapsed: () => passedMs, after: (_: number, look: () => void) => systemClock.after(1, look) };
    const read = readPdf(manyPages(1_900), {
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
    await assert.rejects(readPdf(await pdfOf(["Bonjour"]), { signal: t.signal, onPage }), { kind: "redis-unavailable" });
  });
});

describe("several PDFs at once", () => {
  it("are read one after the other, so that two large ones never add up", async (t) => {
    const children = watchPdfChildren(t);
    const folder = await documentsFolder(t);
    const files = await Promise.all([1, 2, 3].map(async (n) => folder.put(`${n}.pdf`, await pdfOf([frenchText(20, n)]))));
    await Promise.all(files.map((file) => readDocument(folder.root, file, { signal: t.signal })));
    assert.deepEqual({ started: children.started(), mostAtOnce: children.mostAtOnce() }, { started: 3, mostAtOnce: 1 });
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
