import { createHash } from "node:crypto";
import { z } from "zod";
import type { Config } from "../src/config.ts";
import type { AnsweredBy } from "../src/core/attempt.ts";
import { Fault } from "../src/core/fault.ts";
import type { JobDefinition, JobOutcome } from "../src/core/job.ts";
import type { ChunkAnswer, DocumentResult, TestContribution, Theme } from "../src/documents/analysis.ts";
import { type Chunk, splitIntoChunks } from "../src/documents/chunk.ts";
import { testContributions } from "../src/documents/dataset.ts";
import { type MergedAnalysis, mergeAnswers } from "../src/documents/merge.ts";
import { acceptChunk, acceptTheme, chunkPrompt, PROMPT_VERSION, repairPrompt, themePrompt } from "../src/documents/prompt.ts";
import type { DocumentText } from "../src/documents/read.ts";
import { needsOcr } from "../src/documents/readable.ts";
import { groupByContent } from "../src/documents/same-content.ts";
import { maskSpeakers } from "../src/documents/speakers.ts";
import { isPractice } from "../src/practice/models.ts";
import type { JobContext } from "./context.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.string().min(1).max(4_096);

/** A look at the whole folder, one document of it, or a name in it that cannot be read and must be seen to fail. */
export const DocsPayload = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("scan"), instant: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) }),
  z.strictObject({ kind: z.literal("document"), sha256, files: z.array(file).min(1).max(1_000) }),
  z.strictObject({ kind: z.literal("refused"), file, reason: z.string().min(1).max(500) }),
]);
export type DocsPayload = z.infer<typeof DocsPayload>;
type DocumentPayload = Extract<DocsPayload, { kind: "document" }>;

const HALF_A_DAY_MS = 43_200_000;

/** Analyses the municipal documents of a folder. A document is its content: the same bytes are analysed once. */
export const audierneDocs = (config: Config): JobDefinition<DocsPayload, JobContext, object> => ({
  name: "audierne-docs",
  payload: DocsPayload,
  policy: {
    // Public papers are in no hurry.
    slotWaitMs: config.DOCUMENTS_WAIT_S * 1_000,
    runMs: HALF_A_DAY_MS,
    priority: 10,
    attempts: 3,
    backoffMs: 30_000,
    concurrency: config.DOCUMENTS_CONCURRENCY,
  },
  jobId(payload) {
    if (payload.kind === "scan") return `scan-${payload.instant.replace(/\D/g, "")}`;
    if (payload.kind === "refused") return `refused-${shortHash([payload.file, payload.reason])}`;
    // The names belong to the id: a second name of known bytes is a job of its own, answered from the disk.
    return `document-${payload.sha256.slice(0, 16)}-${shortHash(payload.files)}`;
  },
  async run(payload, context) {
    if (payload.kind === "scan") return await scan(context);
    if (payload.kind === "refused") throw new Fault("unreadable-document", payload.reason);
    return await analyse(payload, context);
  },
});

const shortHash = (parts: readonly string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);

/** Enqueues every document that has no result yet, or has got another name. */
async function scan(context: JobContext): Promise<JobOutcome<object>> {
  const items = await context.documents.list(context.signal);
  const counts = { documents: 0, enqueued: 0, unchanged: 0, refused: 0 };
  for (const [hash, files] of groupByContent(items)) {
    counts.documents += 1;
    const known = await context.results.get(hash);
    if (known !== undefined && known.document.files.join("\n") === files.join("\n")) counts.unchanged += 1;
    else {
      const added = await context.enqueue("audierne-docs", { kind: "document", sha256: hash, files }, { again: true });
      if (added.kind === "added") counts.enqueued += 1;
    }
  }
  for (const item of items) {
    if (item.kind !== "refused") continue;
    counts.refused += 1;
    await context.enqueue("audierne-docs", { kind: "refused", file: item.file, reason: item.fault.message });
  }
  return { kind: "done", result: counts };
}

async function analyse(payload: DocumentPayload, context: JobContext): Promise<JobOutcome<object>> {
  const startedAt = context.now();
  const { text, speakersMasked } = withMaskedSpeakers(await readText(payload, context));
  const answers: AnsweredBy[] = [];
  const readable = text.pages.filter((page) => page.readable === "text");
  if (needsOcr(text.pages)) return await finish(payload, context, documentResult(payload, text, { startedAt, answers, speakersMasked }));

  const chunks = splitIntoChunks(readable);
  const found: ChunkAnswer[] = [];
  for (const chunk of chunks) {
    await context.progress({ done: pagesDone(chunks, found.length), total: readable.length, unit: "pages", doing: "analysing" });
    const outcome = await askChunk(payload, chunk, context);
    if (outcome.kind !== "answered") return outcome;
    found.push(outcome.result);
    answers.push(outcome.by);
  }
  const merged = mergeAnswers({ pages: readable, chunks, answers: found });
  const dataset: TestContribution[] = [];
  for (const [index, theme] of merged.themes.entries()) {
    await context.progress({ done: readable.length, total: readable.length, unit: "pages", doing: "writing" });
    const outcome = await askTheme(payload, theme, context);
    if (outcome.kind !== "answered") return outcome;
    answers.push(outcome.by);
    const source = isPractice(outcome.by.model) ? "practice" : "model";
    dataset.push(...testContributions(theme, outcome.result, source, { sha256: payload.sha256, themeNumber: index + 1 }));
  }
  return await finish(payload, context, documentResult(payload, text, { startedAt, answers, speakersMasked, merged, dataset }));
}

/** Any of the names will do: one may have been removed since the scan. */
async function readText(payload: DocumentPayload, context: JobContext): Promise<DocumentText> {
  const onPage = (done: number, total: number) => void context.progress({ done, total, unit: "pages", doing: "reading" });
  let last: unknown;
  for (const file of payload.files) {
    try {
      return await context.documents.read({ file, sha256: payload.sha256 }, { signal: context.signal, onPage });
    } catch (error) {
      if (context.signal.aborted) throw error;
      last = error;
    }
  }
  throw last;
}

/** Before anything else sees the text: what is asked, quoted, stored and published has the masks and no names. */
function withMaskedSpeakers(text: DocumentText): { readonly text: DocumentText; readonly speakersMasked: number } {
  const { texts, speakers } = maskSpeakers(text.pages.map((page) => page.text));
  const pages = text.pages.map((page, index) => ({ ...page, text: texts[index] ?? "" }));
  return { text: { ...text, pages }, speakersMasked: speakers };
}

/** Pages of which every piece is answered. */
function pagesDone(chunks: readonly Chunk[], answered: number): number {
  const open = new Set(chunks.slice(answered).flatMap((chunk) => chunk.pages));
  return new Set(chunks.slice(0, answered).flatMap((chunk) => chunk.pages.filter((page) => !open.has(page)))).size;
}

const askChunk = (payload: DocumentPayload, chunk: Chunk, context: JobContext) =>
  context.once({ sha256: payload.sha256, step: `${PROMPT_VERSION}-chunk-${chunk.id}` }, () =>
    context.complete({
      dataClass: "document",
      prompt: chunkPrompt(chunk, context.town),
      accept: (completion, asked) => acceptChunk(completion, chunk, asked),
      repair: repairPrompt,
    }),
  );

const askTheme = (payload: DocumentPayload, theme: Theme, context: JobContext) =>
  context.once({ sha256: payload.sha256, step: `${PROMPT_VERSION}-theme-${shortHash([theme.category, theme.title])}` }, () =>
    context.complete({
      dataClass: "document",
      prompt: themePrompt(theme, context.town),
      accept: (completion, asked) => acceptTheme(completion, asked),
      repair: repairPrompt,
    }),
  );

interface Analysed {
  readonly startedAt: Date;
  readonly answers: readonly AnsweredBy[];
  readonly speakersMasked: number;
  /** Absent for a document that needs OCR: nothing is summarised from nothing. */
  readonly merged?: MergedAnalysis;
  readonly dataset?: readonly TestContribution[];
}

const NOTHING_READ: MergedAnalysis = {
  act: { kind: "autre", number: null, date: null, title: null },
  summary: [],
  themes: [],
  claims: [],
  quotes: { checked: 0, found: 0 },
};

const documentResult = (payload: DocumentPayload, text: DocumentText, analysed: Analysed): DocumentResult => ({
  schemaVersion: 1,
  document: {
    sha256: payload.sha256,
    files: payload.files,
    bytes: text.bytes,
    format: text.format,
    pages: text.pages.length,
    pagesWithoutText: text.pages.filter((page) => page.readable !== "text").map((page) => page.number),
    speakersMasked: analysed.speakersMasked,
  },
  status: analysed.merged === undefined ? "needs-ocr" : "analysed",
  ...(analysed.merged ?? NOTHING_READ),
  production: {
    at: analysed.startedAt.toISOString(),
    promptVersion: PROMPT_VERSION,
    practice: analysed.answers.some((answer) => isPractice(answer.model)),
    answers: analysed.answers,
    reviewed: false,
  },
  dataset: analysed.dataset ?? [],
});

async function finish(payload: DocumentPayload, context: JobContext, result: DocumentResult): Promise<JobOutcome<object>> {
  await context.results.put(result);
  const pages = result.document.pages;
  await context.progress({ done: pages, total: pages, unit: "pages", doing: "writing" });
  const { checked, found } = result.quotes;
  return { kind: "done", result: { status: result.status, sha256: payload.sha256, pages, quotesChecked: checked, quotesFound: found } };
}
