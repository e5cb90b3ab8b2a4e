import type { ActKind } from "../analysis.ts";
import { MONTH_WORD, monthOf } from "./dates.ts";
import { edgesOf, headOf, quoteAt, type Sheet, type Stated } from "./sheet.ts";

const WITH_MONTH: readonly ActKind[] = ["bulletin-municipal", "plan", "rapport", "autre"];
const MONTH_LINE = new RegExp(`^[^a-z0-9\\n]{0,6}(?:[a-z]+\\s?[-/]\\s?)?${MONTH_WORD}\\s+((?:19|20)\\d{2})[^a-z0-9\\n]{0,4}$`, "gm");
/** On a cover: "n° 9 - juin 2031", "06 2031 | #9". */
const MASTHEAD = new RegExp(`(?:n\\s?°|#|numero|magazine|bulletin|journal)[^\\n]{0,60}?\\b${MONTH_WORD}\\s+((?:19|20)\\d{2})(?!\\d)`, "g");
const FIGURES = /(?<![\d/.])(0?[1-9]|1[0-2])\s?[ /-]\s?(20\d{2})(?![\d/])(?=[^\n]{0,20}(?:#|n\s?°)\s?\d)/g;

/** A running title beside the number of its page: "2 — GWEZ NEVEZ JUIN 2031", "mars 2031 / Gwez Nevez N°47". */
const RUNNING = new RegExp(`(?<![a-z0-9])${MONTH_WORD}\\s+((?:19|20)\\d{2})(?!\\d)`, "g");

/** The month on a cover or in a magazine's running titles. @returns YYYY-MM */
export function monthOfHead(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  const head = WITH_MONTH.includes(kind) ? headOf(sheets) : undefined;
  if (head === undefined) return undefined;
  if (kind !== "bulletin-municipal") return monthsIn(head, [MONTH_LINE])[0];
  return monthsIn(head, [FIGURES, MASTHEAD, MONTH_LINE])[0] ?? runningMonth(sheets);
}

function monthsIn(sheet: Sheet, forms: readonly RegExp[]): readonly Stated<string>[] {
  return forms
    .flatMap((form) => [...sheet.plain.matchAll(form)])
    .flatMap((match) => {
      const [, word = "", year = ""] = match;
      const month = /^\d/.test(word) ? Number(word) : monthOf(word);
      if (month === undefined) return [];
      const evidence = quoteAt(sheet, match.index, match.index + match[0].length);
      return [{ value: `${year}-${String(month).padStart(2, "0")}`, evidence }];
    });
}

/** On one page it may be the month of an article; over several it is the magazine's. */
function runningMonth(sheets: readonly Sheet[]): Stated<string> | undefined {
  const found = sheets.flatMap((sheet) => edgesOf(sheet).flatMap((edge) => monthsIn(edge, [RUNNING])));
  return found.find(({ value, evidence }) => found.some((other) => other.value === value && other.evidence.page !== evidence.page));
}
