import type { ActFacts } from "../../src/documents/act/read-act.ts";
import type { ActPage } from "../../src/documents/act/sheet.ts";
import { LIKE, stands } from "./quote.ts";
import { type Fact, isScanned, kindOfType, type Truth } from "./truth.ts";

/** How the reading of one document ended. */
export type DocumentRead =
  | { readonly kind: "read"; readonly pages: readonly ActPage[]; readonly facts: ActFacts }
  /** A typed error that a person can act upon. */
  | { readonly kind: "refused"; readonly why: string }
  /** Anything else that was thrown: a bug. */
  | { readonly kind: "crashed"; readonly why: string }
  /** It was never listed: nobody would learn of it. */
  | { readonly kind: "without-outcome" };

export interface Found {
  readonly facts: number;
  readonly found: number;
}
export interface Right {
  readonly stated: number;
  readonly right: number;
}

export interface Score {
  readonly documents: number;
  /** Quotes on pages with a text of their own, and those on pictures. */
  readonly textLayer: Found;
  readonly scans: Found;
  readonly number: Right;
  readonly date: Right;
  readonly crashed: number;
  readonly withoutOutcome: number;
  readonly pagesPerSecond: number;
  readonly kind: Right;
  /** Read where the ground truth says that none is stated. */
  readonly invented: { readonly number: number; readonly date: number };
  readonly byClass: Readonly<Record<string, Found & { readonly documents: number }>>;
  readonly failures: readonly { readonly file: string; readonly what: string }[];
}

/** Shares that must be reached; a document that crashed or has no outcome is one too many. */
export const TARGETS = { textLayer: 0.98, scans: 0.9, number: 0.85, date: 0.8 } as const;

export interface Case {
  readonly truth: Truth;
  readonly read: DocumentRead;
}

/** @param elapsedMs  of reading and rules, all documents together */
export function scoreOf(cases: readonly Case[], elapsedMs: number): Score {
  const checks = cases.flatMap((one) => one.truth.facts.map((fact, index) => checkOf(one, fact, index + 1)));
  const pages = cases.reduce((sum, { read }) => sum + (read.kind === "read" ? read.pages.length : 0), 0);
  return {
    documents: cases.length,
    textLayer: countOf(checks.filter(({ scanned }) => !scanned)),
    scans: countOf(checks.filter(({ scanned }) => scanned)),
    number: rightOf(cases, numberOf),
    date: rightOf(cases, dateOf),
    crashed: cases.filter(({ read }) => read.kind === "crashed").length,
    withoutOutcome: cases.filter(({ read }) => read.kind === "without-outcome").length,
    pagesPerSecond: elapsedMs === 0 ? 0 : Math.round((pages / elapsedMs) * 100_000) / 100,
    kind: rightOf(cases, kindOf),
    invented: {
      number: cases.filter((one) => isInvented(numberOf(one))).length,
      date: cases.filter((one) => isInvented(dateOf(one))).length,
    },
    byClass: byClass(cases, checks),
    failures: [...cases.flatMap(failuresOf), ...checks.filter(({ found }) => !found).map(({ file, what }) => ({ file, what }))],
  };
}

/** Targets that are missed, in words. */
export function missedBy({ textLayer, scans, number, date, crashed, withoutOutcome }: Score): readonly string[] {
  const shares: readonly (readonly [what: string, part: number, all: number, least: number])[] = [
    ["quotes of text layers", textLayer.found, textLayer.facts, TARGETS.textLayer],
    ["quotes of scans", scans.found, scans.facts, TARGETS.scans],
    ["numbers", number.right, number.stated, TARGETS.number],
    ["dates", date.right, date.stated, TARGETS.date],
  ];
  return [
    ...shares
      .filter(([, part, all, least]) => part < all * least)
      .map(([what, part, all, least]) => `${what}: ${part} of ${all}, at least ${least * 100} % are asked for`),
    ...(crashed > 0 ? [`${crashed} crashed`] : []),
    ...(withoutOutcome > 0 ? [`${withoutOutcome} without an outcome`] : []),
  ];
}

interface Check {
  readonly file: string;
  readonly layer: string;
  readonly scanned: boolean;
  readonly found: boolean;
  readonly what: string;
}

function checkOf({ truth, read }: Case, fact: Fact, index: number): Check {
  const scanned = isScanned(truth, fact);
  const text = read.kind === "read" ? (read.pages.find(({ number }) => number === fact.page)?.text ?? "") : "";
  const found = stands(fact.quote, text, scanned ? LIKE : undefined);
  return { file: truth.file, layer: truth.text_layer, scanned, found, what: `quote ${index} is not in the text of page ${fact.page}` };
}

const countOf = (checks: readonly Check[]): Found => ({ facts: checks.length, found: checks.filter(({ found }) => found).length });

/** What the document states, and what was read. */
interface Pair {
  readonly stated: string | null;
  readonly read: string | null;
}

const factsOf = ({ read }: Case): ActFacts | undefined => (read.kind === "read" ? read.facts : undefined);
/** Spaces, dashes and capitals are no part of a number. */
const numberKey = (number: string | undefined): string | null =>
  number === undefined
    ? null
    : number
        .normalize("NFKC")
        .replace(/\s/g, "")
        .replace(/[\u2010-\u2015\u2212]/g, "-")
        .toUpperCase();
const numberOf = (one: Case): Pair => ({ stated: numberKey(one.truth.number ?? undefined), read: numberKey(factsOf(one)?.number?.value) });
const dateOf = (one: Case): Pair => ({ stated: one.truth.date, read: factsOf(one)?.date?.value ?? null });
const kindOf = (one: Case): Pair => ({ stated: kindOfType(one.truth.type), read: factsOf(one)?.kind?.value ?? "autre" });

const isInvented = ({ stated, read }: Pair): boolean => stated === null && read !== null;

function rightOf(cases: readonly Case[], pairOf: (one: Case) => Pair): Right {
  const pairs = cases.map(pairOf).filter(({ stated }) => stated !== null);
  return { stated: pairs.length, right: pairs.filter(({ stated, read }) => stated === read).length };
}

function byClass(cases: readonly Case[], checks: readonly Check[]): Score["byClass"] {
  const layers = new Set(cases.map(({ truth }) => truth.text_layer));
  return Object.fromEntries(
    [...layers].map((layer) => {
      const documents = cases.filter(({ truth }) => truth.text_layer === layer).length;
      return [layer, { documents, ...countOf(checks.filter((check) => check.layer === layer)) }];
    }),
  );
}

function failuresOf(one: Case): readonly { readonly file: string; readonly what: string }[] {
  const { file } = one.truth;
  if (one.read.kind === "without-outcome") return [{ file, what: "without an outcome" }];
  if (one.read.kind !== "read") return [{ file, what: `${one.read.kind}: ${one.read.why}` }];
  const pairs: readonly (readonly [what: string, pair: Pair])[] = [
    ["kind", kindOf(one)],
    ["number", numberOf(one)],
    ["date", dateOf(one)],
  ];
  const wrong = pairs.filter(([, { stated, read }]) => stated !== read);
  return wrong.map(([what, { stated, read }]) => ({ file, what: `${what}: ${read ?? "nothing"} was read, ${stated ?? "none"} is stated` }));
}
