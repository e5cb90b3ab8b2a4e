import { NUMBER_WORDS, numberOfWords } from "./number-words.ts";
import { distinct, quoteAt, type Sheet, type Stated } from "./sheet.ts";

const FIGURES = "\\d{1,3}(?:[ .]\\d{3})+(?:,\\d{1,2})?|\\d+(?:[,.]\\d{1,2})?";
const UNIT = "(k€|m€|€|(?:(milliers?|millions?|milliards?)\\s+d')?\\s*euros?\\b|eur\\b)";
const IN_FIGURES = new RegExp(`(?<![\\d,.])(${FIGURES})\\s?${UNIT}`, "g");
const IN_WORDS = new RegExp(`(?<![a-z])(${NUMBER_WORDS})\\s+euros?\\b`, "g");
const TIMES: Readonly<Record<string, number>> = { "k€": 1e3, "m€": 1e6, millier: 1e3, million: 1e6, milliard: 1e9 };
const MOST = 200;

/** Sums of money, in euros, each once, in the order in which they are printed. */
export function amountsIn(sheets: readonly Sheet[]): readonly Stated<number>[] {
  return distinct(sheets.flatMap(amountsOn), MOST);
}

function amountsOn(sheet: Sheet): readonly Stated<number>[] {
  const figures = [...sheet.plain.matchAll(IN_FIGURES)].map((match) => ({ match, value: eurOf(match) }));
  // "cent euros (100 €)" is one sum: `distinct` keeps the first.
  const words = [...sheet.plain.matchAll(IN_WORDS)].map((match) => ({ match, value: numberOfWords(match[1] ?? "") }));
  return [...figures, ...words]
    .sort((a, b) => a.match.index - b.match.index)
    .map(({ match, value }) => ({ value, evidence: quoteAt(sheet, match.index, match.index + match[0].length) }));
}

function eurOf([, figures = "", unit = "", many]: RegExpMatchArray): number {
  const plain = figures.replace(/[ .](?=\d{3})/g, "").replace(",", ".");
  const times = TIMES[unit] ?? TIMES[many?.replace(/s$/, "") ?? ""] ?? 1;
  return Math.round(Number(plain) * times * 100) / 100;
}
