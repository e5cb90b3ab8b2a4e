import type { LedgerEntry } from "../../src/core/ledger.ts";
import type { DocumentResult, Evidence } from "../../src/documents/analysis.ts";
import { isPractice } from "../../src/practice/models.ts";
import { comparable } from "./quote.ts";
import type { Fact, Truth } from "./truth.ts";

export interface ModelCase {
  readonly truth: Truth;
  readonly end: { readonly kind: "analysed"; readonly result: DocumentResult } | { readonly kind: "failed"; readonly why: string };
}

export interface ModelRun {
  readonly model: string;
  readonly cases: readonly ModelCase[];
  /** Of this folder's ledger, earlier runs included. */
  readonly entries: readonly LedgerEntry[];
}

/** `share` is null where nothing was counted: never 0. */
interface Share {
  readonly share: number | null;
}

export interface ModelScore {
  readonly model: string;
  /** The practice model, which is no language model: its figures show that the way is clear and nothing else. */
  readonly practice: boolean;
  readonly documents: number;
  readonly analysed: number;
  readonly withoutText: number;
  readonly failed: number;
  /** Answers that came, and those of the asked shape; a repaired one counts twice, once for each. */
  readonly answers: Share & { readonly given: number; readonly valid: number };
  /** Questions without any answer: too slow, cut off. */
  readonly unanswered: number;
  /** Quotes of the model, and those that stand in the document. */
  readonly quotes: Share & { readonly checked: number; readonly found: number };
  /** Facts of the ground truth, and those that a printed quote of the model has. */
  readonly facts: Share & { readonly stated: number; readonly found: number };
  /** Pages with a text, of the analysed documents. */
  readonly pages: number;
  /** Of the model at work, waiting for its turn not counted; null without a page. */
  readonly secondsPerPage: number | null;
  readonly failures: readonly { readonly file: string; readonly what: string }[];
}

/** What an answer is refused for. */
const NOT_VALID: readonly string[] = ["invalid-answer", "truncated", "refused"];
/** So much of a fact's words must stand in one quote. */
const ENOUGH = 0.5;

/** What a model is worth for this work: pure, from what was stored and written down. */
export function modelScore({ model, cases, entries }: ModelRun): ModelScore {
  const results = cases.flatMap(({ end }) => (end.kind === "analysed" ? [end.result] : []));
  const asked = entries.filter(({ provider, event }) => provider !== "tesseract" && (event === "answered" || event === "faulted"));
  const valid = asked.filter(({ event }) => event === "answered").length;
  const refused = asked.filter((entry) => entry.event === "faulted" && NOT_VALID.includes(entry.fault)).length;
  const [checked, found] = [sum(results, ({ quotes }) => quotes.checked), sum(results, ({ quotes }) => quotes.found)];
  const facts = cases.flatMap(({ truth, end }) => truth.facts.map((fact) => end.kind === "analysed" && hasFact(end.result, fact)));
  const isFound = facts.filter((one) => one).length;
  const pages = sum(results, ({ document }) => document.pages - document.pagesWithoutText.length);
  const ms = sum(results, ({ production }) => sum(production.answers, ({ attempts }) => sum(attempts, workOf)));
  return {
    model,
    practice: isPractice(model),
    documents: cases.length,
    analysed: results.filter(({ status }) => status === "analysed").length,
    withoutText: results.filter(({ status }) => status === "no-text").length,
    failed: cases.length - results.length,
    answers: { given: valid + refused, valid, share: shareOf(valid, valid + refused) },
    unanswered: asked.length - valid - refused,
    quotes: { checked, found, share: shareOf(found, checked) },
    facts: { stated: facts.length, found: isFound, share: shareOf(isFound, facts.length) },
    pages,
    secondsPerPage: pages === 0 ? null : rounded(ms / 1_000 / pages),
    failures: cases.flatMap(({ truth: { file }, end }) => (end.kind === "failed" ? [{ file, what: end.why }] : [])),
  };
}

/** Whether the model has found a fact: half of its words, figures included, in one printed quote of its page. */
export function hasFact({ themes, claims, act }: Pick<DocumentResult, "themes" | "claims" | "act">, { quote, page }: Fact): boolean {
  const said: readonly Evidence[] = [
    ...themes.flatMap(({ evidence }) => evidence),
    ...[...claims, act.title].flatMap((one) => one?.evidence ?? []),
  ];
  const wanted = wordsOf(quote);
  return said.some((evidence) => {
    if (evidence.kind !== "found" || evidence.page !== page) return false;
    const words = new Set(wordsOf(evidence.text));
    return wanted.filter((word) => words.has(word)).length >= wanted.length * ENOUGH;
  });
}

const wordsOf = (text: string): readonly string[] => comparable(text).match(/[\p{L}\p{N}]{2,}/gu) ?? [];

type Attempt = DocumentResult["production"]["answers"][number]["attempts"][number];
const workOf = (attempt: Attempt): number => ("durationMs" in attempt ? attempt.durationMs : 0);

const sum = <One>(all: readonly One[], of: (one: One) => number): number => all.reduce((total, one) => total + of(one), 0);
const shareOf = (part: number, all: number): number | null => (all === 0 ? null : rounded(part / all));
const rounded = (number: number): number => Math.round(number * 1_000) / 1_000;
