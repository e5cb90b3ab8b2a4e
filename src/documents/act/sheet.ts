import type { PageSource } from "../page.ts";
import type { OcrRead } from "./doubt.ts";

/** One page of a document, as the rules read it. */
export interface ActPage {
  /** 1-based; the page of the file, not the number printed on it. */
  readonly number: number;
  readonly text: string;
  readonly source: PageSource;
  /** 0 to 100, mean over the letters; null where nothing measured it (a text layer). */
  readonly confidence: number | null;
  /** Of an OCR, in order; absent where nothing is known of single words. */
  readonly words?: readonly OcrRead[] | undefined;
}

/** Where a value stands, so that a person can look. */
export interface ActEvidence {
  /** 1-based page of the file. */
  readonly page: number;
  /** As printed there, white space tidied; misread letters stay as they were read. */
  readonly quote: string;
}

/** Something the document says of itself. */
export interface Stated<Value> {
  readonly value: Value;
  readonly evidence: ActEvidence;
}

/** A page that patterns are looked for on. `plain` is as long as `printed`: what is found in one stands in the other. */
export interface Sheet {
  readonly page: number;
  readonly printed: string;
  /** Lower case, without accents, with plain apostrophes, dashes and spaces; line ends stay. */
  readonly plain: string;
}

export const sheetOf = ({ number, text }: Pick<ActPage, "number" | "text">): Sheet => {
  const printed = text.normalize("NFC").replace(/\r\n?/g, "\n");
  return { page: number, printed, plain: plainOf(printed) };
};

/** The stretch from `start` to `end` as evidence. */
export const quoteAt = ({ page, printed }: Sheet, start: number, end: number): ActEvidence => ({
  page,
  quote: printed.slice(start, end).replace(/\s+/g, " ").trim(),
});

/** The line around a place, without its line ends. */
export const lineAround = (plain: string, start: number): string => {
  const end = plain.indexOf("\n", start);
  return plain.slice(plain.lastIndexOf("\n", start - 1) + 1, end < 0 ? undefined : end);
};

/** Those that differ by their value, in the order in which they are met. */
export function distinct<Value extends string | number>(all: readonly Stated<Value>[], most: number): readonly Stated<Value>[] {
  const seen = new Set<string>();
  const kept = all.filter(({ value }) => {
    const key = plainOf(String(value));
    return !seen.has(key) && seen.add(key);
  });
  return kept.slice(0, most);
}

/** The word in a title, in a pattern of plain text: spaced letters, and an "m" that OCR made of its two r's. */
export const ARRETE = "a\\s?(?:r\\s?r|r|m)\\s?e\\s?[tf]\\s?e";

/** A first recital ends the head of an act. */
const RECITAL = /^[^a-z0-9\n]{0,6}(?:vu|considerant)\b/m;
export const hasRecitals = ({ plain }: Sheet): boolean => RECITAL.test(plain);

/** A head without recitals: a cover or a letter's first lines. */
const HEAD_CHARS = 3_000;

/**
 * What stands above the recitals of the first page with a text: the act's title, its number, its assembly.
 * An act that is cited stands below it.
 */
export function headOf(sheets: readonly Sheet[]): Sheet | undefined {
  const first = sheets.find(({ plain }) => (plain.match(/[a-z]{2,}/g)?.length ?? 0) >= 3);
  if (first === undefined) return undefined;
  const end = Math.min(RECITAL.exec(first.plain)?.index ?? HEAD_CHARS, HEAD_CHARS);
  return { page: first.page, printed: first.printed.slice(0, end), plain: first.plain.slice(0, end) };
}

/** Under a page's last lines or over its first ones the act repeats its number. */
const EDGE_LINES = 3;

/** The first and the last lines of a page: running titles. */
export function edgesOf({ page, printed, plain }: Sheet): readonly Sheet[] {
  const ends = [...plain.matchAll(/\n|$/g)].map((end) => end.index);
  const first = ends[EDGE_LINES - 1] ?? plain.length;
  const last = ends.length > EDGE_LINES * 2 ? (ends[ends.length - 1 - EDGE_LINES] ?? 0) : plain.length;
  return [
    { page, printed: printed.slice(0, first), plain: plain.slice(0, first) },
    { page, printed: printed.slice(last), plain: plain.slice(last) },
  ];
}

const plainOf = (text: string): string => text.replace(/[^ -~\n]|[A-Z]/g, plainUnit);

/** One unit for one unit, or the offsets would lie. */
function plainUnit(unit: string): string {
  if (/[\u2018\u2019\u02BC`´\u2032]/.test(unit)) return "'";
  if (/[\u2010-\u2015\u2212]/.test(unit)) return "-";
  if (/\s/.test(unit)) return " ";
  if (unit === "º" || unit === "˚") return "°";
  return (unit.normalize("NFD").at(0) ?? unit).toLowerCase().at(0) ?? unit;
}
