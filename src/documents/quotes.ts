import search from "approx-string-match";
import type { Evidence } from "./analysis.ts";

/** Share of a quote's characters that may differ from its page: OCR and ligatures, not another sentence. */
const MAX_EDIT_SHARE = 0.05;

/** One spelling for what print and OCR write in several ways: ligatures, apostrophes, dashes, spaces, hyphenated line ends. */
export function normaliseText(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\u00AD/g, "")
    .replace(/(\p{L})-\s*\n\s*(\p{Ll})/gu, "$1$2")
    .replace(/[\u2018\u2019\u02BC`´]/g, "'")
    .replace(/[«“„]\s*|\s*[»”]/g, '"')
    .replace(/[\u2010-\u2015]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

/**
 * Looks for a quote on the page it names: exact after normalising, else with at most 5 % edits.
 *
 * Limit: figures must agree, but a dropped "ne" in a quote of 60 characters is within 5 %. Print the number of edits.
 *
 * @param pageText  the text of that page, as it was read
 * @returns "found" with the number of edits, or "not-found": such a quote is never printed as one
 */
export function verifyQuote(quote: string, page: number, pageText: string | undefined): Evidence {
  const wanted = normaliseText(quote);
  if (wanted === "" || pageText === undefined) return { kind: "not-found", page };
  const text = normaliseText(pageText);
  if (text.includes(wanted)) return { kind: "found", page, text: quote, edits: 0 };
  // Under 20 characters this is 0: a short "quote" proves nothing when it differs.
  const maxErrors = Math.floor(wanted.length * MAX_EDIT_SHARE);
  if (maxErrors === 0) return { kind: "not-found", page };
  const best = search(text, wanted, maxErrors).sort((a, b) => a.errors - b.errors)[0];
  // A changed figure is one edit and another fact, so every number of the quote must stand in what was matched.
  if (best === undefined || numbersOf(text.slice(best.start, best.end)) !== numbersOf(wanted)) return { kind: "not-found", page };
  return { kind: "found", page, text: quote, edits: best.errors };
}

const numbersOf = (text: string): string => (text.match(/\d+/g) ?? []).join(" ");
