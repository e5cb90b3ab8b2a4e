import type { AnsweredBy } from "../src/core/attempt.ts";
import type { DocumentResult, TestContribution } from "../src/documents/analysis.ts";
import type { MergedAnalysis } from "../src/documents/merge.ts";
import { PROMPT_VERSION } from "../src/documents/prompt.ts";
import { withBoxes } from "../src/documents/quote-box.ts";
import type { DocumentText } from "../src/documents/read.ts";
import type { ReadPage } from "../src/documents/read-pages.ts";
import { isPractice } from "../src/practice/models.ts";
import type { DocumentPayload } from "./audierne-docs.ts";

export interface Analysed {
  readonly payload: DocumentPayload;
  readonly text: DocumentText;
  readonly pages: readonly ReadPage[];
  readonly startedAt: Date;
  readonly answers: readonly AnsweredBy[];
  /** Who read the pages that needed OCR, one for each. */
  readonly readBy: readonly AnsweredBy[];
  readonly speakersMasked: number;
  /** Absent for a document without a text: nothing is summarised from nothing. */
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

/** All that is stored of a document. */
export const documentResult = ({ payload, text, pages, merged, ...analysed }: Analysed): DocumentResult => ({
  schemaVersion: 1,
  document: {
    sha256: payload.sha256,
    files: payload.files,
    bytes: text.bytes,
    format: text.format,
    pages: text.pages.length,
    pagesWithoutText: pages.filter(({ reading }) => reading.source === "none").map(({ number }) => number),
    reading: pages.map(({ reading }) => reading),
    hasActiveContent: text.activeContent,
    speakersMasked: analysed.speakersMasked,
  },
  status: merged === undefined ? "no-text" : "analysed",
  ...(merged === undefined ? NOTHING_READ : withBoxes(merged, pages)),
  production: {
    at: analysed.startedAt.toISOString(),
    promptVersion: PROMPT_VERSION,
    practice: analysed.answers.some((answer) => isPractice(answer.model)),
    answers: analysed.answers,
    readBy: analysed.readBy,
    reviewed: false,
  },
  dataset: analysed.dataset ?? [],
});
