import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OcrAnswer, Turn } from "../../src/capabilities/ocr/contract.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import type { PageReading } from "../../src/documents/page.ts";
import type { Page } from "../../src/documents/read.ts";
import { type PagePorts, readPages } from "../../src/documents/read-pages.ts";
import type { ScannedPage } from "../../src/documents/scan.ts";

const BY = { provider: "tesseract", model: "tesseract 5", site: { kind: "local" }, attempts: [] } as const;
const ACT = "Le maire de Port-Brillac arrête : la circulation est interdite sur le quai du port, du 3 au 9 mai.";
const answered = (text: string, confidence = 91): Outcome<OcrAnswer> => ({
  kind: "answered",
  by: BY,
  result: { text, confidence, words: [], model: "tesseract 5", tokensIn: undefined, tokensOut: undefined },
});
const text = (number: number, said = ACT): Page => ({ number, text: said, readable: "text", flags: [] });
const scan = (number: number): Page => ({ number, text: "", readable: "empty", flags: ["scan"] });

function ports(more: Partial<PagePorts> & { readonly said?: (page: number, turn: Turn) => Outcome<OcrAnswer> } = {}) {
  const [drawn, kept, done]: [string[], Map<string, Outcome<ScannedPage>>, string[]] = [[], new Map(), []];
  let [closed, now] = [0, { page: 0, turn: 0 as Turn }];
  const all: PagePorts = {
    signal: new AbortController().signal,
    pictures: async () => ({
      async page(page, turn) {
        now = { page, turn };
        drawn.push(`${page}@${turn}`);
        return { png: new Uint8Array(1), width: 1, height: 1, dpi: 220 };
      },
      async close() {
        closed += 1;
      },
    }),
    ocr: async () => more.said?.(now.page, now.turn) ?? answered(`${ACT} Page ${now.page}.`),
    async once(step, read) {
      const before = kept.get(step);
      if (before !== undefined) return before;
      const outcome = await read();
      if (outcome.kind === "answered") kept.set(step, outcome);
      return outcome;
    },
    onPage: (read, total) => void done.push(`${read}/${total}`),
    ...more,
  };
  return { all, drawn, kept, done, closed: () => closed };
}

const read = async (pages: readonly Page[], bench: ReturnType<typeof ports>, format = "pdf") => {
  const outcome = await readPages(pages, format, bench.all);
  assert.ok(outcome.kind === "read", JSON.stringify(outcome));
  return outcome;
};

describe("the pages of a document", () => {
  it("that have a text of their own are drawn and read by nobody", async () => {
    const bench = ports({ pictures: () => assert.fail("nothing is to be drawn") });
    const { pages, by } = await read([text(1), text(2)], bench);
    assert.deepEqual([pages.map((page) => page.reading.source), by], [["text-layer", "text-layer"], []]);
  });

  it("that are pictures are read by OCR, only they, and each says how surely", async () => {
    const bench = ports();
    const { pages, by } = await read(
      [text(1), scan(2), { ...scan(3), text: "Envoyé en préfecture le 3/5/2026", readable: "stamp" }],
      bench,
    );
    assert.deepEqual(bench.drawn, ["2@0", "3@0"]);
    assert.deepEqual([pages[1]?.text, pages[1]?.reading], [`${ACT} Page 2.`, { page: 2, source: "ocr", confidence: 91, flags: ["scan"] }]);
    assert.deepEqual([by.length, bench.closed(), bench.done], [2, 1, ["1/2", "2/2"]]);
  });

  it("that lie on their side say so", async () => {
    const { pages } = await read([scan(1)], ports({ said: (_, turn) => (turn === 90 ? answered(ACT) : answered("wv tt lz", 31)) }));
    assert.deepEqual(pages[0]?.reading.flags, ["scan", "rotated"]);
    assert.deepEqual(pages[0]?.scan, { words: [], turn: 90 }, "and keep their words with the turn their places are told by");
  });

  it("that the engine turned by itself say so: their words are higher than wide; a few of them in a drawing do not", async () => {
    const words = (many: number, high: number): OcrAnswer["words"] =>
      Array.from({ length: many }, (_, at) => ({
        text: "maire",
        confidence: 91,
        box: at < high ? [0.1, 0.1, 0.02, 0.1] : [0.1, 0.1, 0.1, 0.02],
      }));
    const flagsOf = async (many: number, high: number) => {
      const said = (): Outcome<OcrAnswer> => {
        const outcome = answered(ACT);
        return outcome.kind === "answered" ? { ...outcome, result: { ...outcome.result, words: words(many, high) } } : outcome;
      };
      return (await read([scan(1)], ports({ said }))).pages[0]?.reading.flags;
    };
    assert.deepEqual(await flagsOf(40, 38), ["scan", "rotated"]);
    for (const [many, high] of [
      [40, 24],
      [40, 0],
      [6, 6],
      [0, 0],
    ] as const)
      assert.deepEqual(await flagsOf(many, high), ["scan"]);
  });

  it("on which nobody finds a word stay empty and are said to be unread; a blank page is not even tried", async () => {
    const bench = ports({ said: () => answered("", 0) });
    const { pages } = await read([scan(1), { number: 2, text: "", readable: "empty", flags: ["empty"] }], bench);
    assert.deepEqual([pages.map(({ text: said, reading }) => `${said}${reading.source}`), bench.drawn.length], [["none", "none"], 4]);
  });

  it("that cannot be drawn stay unread, and the others are read", async () => {
    const bench = ports();
    const { page } = await bench.all.pictures();
    const tooLarge = new Fault("unreadable-document", "the page takes too much memory");
    const all = {
      ...bench.all,
      pictures: async () => ({
        page: async (n: number, t: Turn) => (n === 1 ? Promise.reject(tooLarge) : page(n, t)),
        close: async () => {},
      }),
    };
    const outcome = await readPages([scan(1), scan(2)], "pdf", all);
    assert.ok(outcome.kind === "read");
    assert.deepEqual(
      outcome.pages.map(({ reading }) => reading.source),
      ["none", "ocr"],
    );
  });

  it("that were read before are not read again after a crash in the middle", async () => {
    const until = new Date("2026-11-25T12:00:00Z");
    let isWell = false;
    const bench = ports({ said: (page) => (page === 2 && !isWell ? { kind: "postponed", until, why: "rate-limited" } : answered(ACT)) });
    assert.deepEqual(await readPages([scan(1), scan(2)], "pdf", bench.all), { kind: "postponed", until, why: "rate-limited" });
    isWell = true;
    await read([scan(1), scan(2)], bench);
    assert.deepEqual(bench.drawn, ["1@0", "2@0", "2@0"]);
    assert.equal(bench.closed(), 2);
  });

  const fails = (kind: FaultKind) => (page: number) =>
    page === 2 ? ({ kind: "failed", fault: new Fault(kind, "x") } as const) : answered(`${ACT} Page ${page}.`);
  const sources = ({ pages }: { readonly pages: readonly { readonly reading: PageReading }[] }) =>
    pages.map(({ reading: { source, unread } }) => (unread === undefined ? source : `${source} ${unread}`));

  for (const kind of ["timed-out", "server-error", "truncated", "invalid-answer"] as const) {
    it(`that end as ${kind} fail the run as long as another one follows, and the pages behind them are read and kept first`, async () => {
      const bench = ports({ said: fails(kind) });
      const outcome = await readPages([scan(1), scan(2), scan(3)], "pdf", bench.all);
      assert.deepEqual(outcome.kind === "failed" && outcome.fault.kind, kind);
      assert.deepEqual([bench.kept.size, bench.closed()], [2, 1]);
    });
    it(`that end as ${kind} in the last run stay unread, say why, and the others are there`, async () => {
      const bench = ports({ said: fails(kind), isLastRun: true });
      assert.deepEqual(sources(await read([text(1), scan(2), scan(3)], bench)), ["text-layer", `none ${kind}`, "ocr"]);
    });
  }

  for (const kind of ["unreadable-document", "refused", "prompt-too-long"] as const) {
    it(`that end as ${kind} stay unread in the first run already, and say why`, async () => {
      const { kept, all } = ports({ said: fails(kind) });
      const outcome = await readPages([scan(1), scan(2)], "pdf", all);
      assert.deepEqual(outcome.kind === "read" && [sources(outcome), kept.size], [["ocr", `none ${kind}`], 1]);
    });
  }

  for (const kind of ["unauthorized", "model-missing", "misconfigured", "document-changed", "egress-breach", "unknown"] as const) {
    it(`that end as ${kind} fail the document in the last run too: a person must act, and it is not the page's fault`, async () => {
      const outcome = await readPages([text(1), scan(2)], "pdf", ports({ said: fails(kind), isLastRun: true }).all);
      assert.deepEqual(outcome.kind === "failed" && outcome.fault.kind, kind);
    });
  }

  it("of which only the picture beside the text cannot be read keep their text, and say that the picture is missing", async () => {
    const beside: Page = { ...text(2), flags: ["large-picture"] };
    const first = await readPages([text(1), beside], "pdf", ports({ said: fails("timed-out") }).all);
    assert.equal(first.kind, "failed");
    const { pages } = await read([text(1), beside], ports({ said: fails("timed-out"), isLastRun: true }));
    assert.deepEqual([pages[1]?.text, sources({ pages })], [ACT, ["text-layer", "text-layer timed-out"]]);
  });

  it("that have a photograph beside their text are drawn once and not turned", async () => {
    const bench = ports({ said: () => answered("~ i", 20) });
    const { pages } = await read([{ ...text(1), flags: ["large-picture"] }], bench);
    assert.deepEqual([bench.drawn, pages[0]?.reading.source, [...bench.kept.keys()].length], [["1@0"], "text-layer", 1]);
  });

  it("that are put off are never left unread, whatever failed before them", async () => {
    const off = { kind: "postponed", until: new Date("2026-11-25T12:00:00Z"), why: "busy" } as const;
    const said = (page: number) => (page === 3 ? off : fails("timed-out")(page));
    assert.deepEqual(await readPages([scan(1), scan(2), scan(3)], "pdf", ports({ said, isLastRun: true }).all), off);
  });

  it("that were given up because the run was stopped, or its time is over, are never left unread", async () => {
    const stop = new AbortController();
    const said = (page: number) => {
      if (page === 2) stop.abort(new Fault("timed-out", "the job did not end in time"));
      return fails("timed-out")(page);
    };
    const bench = ports({ said, isLastRun: true, signal: stop.signal });
    await assert.rejects(readPages([scan(1), scan(2)], "pdf", bench.all), (error) => error === stop.signal.reason);
    assert.equal(bench.closed(), 1);
  });

  it("fail the document when none of them could be read: then it is the engine, and a person must see it", async () => {
    const said = () => ({ kind: "failed", fault: new Fault("server-error", "x") }) as const;
    const outcome = await readPages([scan(1), scan(2)], "pdf", ports({ said, isLastRun: true }).all);
    assert.deepEqual(outcome.kind === "failed" && outcome.fault.kind, "server-error");
  });

  it("of a text file are never drawn", async () => {
    const { pages } = await read([{ number: 1, text: "", readable: "empty", flags: [] }], ports(), "text");
    assert.deepEqual(pages[0]?.reading, { page: 1, source: "none", confidence: null, flags: ["empty"] });
  });
});
