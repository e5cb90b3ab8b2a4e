import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Page, readDocument } from "../../src/documents/read.ts";
import { listDocuments, type ShelfItem } from "../../src/documents/shelf.ts";

const CORPUS = join(import.meta.dirname, "../../../shared/corpus");
const absent = existsSync(CORPUS) ? false : "the corpus of real documents (../shared/corpus) is not on this machine";

interface Truth {
  readonly file: string;
  readonly pages: number;
  readonly text_layer: "text" | "none" | "stamp-only" | "garbled" | "mixed" | "poor-ocr";
}

/** What each kind of text layer must be taken for. */
const EXPECTED: Readonly<Record<Truth["text_layer"], "read" | "ocr" | "both">> = {
  text: "read",
  none: "ocr",
  "stamp-only": "ocr",
  garbled: "ocr",
  mixed: "both",
  "poor-ocr": "ocr",
};

describe("the 43 real PDFs of the corpus", { skip: absent }, () => {
  it("are all read with the right number of pages, and sent to OCR exactly when their text cannot be used", async (t) => {
    const { documents } = JSON.parse(readFileSync(join(CORPUS, "ground-truth.json"), "utf8")) as { readonly documents: readonly Truth[] };
    const root = join(CORPUS, "pdf");
    const wrong: string[] = [];
    const counts: Record<string, number> = {};
    const items = documentsOf(await listDocuments(root));
    for (const item of items) {
      const truth = documents.find((document) => document.file === item.file);
      const { pages } = await readDocument(root, item, { signal: t.signal });
      const key = `${truth?.text_layer} -> ${takenFor(pages)}`;
      counts[key] = (counts[key] ?? 0) + 1;
      if (truth?.pages !== pages.length || !isRight(truth, pages)) wrong.push(`${item.file}: ${key}, ${pages.length} pages`);
    }
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
    assert.equal(items.length, documents.length);
  });

  it("are listed twice where the same bytes lie under two names", async () => {
    const items = documentsOf(await listDocuments(join(CORPUS, "pdf"))).map((item) => item.sha256);
    assert.equal(items.length - new Set(items).size, 1);
  });
});

const documentsOf = (items: readonly ShelfItem[]) => items.filter((item) => item.kind === "document");

const takenFor = (pages: readonly Page[]) =>
  pages.every((page) => page.readable !== "text") ? "ocr" : pages.some((page) => page.readable === "empty") ? "both" : "read";

const isRight = (truth: Truth, pages: readonly Page[]): boolean => EXPECTED[truth.text_layer] === takenFor(pages);
