import search from "approx-string-match";
import type { Evidence } from "./analysis.ts";
import { type Folded, fold } from "./fold.ts";
import { wordsAgree, wordsOf } from "./words-agree.ts";

/** Share of a quote's characters that may differ from its page: OCR and ligatures, not another sentence. */
const MAX_EDIT_SHARE = 0.05;
/** Places looked at per quote: a phrase that stands on every line of a table is not worth more. */
const MAX_PLACES = 40;

/** A page that quotes can be looked for on. Folded once: a document has many quotes per page. */
export interface QuotablePage {
  readonly number: number;
  readonly folded: Folded;
}

export const quotablePage = (number: number, text: string): QuotablePage => ({ number, folded: fold(text) });

/** "close": with at most 5 % edits. "exact": letter by letter after folding, for places where nobody expected the quote. */
export type Tolerance = "close" | "exact";

/**
 * Looks for a quote on one page.
 *
 * A match counts when its words are the page's words: every figure, every short word ("ne", "pas", "non") and every word that
 * turns a sentence round the same; a longer word may be misread by a letter or two. Whole words and whole numbers only, so
 * "500 €" is not found in "12 500 €", and a quote that begins right after a negation is shown with it.
 *
 * @returns "found" with the text **as it stands on the page**, white space tidied, and the number of edits; else "not-found"
 */
export function findQuote(quote: string, page: QuotablePage, tolerance: Tolerance = "close"): Evidence {
  // Models copy the mark above a quote into it, and put it in quotation marks.
  const wanted = fold(quote.replace(/^\s*\[page \d+\]/i, "")).text.replace(/^["' .…]+|["' …]+$/g, "");
  const words = wordsOf(wanted);
  if (words.join("").length < 4 && words.length < 2) return { kind: "not-found", page: page.number };
  for (const place of placesOf(wanted, page.folded.text, tolerance)) {
    const whole = wholeWords(page.folded.text, place);
    if (!wordsAgree(wordsOf(page.folded.text.slice(whole.start, whole.end)), words)) continue;
    return { kind: "found", page: page.number, text: asPrinted(page.folded, withNegation(page.folded.text, whole)), edits: place.errors };
  }
  return { kind: "not-found", page: page.number };
}

/**
 * The same for a page that was not folded before.
 *
 * @param pageText  the text of that page, as it was read; undefined when there is no such page
 */
export function verifyQuote(quote: string, page: number, pageText: string | undefined): Evidence {
  return pageText === undefined ? { kind: "not-found", page: null } : findQuote(quote, quotablePage(page, pageText));
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly errors: number;
}

function placesOf(wanted: string, text: string, tolerance: Tolerance): readonly Place[] {
  const places: Place[] = [];
  for (let start = text.indexOf(wanted); start >= 0 && places.length < MAX_PLACES; start = text.indexOf(wanted, start + 1)) {
    places.push({ start, end: start + wanted.length, errors: 0 });
  }
  // Under 20 characters this is 0: a short "quote" proves nothing when it differs.
  const maxErrors = Math.floor(wanted.length * MAX_EDIT_SHARE);
  if (places.length > 0 || tolerance === "exact" || maxErrors === 0) return places;
  return search(text, wanted, maxErrors)
    .sort((a, b) => a.errors - b.errors || a.start - b.start)
    .slice(0, MAX_PLACES);
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isDigit = (character: string | undefined): boolean => character !== undefined && /\d/.test(character);

/** The place, widened until it cuts no word and no number ("12 500", "12,5") in two. */
function wholeWords(text: string, { start, end }: Place): { readonly start: number; readonly end: number } {
  let from = start;
  let to = end;
  while (text[from] === " ") from += 1;
  while (text[to - 1] === " ") to -= 1;
  while (isWord(text[from]) && isWord(text[from - 1])) from -= 1;
  while (isWord(text[to]) && isWord(text[to - 1])) to += 1;
  const group = () => (/^\d{3}(?!\d)/.test(text.slice(from, from + 4)) ? /(?<!\d)\d{1,3} $/ : /\d+[.,]$/);
  for (let more = numberBefore(); more > 0; more = numberBefore()) from -= more;
  for (let more = numberAfter(); more > 0; more = numberAfter()) to += more;
  return { start: from, end: to };

  function numberBefore(): number {
    if (!isDigit(text[from])) return 0;
    const before = text.slice(Math.max(0, from - 16), from);
    return (/\d+[.,]$/.exec(before) ?? group().exec(before))?.[0].length ?? 0;
  }
  function numberAfter(): number {
    if (!isDigit(text[to - 1])) return 0;
    const after = text.slice(to, to + 16);
    const thousands = /(?<!\d)\d{1,3}$/.test(text.slice(Math.max(from, to - 4), to)) ? /^ \d{3}(?!\d)/.exec(after) : null;
    return (/^[.,]\d+/.exec(after) ?? thousands)?.[0].length ?? 0;
  }
}

/** A negation that stands right before the place belongs to it: "autorisé" out of "n'est pas autorisé" is another fact. */
const NEGATION_BEFORE = /(?<!\p{L})(?:(?:ne |n')(?:\p{L}+['\- ]){0,2})?(?:(?:pas|plus|jamais|non|sans|aucune?|ni|nulle?)[ -]|ne |n')$/u;

function withNegation(text: string, { start, end }: { readonly start: number; readonly end: number }) {
  const before = NEGATION_BEFORE.exec(text.slice(Math.max(0, start - 60), start));
  return { start: start - (before?.[0].length ?? 0), end };
}

/** The stretch of the page's own text, line ends and runs of spaces tidied. */
function asPrinted({ source, at }: Folded, { start, end }: { readonly start: number; readonly end: number }): string {
  return source
    .slice(at[start], at[end])
    .replace(/(?<=\p{L})([-\u00AD\u2010])[^\S\n]*\n\s*(?=([\p{L}\p{N}]))/gu, (_, hyphen: string, next: string) =>
      /\p{Ll}/u.test(next) ? "" : hyphen,
    )
    .replace(/\s+/g, " ")
    .trim();
}
