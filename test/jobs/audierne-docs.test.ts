import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { audierneDocs, DocsPayload } from "../../jobs/audierne-docs.ts";
import { readConfig } from "../../src/config.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";
import type { DocumentResult, UnreadFile } from "../../src/documents/analysis.ts";
import type { PageReading, UnreadReason } from "../../src/documents/page.ts";
import type { DocumentText, Page } from "../../src/documents/read.ts";
import type { ShelfItem } from "../../src/documents/shelf.ts";
import { ANALYSED } from "../documents/sample-results.ts";
import { answered, type Bench, context } from "./context.ts";

const job = audierneDocs(readConfig({ DOCUMENTS_CONCURRENCY: "7" }));
const HASH = "a".repeat(64);
const DOCUMENT: DocsPayload = { kind: "document", sha256: HASH, files: ["a.txt", "b.txt"] };
const SCAN: DocsPayload = { kind: "scan", instant: "2026-11-24T12:00:00.000Z" };

const SENTENCE = "Le conseil municipal a approuvé les travaux du quai des Goémoniers pour un montant de 12 500 €.\n";
const page = (number: number, times = 60): Page => ({ number, text: SENTENCE.repeat(times), readable: "text", flags: [] });
const blank = (number: number): Page => ({ number, text: "", readable: "empty", flags: ["empty"] });
const textOf = (pages: readonly Page[]): DocumentText => ({ format: "pdf", bytes: 9, sha256: HASH, pages, activeContent: false });
const noPictures = () => Promise.reject(new Fault("unreadable-document", "it cannot be drawn"));
const reading = (pages: readonly Page[]) => ({
  documents: { list: async () => [], read: async () => textOf(pages), pictures: noPictures },
});
const listing = (items: readonly ShelfItem[]) => ({
  documents: { list: async () => items, read: () => Promise.reject(new Fault("unknown", "not read")), pictures: noPictures },
});
const item = (file: string, sha256 = HASH): ShelfItem => ({ kind: "document", file, format: "text", bytes: 1, sha256 });
const enqueuedBy = async (bench: Bench) => ({ ended: await job.run(SCAN, bench), enqueued: bench.enqueued });

describe("a scan of the folder", () => {
  it("puts each content in line once, with all its names", async () => {
    const { ended, enqueued } = await enqueuedBy(context(listing([item("a.txt"), item("b.txt", "b".repeat(64)), item("c.txt")])));
    assert.deepEqual(enqueued, [
      { kind: "document", sha256: HASH, files: ["a.txt", "c.txt"] },
      { kind: "document", sha256: "b".repeat(64), files: ["b.txt"] },
    ]);
    assert.deepEqual(ended, { kind: "done", result: { documents: 2, enqueued: 2, unchanged: 0, refused: 0 } });
  });

  it("passes over what has a result, but not what was analysed before scans were read", async () => {
    const result = ({ reading }: { reading: boolean }): DocumentResult => ({
      ...ANALYSED,
      document: { ...ANALYSED.document, files: ["a.txt"], ...(reading && { reading: [] }) },
    });
    const counts = async (known: DocumentResult) => {
      const bench = context({ ...listing([item("a.txt")]), results: { ...context().results, get: async () => known } });
      return (await job.run(SCAN, bench)) as unknown;
    };
    assert.deepEqual(await counts(result({ reading: true })), {
      kind: "done",
      result: { documents: 1, enqueued: 0, unchanged: 1, refused: 0 },
    });
    assert.deepEqual(await counts(result({ reading: false })), {
      kind: "done",
      result: { documents: 1, enqueued: 1, unchanged: 0, refused: 0 },
    });
  });

  it("puts a document in line again a day later of which a page was left out that may be read by now, and no other", async () => {
    const after = (hours: number, unread: UnreadReason) => {
      const reading: readonly PageReading[] = [{ page: 1, source: "none", confidence: null, flags: ["scan"], unread }];
      const known = { ...ANALYSED, document: { ...ANALYSED.document, files: ["a.txt"], reading } };
      const now = () => new Date(Date.parse(known.production.at) + hours * 3_600_000);
      return enqueuedBy(context({ ...listing([item("a.txt")]), now, results: { ...context().results, get: async () => known } }));
    };
    const counts = await Promise.all([after(23.9, "timed-out"), after(24, "timed-out"), after(900, "unreadable-document")]);
    assert.deepEqual(
      counts.map(({ enqueued }) => enqueued.length),
      [0, 1, 0],
    );
  });

  it("puts what cannot be read in line as well, with the reason, so that it is seen to fail and is not missed in silence", async () => {
    const refused: ShelfItem = { kind: "refused", file: "link.pdf", fault: new Fault("unreadable-document", "this is a link") };
    const { ended, enqueued } = await enqueuedBy(context(listing([refused])));
    assert.deepEqual(enqueued, [{ kind: "refused", file: "link.pdf", reason: "this is a link" }]);
    assert.deepEqual(ended, { kind: "done", result: { documents: 0, enqueued: 0, unchanged: 0, refused: 1 } });
    const payload: DocsPayload = { kind: "refused", file: "link.pdf", reason: "this is a link" };
    await assert.rejects(job.run(payload, context()), (error) => error instanceof Fault && error.kind === "unreadable-document");
  });

  it("takes a thousand copies of one file, and any length of their names, for one document that a job can carry", async () => {
    for (const name of ["x", "é".repeat(1_500)]) {
      const { enqueued } = await enqueuedBy(context(listing(Array.from({ length: 2_000 }, (_, i) => item(`${i} ${name}.txt`)))));
      assert.equal(enqueued.length, 1);
      assert.ok(DocsPayload.safeParse(enqueued[0]).success);
      assert.ok(Buffer.byteLength(JSON.stringify(enqueued[0])) < 64 * 1_024);
    }
  });
});

describe("a document", () => {
  it("is asked about piece by piece, each once, and its result has every page", async () => {
    const bench = context(reading([page(1), blank(2), page(3), page(4, 200)]));
    const ended = await job.run(DOCUMENT, bench);
    const [result] = bench.put;
    assert.equal(new Set(bench.asked).size, bench.asked.length);
    assert.ok(bench.asked.length > 3);
    assert.deepEqual([result?.status, result?.document.pages, result?.document.pagesWithoutText], ["analysed", 4, [2]]);
    assert.deepEqual([result?.production.answers.length, result?.production.practice], [bench.asked.length, true]);
    assert.equal((ended.kind === "done" && (ended.result as { pages: number }).pages) || 0, 4);
  });

  it("that is a transcript has no speaker's name in what is asked, stored and quoted", async () => {
    const turn = (name: string, minute: number) =>
      `00:0${minute}:00 ${name}\nMerci Maëlle. Le conseil a approuvé les travaux du quai des Goémoniers pour un montant de 12 500 €.\n\n`;
    const text = [turn("Maëlle Kerdraon", 1), turn("Yann Le Guirriec", 2), turn("Maelle Kerdraon", 3)].join("");
    const bench = context(reading([{ number: 1, text, readable: "text", flags: [] }]));
    await job.run(DOCUMENT, bench);
    const [result] = bench.put;
    assert.equal(result?.document.speakersMasked, 2);
    assert.ok(bench.asked.some((asked) => asked.includes("00:02:00 Intervenant_2\nMerci Intervenant_1.")));
    assert.doesNotMatch(`${bench.asked.join("")}${JSON.stringify(bench.put)}`, /kerdraon|guirriec|ma[eë]lle/i);
  });

  it("shows pages that only grow, to the last one", async () => {
    const bench = context(reading([page(1), page(2), page(3, 300)]));
    await job.run(DOCUMENT, bench);
    const done = bench.shown.filter(({ doing }) => doing !== "reading").map((progress) => progress.done);
    assert.ok(
      done.every((number, index) => number >= (done[index - 1] ?? 0)),
      done.join(" "),
    );
    assert.deepEqual([done[0], done.at(-1), bench.shown.at(-1)?.total], [0, 3, 3]);
  });

  it("without a text is reported as needing OCR; no model is asked, nothing is summarised", async () => {
    const bench = context(
      reading([blank(1), { number: 2, text: "Signé électroniquement", readable: "stamp" as Page["readable"], flags: ["stamp-only"] }]),
    );
    await job.run(DOCUMENT, bench);
    const [result] = bench.put;
    assert.deepEqual(
      [bench.asked, result?.status, result?.summary, result?.themes, result?.production.answers],
      [[], "no-text", [], [], []],
    );
  });

  for (const [what, end] of [
    ["put off", { kind: "postponed", until: new Date(), why: "busy" }],
    ["failed", { kind: "failed", fault: new Fault("invalid-answer", "no JSON") }],
  ] as const) {
    it(`of which one piece is ${what} is ${what} as a whole: no half report, and nothing more is asked`, async () => {
      let asked = 0;
      const bench = context({
        ...reading([page(1), page(2), page(3)]),
        complete: async <Result>(question: Parameters<typeof answered<Result>>[0]): Promise<Outcome<Result>> => {
          asked += 1;
          return asked === 2 ? end : answered(question);
        },
      });
      assert.deepEqual([await job.run(DOCUMENT, bench), bench.put, asked], [end, [], 2]);
    });
  }

  it("that was removed under one name is read under another, and fails when it is under none", async () => {
    const tried: string[] = [];
    const read = async ({ file }: { readonly file: string }): Promise<DocumentText> => {
      tried.push(file);
      if (file === "b.txt") return textOf([page(1)]);
      throw new Fault("document-changed", "the file is another one");
    };
    const bench = context({ documents: { list: async () => [], read, pictures: noPictures } });
    assert.equal((await job.run(DOCUMENT, bench)).kind, "done");
    assert.deepEqual(tried, ["a.txt", "b.txt"]);
    const gone = job.run({ ...DOCUMENT, files: ["a.txt"] }, bench);
    await assert.rejects(gone, (error) => error instanceof Fault && error.kind === "document-changed");
  });

  it("that cannot be read fails visibly and is named in the list of reports", async () => {
    const named: UnreadFile[] = [];
    const results = { ...context().results, setUnread: async (file: UnreadFile) => void named.push(file) };
    const read = () => Promise.reject(new Fault("unreadable-document", "the PDF asks for a password"));
    const bench = context({ results, documents: { list: async () => [], read, pictures: noPictures } });
    await assert.rejects(job.run(DOCUMENT, bench), (error) => error instanceof Fault && error.kind === "unreadable-document");
    await assert.rejects(job.run({ kind: "refused", file: "lien.pdf", reason: "it is a link" }, bench));
    assert.deepEqual(
      named.map(({ files, reason }) => [...files, reason]),
      [
        ["a.txt", "b.txt", "the PDF asks for a password"],
        ["lien.pdf", "it is a link"],
      ],
    );
  });

  it("of which the work is stopped while it is read is not tried under its other names", async () => {
    const stop = new AbortController();
    let reads = 0;
    const read = async (): Promise<DocumentText> => {
      reads += 1;
      stop.abort(new Fault("cancelled", "the worker is stopping"));
      throw stop.signal.reason;
    };
    const bench = context({ signal: stop.signal, documents: { list: async () => [], read, pictures: noPictures } });
    await assert.rejects(job.run(DOCUMENT, bench), (error) => error instanceof Fault && error.kind === "cancelled");
    assert.equal(reads, 1);
  });
});

it("public papers wait two hours for the local model, behind everybody, as many at a time as is set", () => {
  assert.deepEqual([job.policy.slotWaitMs, job.policy.priority, job.policy.concurrency], [7_200_000, 10, 7]);
});
