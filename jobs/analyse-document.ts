import type { AnsweredBy } from "../src/core/attempt.ts";
import { Fault } from "../src/core/fault.ts";
import type { JobOutcome } from "../src/core/job.ts";
import type { ChunkAnswer, TestContribution, Theme } from "../src/documents/analysis.ts";
import { underAnyName } from "../src/documents/any-name.ts";
import { type Chunk, splitIntoChunks } from "../src/documents/chunk.ts";
import { testContributions } from "../src/documents/dataset.ts";
import { mergeAnswers } from "../src/documents/merge.ts";
import { acceptChunk, acceptTheme, chunkPrompt, PROMPT_VERSION, repairPrompt, themePrompt } from "../src/documents/prompt.ts";
import type { DocumentText } from "../src/documents/read.ts";
import { type PagesRead, type ReadPage, readPages } from "../src/documents/read-pages.ts";
import { maskSpeakers } from "../src/documents/speakers.ts";
import { actPageOf, withStated } from "../src/documents/stated.ts";
import { isPractice } from "../src/practice/models.ts";
import type { DocumentPayload } from "./audierne-docs.ts";
import type { JobContext } from "./context.ts";
import { documentResult } from "./document-result.ts";
import { progressOf } from "./progress.ts";
import { shortHash } from "./short-hash.ts";

/**
 * Reads a document, page by page, asks about each piece of it, and stores what was found. Each page that OCR read and each answer is
 * on the disk before the next is asked for: a run that is killed goes on where it was.
 *
 * @param chunkChars  size of one piece, in UTF-16 units
 */
export async function analyseDocument(payload: DocumentPayload, context: JobContext, chunkChars: number): Promise<JobOutcome<object>> {
  const startedAt = context.now();
  const show = progressOf(context);
  const text = await readText(payload, context, show);
  const read = await readAll(payload, text, context, show);
  if (read.kind !== "read") return read;
  const { pages, speakersMasked } = withMaskedSpeakers(read.pages);
  const answers: AnsweredBy[] = [];
  const known = { payload, text, pages, startedAt, answers, readBy: read.by, speakersMasked };
  const readable = pages.filter(({ text: said }) => /\S/.test(said));
  // Nothing is summarised from nothing.
  if (readable.length === 0) return await finish(documentResult(known), context);

  const chunks = splitIntoChunks(readable, chunkChars);
  const found: ChunkAnswer[] = [];
  for (const chunk of chunks) {
    await show({ done: pagesDone(chunks, found.length), total: readable.length, unit: "pages", doing: "analysing" });
    const outcome = await askChunk(payload, chunk, context);
    if (outcome.kind !== "answered") return outcome;
    found.push(outcome.result);
    answers.push(outcome.by);
  }
  const merged = withStated(mergeAnswers({ pages: readable, chunks, answers: found }), pages.map(actPageOf));
  const dataset: TestContribution[] = [];
  for (const [index, theme] of merged.themes.entries()) {
    await show({ done: readable.length, total: readable.length, unit: "pages", doing: "writing" });
    const outcome = await askTheme(payload, theme, context);
    if (outcome.kind !== "answered") return outcome;
    answers.push(outcome.by);
    const source = isPractice(outcome.by.model) ? "practice" : "model";
    dataset.push(...testContributions(theme, outcome.result, source, { sha256: payload.sha256, themeNumber: index + 1 }));
  }
  return await finish(documentResult({ ...known, merged, dataset }), context);
}

async function readText(payload: DocumentPayload, context: JobContext, show: Show): Promise<DocumentText> {
  const onPage = (done: number, total: number) => void show({ done, total, unit: "pages", doing: "reading" });
  const { files, sha256 } = payload;
  const { signal } = context;
  try {
    return await underAnyName(files, signal, (file) => context.documents.read({ file, sha256 }, { signal, onPage }));
  } catch (error) {
    // Named in the list of reports, and then it fails visibly.
    if (!signal.aborted && error instanceof Fault && error.kind === "unreadable-document") {
      await context.results.setUnread({ key: sha256, files, reason: error.message });
    }
    throw error;
  }
}

type Show = ReturnType<typeof progressOf>;

const readAll = ({ sha256, files }: DocumentPayload, text: DocumentText, context: JobContext, show: Show): Promise<PagesRead> =>
  readPages(text.pages, text.format, {
    signal: context.signal,
    pictures: () => context.documents.pictures({ files, sha256 }, context.signal),
    ocr: (request) => context.ocr(request),
    once: (step, read) => context.once({ sha256, step }, read),
    isLastRun: context.isLastRun,
    onPage: (done, total) => void show({ done, total, unit: "pages", doing: "reading" }),
  });

/** Before anything else sees the text: what is asked, quoted, stored and published has the masks and no names. */
function withMaskedSpeakers(pages: readonly ReadPage[]): { readonly pages: readonly ReadPage[]; readonly speakersMasked: number } {
  const { texts, speakers } = maskSpeakers(pages.map((page) => page.text));
  return { pages: pages.map((page, index) => ({ ...page, text: texts[index] ?? "" })), speakersMasked: speakers };
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

async function finish(result: ReturnType<typeof documentResult>, context: JobContext): Promise<JobOutcome<object>> {
  await context.results.put(result);
  const { pages, sha256 } = result.document;
  await context.progress({ done: pages, total: pages, unit: "pages", doing: "writing" });
  const { checked, found } = result.quotes;
  return { kind: "done", result: { status: result.status, sha256, pages, quotesChecked: checked, quotesFound: found } };
}
