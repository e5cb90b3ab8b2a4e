/** A text in one spelling, with the way back: `at[i]` is where character `i` of `text` began in `source`. */
export interface Folded {
  readonly source: string;
  readonly text: string;
  /** One offset per UTF-16 unit of `text`, and one more for its end. */
  readonly at: readonly number[];
}

// One alternative per thing that print and OCR write in several ways; the order matters, the last one is "any letter with its accents".
// A hyphen at a line end, a soft hyphen, opening and closing quotation marks with their spaces, white space, zero-width characters.
const PIECES =
  /(?<=\p{L})[-\u00AD\u2010][^\S\n]*\n\s*(?=[\p{L}\p{N}])|\u00AD|[«“„]\s*|\s*[»”]|\s+|[\u200B-\u200D\u2060\uFEFF]|\P{M}\p{M}*|\p{M}+/gu;

/**
 * One spelling for what print and OCR write in several ways: ligatures, apostrophes, dashes, quotation marks, spaces, hyphenated
 * line ends, capitals. Keeps the offsets, so what was matched can be shown as it stands in the source.
 */
export function fold(source: string): Folded {
  let text = "";
  // Kept apart: looking at the end of a text that grows copies it each time, and a page of 200,000 characters took two seconds.
  let hasSpace = true;
  const at: number[] = [];
  for (const { 0: piece, index } of source.matchAll(PIECES)) {
    const folded = foldPiece(piece, source[index + piece.length] ?? "");
    if (folded === " " && hasSpace) continue;
    if (folded !== "") hasSpace = folded.endsWith(" ");
    text += folded;
    for (let unit = 0; unit < folded.length; unit += 1) at.push(index);
  }
  if (text.endsWith(" ")) {
    text = text.slice(0, -1);
    at.pop();
  }
  at.push(source.length);
  return { source, text, at };
}

/** The folded text alone. */
export const normaliseText = (text: string): string => fold(text).text;

/** Lower case, accents and all that is no letter or figure taken away: for comparing two phrasings, never for proving a quote. */
export const plainWords = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

function foldPiece(piece: string, next: string): string {
  if (/^\s+$/.test(piece)) return " ";
  // "déli-" and "béré" on two lines are one word, "Port-" and "Kerelec" are two.
  if (/^[-\u00AD\u2010]\s*\n/.test(piece)) return /\p{Ll}/u.test(next) ? "" : "-";
  if (/^[\u00AD\u200B-\u200D\u2060\uFEFF]$/.test(piece)) return "";
  if (/^[«“„]/.test(piece) || /[»”]$/.test(piece)) return '"';
  if (/^[\u2018\u2019\u02BC`´\u2032]$/.test(piece)) return "'";
  if (/^[\u2010-\u2015\u2212]$/.test(piece)) return "-";
  // NFKC would make a letter of it: "nº 12" is "n° 12".
  if (piece === "º") return "°";
  return piece.normalize("NFKC").replace(/\s+/g, " ").toLowerCase();
}
