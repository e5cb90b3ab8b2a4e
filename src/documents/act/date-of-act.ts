import type { ActKind } from "../analysis.ts";
import { actesIdOf } from "./actes-id.ts";
import { datesIn, type FoundDate, MONTH_WORD, monthOf, WEEKDAY } from "./dates.ts";
import { headOf, lineAround, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** A date and the words around it, which say what it is the date of. */
interface Place {
  readonly sheet: Sheet;
  readonly date: FoundDate;
  /** Up to the date, its line and the one before. */
  readonly before: string;
  readonly printedBefore: string;
  readonly after: string;
  readonly isInHead: boolean;
  readonly isFirstPage: boolean;
}

type Slot = (place: Place) => boolean;

/** Stamps and notices: when it was sent, received, shown, or when people were called; never when it was decided. */
const NOT_THE_ACT =
  /(?:prefecture|publi\w+|affich\w+|transmi\w+|notifi\w+|recu|envoye?|executoire|legalite|convocation|convoques?|reception|telechargee?|imprimee?|mise? en ligne)[^\n]{0,30}$/;
const END = `\\s*,?\\s*${WEEKDAY}$`;

const isTitle = new RegExp(`(?<!l')(?<!\\bl )\\b(?:a\\s?r\\s?r\\s?e\\s?t\\s?e|decision)\\b[^\\n]{0,60}\\s(?:du|en date du|le)${END}`);
const isSession = new RegExp(
  `(?:seance|reunion|assemblee|conseil (?:municipal|communautaire))\\b[^\\n]{0,60}\\s(?:du|en date du|le)${END}`,
);
const isOpening = /^[^.]{0,120}?(?:conseil|comite|assemblee|commission)[^.]{0,160}?(?:reuni|assemble|convoque)/;
/** A signature: "Fait à Port-Kerelec, le". */
const isMade = new RegExp(`\\b(?:fait|delibere|signe|arrete)\\b[^\\n]{0,20}\\s(?:a|en)\\s[^\\n]{1,60}?\\ble${END}`);
/** "Port-Kerelec, le" alone on its line, at the end of an act or above a letter. OCR leaves specks before it, and for the comma. */
const isPlaced = new RegExp(`(?:^|\\n)(?:[^\\n]{0,30}\\s)?[^a-z0-9\\n]{0,6}(?:a )?[a-z][a-z' -]{2,40}\\s?[^a-z0-9\\s]\\s*le\\s?:?${END}`);
/** Without its comma a place is known by its capital. */
const isPlacedBare = /(?:^|\n)\P{L}{0,6}(?:[AÀ] )?\p{Lu}[\p{L}'’-]+(?: (?:\p{Lu}[\p{L}'’-]+|du|de|la|les?))*\s+le\s+(?:\p{L}+di\s+)?$/u;
/** Nothing but a signature's specks follows, or the same in Breton. */
const ENDS_LINE = /^(?:[^\n]{0,25}(?:\n|$)|\s*[/|])/;
const isVersion = new RegExp(`(?:version|edition|mise? a jour|approuve|adopte|etabli)[^\\n]{0,30}\\s(?:du|le|:)${END}`);

const title: Slot = ({ before, isInHead }) => isInHead && isTitle.test(before);
const session: Slot = ({ before, isInHead }) => isInHead && isSession.test(before);
const opening: Slot = ({ date, before, after, isFirstPage }) =>
  isFirstPage && (date.isYearFirst || (/\ble\s*(?:\w+di\s+)?$/.test(before) && isOpening.test(after)));
const made: Slot = ({ before }) => isMade.test(before);
const placed: Slot = ({ before, printedBefore, after }) =>
  ENDS_LINE.test(after) && (isPlaced.test(before) || isPlacedBare.test(printedBefore));
const placedAbove: Slot = (place) => place.isInHead && placed(place);
const version: Slot = ({ before }) => isVersion.test(before);

/** Where each kind says when it was made, the surest first. What is planned in it is not its date. */
const SLOTS_OF: Readonly<Partial<Record<ActKind, readonly Slot[]>>> = {
  arrete: [title, made, placed],
  deliberation: [opening, session],
  "compte-rendu": [session, opening, made, placedAbove],
  convocation: [placedAbove, made, placed],
  avis: [made, placed, title],
  rapport: [made, placed, version],
  autre: [title, made, placed, version],
};
const WITH_MONTH: readonly ActKind[] = ["bulletin-municipal", "plan", "rapport", "autre"];

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
    // An act is signed at its end; its annexes come after and are dated elsewhere.
    const place = slot === made || slot === placed ? found.at(-1) : found[0];
    if (place !== undefined) return statedBy(place);
  }
  return dateOfStamp(sheets, kind) ?? (kind === "autre" ? runningDate(sheets) : undefined) ?? monthOfHead(sheets, kind);
}

function placesOf(sheets: readonly Sheet[]): readonly Place[] {
  const head = headOf(sheets);
  return sheets.flatMap((sheet) =>
    datesIn(sheet.plain).flatMap((date) => {
      const before = sheet.plain
        .slice(Math.max(0, date.start - 160), date.start)
        .split("\n")
        .slice(-2)
        .join("\n");
      const line = before.slice(before.lastIndexOf("\n") + 1);
      if (NOT_THE_ACT.test(line)) return [];
      const isFirstPage = sheet.page === head?.page;
      const after = sheet.plain.slice(date.end, date.end + 300);
      const printedBefore = sheet.printed.slice(date.start - before.length, date.start);
      return [{ sheet, date, before, printedBefore, after, isFirstPage, isInHead: isFirstPage && date.start < (head?.plain.length ?? 0) }];
    }),
  );
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

const MONTH_LINE = new RegExp(`^[^a-z0-9\\n]{0,6}(?:[a-z]+\\s?[-/]\\s?)?${MONTH_WORD}\\s+((?:19|20)\\d{2})[^a-z0-9\\n]{0,4}$`, "gm");
/** On a cover: "n° 9 - juin 2031", "06 2031 | #9". */
const MASTHEAD = new RegExp(`(?:n\\s?°|#|magazine|bulletin|journal)[^\\n]{0,60}?\\b${MONTH_WORD}\\s+((?:19|20)\\d{2})(?!\\d)`, "g");
const FIGURES = /(?<![\d/.])(0?[1-9]|1[0-2])\s?[ /-]\s?(20\d{2})(?![\d/])(?=[^\n]{0,20}(?:#|n\s?°)\s?\d)/g;

function monthOfHead(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  const head = WITH_MONTH.includes(kind) ? headOf(sheets) : undefined;
  if (head === undefined) return undefined;
  const forms = kind === "bulletin-municipal" ? [FIGURES, MASTHEAD, MONTH_LINE] : [MONTH_LINE];
  for (const match of forms.flatMap((form) => [...head.plain.matchAll(form)])) {
    const [, word = "", year = ""] = match;
    const month = /^\d/.test(word) ? Number(word) : monthOf(word);
    if (month !== undefined) {
      const evidence = quoteAt(head, match.index, match.index + match[0].length);
      return { value: `${year}-${String(month).padStart(2, "0")}`, evidence };
    }
  }
  return undefined;
}
