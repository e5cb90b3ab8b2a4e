import { distance } from "fastest-levenshtein";

/** Words up to this length must be the same: "ne", "pas", "non", "sur" differ from their neighbours by one letter. */
const EXACT_LENGTH = 3;
/** Longer words that turn a sentence round: never taken for a misread neighbour ("moins" for "mois", "sans" for "sang"). */
const TURNING = new Set(["sans", "aucun", "aucune", "jamais", "rien", "nulle", "moins", "plus", "sauf", "hors", "interdit", "interdite"]);
/** A text layer without ligatures breaks one word into at most this many ("e ff et"). */
const MAX_PARTS = 4;

/** The words, figures and units of a folded text, in order; punctuation says nothing here. */
export const wordsOf = (folded: string): readonly string[] => folded.match(/[\p{L}\p{M}]+|\d+|[%€$]/gu) ?? [];

/**
 * Whether two runs of words say the same, up to misread letters inside longer words and words broken in two.
 *
 * The worse mistake is to take another sentence for this one, so what is not surely the same is not.
 */
export function wordsAgree(page: readonly string[], quote: readonly string[]): boolean {
  let inPage = 0;
  let inQuote = 0;
  while (inPage < page.length && inQuote < quote.length) {
    const step = stepOver(page, inPage, quote, inQuote);
    if (step === undefined) return false;
    inPage += step[0];
    inQuote += step[1];
  }
  return inPage === page.length && inQuote === quote.length;
}

/** How many words of each side belong together here. */
function stepOver(page: readonly string[], i: number, quote: readonly string[], j: number): readonly [number, number] | undefined {
  if (sameWord(page[i] ?? "", quote[j] ?? "")) return [1, 1];
  for (let parts = 2; parts <= MAX_PARTS; parts += 1) {
    if (sameWhenJoined(page.slice(i, i + parts), quote[j] ?? "")) return [parts, 1];
    if (sameWhenJoined(quote.slice(j, j + parts), page[i] ?? "")) return [1, parts];
  }
  return undefined;
}

function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (!/\p{L}/u.test(a) || !/\p{L}/u.test(b)) return false;
  const [plainA, plainB] = [withoutAccents(a), withoutAccents(b)];
  // Capitals often lose their accents in print; "a" and "à" are then one word.
  if (plainA === plainB) return true;
  const shorter = Math.min(plainA.length, plainB.length);
  if (shorter <= EXACT_LENGTH || TURNING.has(plainA) || TURNING.has(plainB)) return false;
  // "favorable" and "défavorable", "légal" and "illégal": what changes a sense stands in front.
  if (plainA[0] !== plainB[0]) return false;
  return distance(plainA, plainB) <= Math.max(1, Math.floor(shorter / 4));
}

/** A word in pieces, letter by letter; figures only as thousands ("12 500" and "12500", never "1 2500"). */
function sameWhenJoined(parts: readonly string[], whole: string): boolean {
  if (parts.length < 2 || parts.join("") !== whole) return false;
  if (!/\d/.test(whole)) return true;
  return parts.every((part, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(part));
}

const withoutAccents = (word: string): string => word.normalize("NFD").replace(/\p{M}/gu, "");
