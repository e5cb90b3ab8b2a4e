import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { OcrAnswer, OcrRequest } from "../../src/capabilities/ocr/contract.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";
import { readAct } from "../../src/documents/act/read-act.ts";
import { pagePictures } from "../../src/documents/page-pictures.ts";
import { readDocument } from "../../src/documents/read.ts";
import { type PagePorts, readPages } from "../../src/documents/read-pages.ts";
import type { ScannedPage } from "../../src/documents/scan.ts";
import { listDocuments, type ShelfItem } from "../../src/documents/shelf.ts";
import { actPageOf } from "../../src/documents/stated.ts";
import { UsageError } from "../command.ts";
import type { Case, DocumentRead } from "./score.ts";
import type { Truth } from "./truth.ts";

export interface ReadAsk {
  readonly signal: AbortSignal;
  readonly ocr: (request: OcrRequest) => Promise<Outcome<OcrAnswer>>;
  /** A folder in which each page that was read by OCR is kept, and taken from the next time. */
  readonly keep?: string | undefined;
  /** After each document, and after each of its pages that needed OCR. */
  readonly onProgress: (done: number, total: number) => void;
}

/** The folder with the PDFs of a corpus. @throws UsageError when a document of the ground truth is not there */
export function pdfFolder(corpus: string, truths: readonly Truth[]): string {
  const root = ["pdf", "documents"].map((name) => join(corpus, name)).find((folder) => existsSync(folder)) ?? corpus;
  if (!existsSync(root)) throw new UsageError(`there is no corpus at ${corpus}`);
  const missing = truths.filter(({ file }) => !existsSync(join(root, file))).map(({ file }) => file);
  if (missing.length === 0) return root;
  throw new UsageError(
    `${missing.length} of ${truths.length} documents of the ground truth are not in ${root}, the first is ${missing[0]}`,
  );
}

/** Reads each document as the job does, then by the rules; some side by side, in the order of the ground truth. */
export async function readAll(root: string, truths: readonly Truth[], ask: ReadAsk): Promise<readonly Case[]> {
  const shelf = await listDocuments(root, ask.signal);
  const reads: DocumentRead[] = [];
  const queue = truths.entries();
  let done = 0;
  // OCR takes one core for each page.
  const lanes = Array.from({ length: availableParallelism() }, async () => {
    for (const [index, { file }] of queue) {
      const item = shelf.find((one) => one.file === file);
      reads[index] = await readOne(root, item, { ...ask, onProgress: () => ask.onProgress(done, truths.length) });
      done += 1;
      ask.onProgress(done, truths.length);
    }
  });
  await Promise.all(lanes);
  return truths.map((truth, index) => ({ truth, read: reads[index] ?? { kind: "without-outcome" } }));
}

type Listed = Extract<ShelfItem, { readonly kind: "document" }>;

async function readOne(root: string, item: ShelfItem | undefined, ask: ReadAsk): Promise<DocumentRead> {
  if (item === undefined) return { kind: "without-outcome" };
  if (item.kind === "refused") return { kind: "refused", why: item.fault.message };
  try {
    const { pages, format } = await readDocument(root, item, { signal: ask.signal });
    const read = await readPages(pages, format, portsOf(root, item, ask));
    if (read.kind !== "read") return { kind: "refused", why: read.kind === "failed" ? read.fault.message : `postponed: ${read.why}` };
    const acts = read.pages.map(actPageOf);
    return { kind: "read", pages: acts, facts: readAct(acts) };
  } catch (error) {
    ask.signal.throwIfAborted();
    if (error instanceof Fault) return { kind: "refused", why: error.message };
    return { kind: "crashed", why: error instanceof Error ? error.name : "something was thrown" };
  }
}

function portsOf(root: string, { file, sha256 }: Listed, { signal, ocr, keep, onProgress }: ReadAsk): PagePorts {
  return {
    signal,
    ocr,
    // There is no other: a page that cannot be read now is missing from what is measured, and its document is not.
    isLastRun: true,
    pictures: () => pagePictures(root, { files: [file], sha256 }, signal),
    once: (step, read) => (keep === undefined ? read() : onceIn(join(keep, `${sha256}.${step}.json`), read)),
    onPage: onProgress,
  };
}

async function onceIn(file: string, read: () => Promise<Outcome<ScannedPage>>): Promise<Outcome<ScannedPage>> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Outcome<ScannedPage>;
  const outcome = await read();
  if (outcome.kind === "answered") writeFileSync(file, JSON.stringify(outcome));
  return outcome;
}
