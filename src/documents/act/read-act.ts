import type { ActKind } from "../analysis.ts";
import { amountsIn } from "./amounts.ts";
import { authorOf } from "./author.ts";
import { dateOf } from "./date-of-act.ts";
import { deadlinesIn } from "./deadlines.ts";
import { doubtOf } from "./doubt.ts";
import { firstActOf } from "./first-act.ts";
import { kindOf } from "./kind.ts";
import { legalReferencesIn } from "./legal.ts";
import { numberOf } from "./number.ts";
import { placesIn } from "./places.ts";
import { type ActPage, type Sheet, type Stated, sheetOf } from "./sheet.ts";

/** What an act says of itself. Each value has the page and the passage that prove it; what is not stated is null or missing. */
export interface ActFacts {
  readonly kind: Stated<ActKind> | null;
  /** Its own, as printed, without spaces: "PM2031-014". */
  readonly number: Stated<string> | null;
  /** YYYY-MM-DD, or YYYY-MM where only the month is stated. */
  readonly date: Stated<string> | null;
  /** The office, as printed: "Le maire de la commune d'X". */
  readonly author: Stated<string> | null;
  readonly places: readonly Stated<string>[];
  readonly legalReferences: readonly Stated<string>[];
  /** Euros. */
  readonly amounts: readonly Stated<number>[];
  /** ISO 8601: a day, a period (day/day) or a length (P2M). */
  readonly deadlines: readonly Stated<string>[];
}

/**
 * Reads kind, number, date, author, places, legal references, amounts and deadlines off the pages, by rules alone: no model is
 * asked, the same pages give the same facts, and nothing is taken from a file's name. A number, a day, an
 * amount or a deadline whose figures OCR read badly is not stated.
 *
 * @param pages  in order, empty ones included, so that page numbers are the file's
 */
export function readAct(pages: readonly ActPage[]): ActFacts {
  const sheets = pages.map(sheetOf);
  const own = identityOf(firstActOf(sheets));
  const isDoubtful = doubtOf(pages);
  const surely = <Value>(all: readonly Stated<Value>[]) => all.filter(({ evidence }) => !isDoubtful(evidence));
  const { kind, number, date, author } = own.number === undefined && own.date === undefined ? identityOf(sheets) : own;
  return {
    kind: kind ?? null,
    number: number === undefined || isDoubtful(number.evidence) ? null : number,
    date: date === undefined || isDoubtful(date.evidence) ? null : date,
    author: author ?? null,
    places: placesIn(sheets),
    // Shown as they are printed, beside their page: of 12 that would go in the corpus' scans three are plainly misread.
    legalReferences: legalReferencesIn(sheets, number?.value),
    amounts: surely(amountsIn(sheets)),
    deadlines: surely(deadlinesIn(sheets)),
  };
}

/** Of one act: the number of one with the day of another would name neither. */
function identityOf(sheets: readonly Sheet[]) {
  const kind = kindOf(sheets);
  const known = kind?.value ?? "autre";
  return { kind, number: numberOf(sheets, known), date: dateOf(sheets, known), author: authorOf(sheets, known) };
}
