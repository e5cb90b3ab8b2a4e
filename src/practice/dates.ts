export interface FoundDate {
  readonly start: number;
  readonly end: number;
  /** YYYY-MM-DD, a day that exists. */
  readonly iso: string;
}

const MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split(" ");
const E_ACUTE = "(?:é|e\u0301?)";
const MONTH = `janvier|f${E_ACUTE}vrier|mars|avril|mai|juin|juillet|ao(?:û|u\u0302?)t|septembre|octobre|novembre|d${E_ACUTE}cembre`;

/** "1er août 2025", "le 16\nfévrier 2023". */
const WRITTEN = new RegExp(`(?<![\\p{L}\\p{N}])(\\d{1,2})(?:er)?\\s{1,3}(${MONTH})\\s{1,3}(\\d{4})(?![\\p{L}\\p{N}])`, "giu");
/** "25/08/2025", "25.08.2025". */
const NUMERIC = /(?<![\p{L}\p{N}/.])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\p{L}\p{N}/])/gu;
/** "2026-01-11". */
const ISO = /(?<![\p{L}\p{N}-])(\d{4})-(\d{2})-(\d{2})(?![\p{L}\p{N}-])/gu;

/** Every full date of a text in reading order. A day that no calendar has is not one. */
export function datesIn(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  const take = (match: RegExpExecArray, year: string | undefined, month: number, day: string | undefined) => {
    const iso = isoDay(Number(year), month, Number(day));
    if (iso !== undefined) found.push({ start: match.index, end: match.index + match[0].length, iso });
  };
  for (const match of text.matchAll(WRITTEN)) take(match, match[3], monthNumber(match[2] ?? ""), match[1]);
  for (const match of text.matchAll(NUMERIC)) take(match, match[4], Number(match[3]), match[1]);
  for (const match of text.matchAll(ISO)) take(match, match[1], Number(match[2]), match[3]);
  return found.sort((a, b) => a.start - b.start);
}

const monthNumber = (name: string): number => MONTHS.indexOf(name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()) + 1;

function isoDay(year: number, month: number, day: number): string | undefined {
  if (year < 1500 || year > 2199) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : undefined;
}
