import type { ActKind } from "../analysis.ts";
import { actesIdOf } from "./actes-id.ts";
import {
  annexed,
  made,
  opening,
  type Place,
  placed,
  placedAbove,
  placesOf,
  type Slot,
  session,
  signed,
  title,
  underTitle,
  version,
} from "./date-places.ts";
import { datesIn } from "./dates.ts";
import { monthOfHead } from "./month-of-head.ts";
import { lineAround, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** Where each kind says when it was made, the surest first. What is planned in it is not its date. */
const SLOTS_OF: Readonly<Partial<Record<ActKind, readonly Slot[]>>> = {
  arrete: [title, signed, placed, underTitle],
  deliberation: [opening, session],
  "compte-rendu": [session, opening, made, placedAbove],
  convocation: [placedAbove, made, placed],
  avis: [made, placed, title],
  rapport: [made, placed, version],
  autre: [title, annexed, made, placed, version],
};
/** Of several, the last is taken: a report has letters in it. Under an order's signature come its annexes. */
const LAST_OF: readonly Slot[] = [made, placed];

/**
 * The day on which the act was decided or signed: not the day of an event, of a session that is only called, of an act that is
 * cited, nor of a prefecture's stamp.
 *
 * @param kind  "autre" when nothing said what it is
 * @returns     YYYY-MM-DD, or YYYY-MM where only the month is stated; undefined when neither is
 */
export function dateOf(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  const places = placesOf(sheets);
  for (const slot of SLOTS_OF[kind] ?? []) {
    const found = places.filter(slot);
    const place = LAST_OF.includes(slot) ? found.at(-1) : found[0];
    if (place !== undefined) return statedBy(place);
  }
  return dateOfStamp(sheets, kind) ?? (kind === "autre" ? runningDate(sheets) : undefined) ?? monthOfHead(sheets, kind);
}

/** The words that prove it go with the date. */
function statedBy({ sheet, date, before }: Place): Stated<string> {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const start = date.start - Math.min(line.length, 60);
  return { value: date.iso, evidence: quoteAt(sheet, line.length > 60 ? date.start : start, date.end) };
}

function dateOfStamp(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  const stamp = kind === "arrete" || kind === "deliberation" ? actesIdOf(sheets) : undefined;
  return stamp === undefined ? undefined : { value: stamp.date, evidence: stamp.evidence };
}

/** A date that runs over or under most pages is that of the version. */
function runningDate(sheets: readonly Sheet[]): Stated<string> | undefined {
  const edges = sheets.flatMap((sheet) => {
    const dates = datesIn(sheet.plain).filter(({ start, end }) => lineAround(sheet.plain, start).trim().length < end - start + 80);
    return [...new Map(dates.map((date) => [date.iso, { sheet, date }])).values()];
  });
  const found = edges.find(({ date }) => edges.filter((other) => other.date.iso === date.iso).length > Math.max(2, sheets.length / 2));
  return found && { value: found.date.iso, evidence: quoteAt(found.sheet, found.date.start, found.date.end) };
}
