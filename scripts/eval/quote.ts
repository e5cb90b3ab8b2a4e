/** What the ground truth says of comparing: NFKC, lower case, one space, plain quotation marks and dashes, line ends without hyphens. */
export const comparable = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .replace(/[\u201C\u201D\u201E]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/(?<=\p{L})[-\u00AD]\n\s*(?=\p{L})/gu, "")
    .replace(/\s+/g, " ")
    .trim();

/** How like a scan's text must be to the quote, as Python's difflib counts it. */
export const LIKE = 0.9;

/**
 * Whether a quote stands in a page's text: letter by letter, or for a picture's text in a window that is like it.
 *
 * @param like  least likeness, 0 to 1; undefined for "letter by letter"
 */
export function stands(quote: string, text: string, like?: number): boolean {
  const wanted = comparable(quote);
  const page = comparable(text);
  // A compound may have its hyphen at the line's end: "Port-\nKerelec".
  if (page.includes(wanted) || comparable(text.replace(/-\n\s*/g, "-")).includes(wanted)) return true;
  return like !== undefined && bestLikeness(wanted, page, like) >= like;
}

function bestLikeness(wanted: string, page: string, enough: number): number {
  let best = 0;
  for (let start = 0; start === 0 || start + wanted.length <= page.length; start += 1) {
    const window = page.slice(start, start + wanted.length);
    // Counting letters is cheap and never less than the likeness.
    if (mostPossible(wanted, window) < enough) continue;
    best = Math.max(best, likeness(wanted, window));
  }
  return best;
}

/** Twice the letters in matching blocks, by all letters: 1 is the same text. */
export function likeness(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * inBlocks(a, b)) / (a.length + b.length);
}

/** Letters in the longest common block, and in those to its left and its right. */
function inBlocks(a: string, b: string): number {
  let length = 0;
  let [endA, endB] = [0, 0];
  let before: number[] = new Array(b.length + 1).fill(0);
  for (let i = 1; i <= a.length; i += 1) {
    const now: number[] = new Array(b.length + 1).fill(0);
    for (let j = 1; j <= b.length; j += 1) {
      if (a[i - 1] !== b[j - 1]) continue;
      const run = (before[j - 1] ?? 0) + 1;
      now[j] = run;
      if (run > length) [length, endA, endB] = [run, i, j];
    }
    before = now;
  }
  if (length === 0) return 0;
  return length + inBlocks(a.slice(0, endA - length), b.slice(0, endB - length)) + inBlocks(a.slice(endA), b.slice(endB));
}

function mostPossible(a: string, b: string): number {
  const left = new Map<string, number>();
  for (const letter of a) left.set(letter, (left.get(letter) ?? 0) + 1);
  let common = 0;
  for (const letter of b) {
    const count = left.get(letter) ?? 0;
    if (count > 0) common += 1;
    left.set(letter, count - 1);
  }
  return (2 * common) / (a.length + b.length);
}
