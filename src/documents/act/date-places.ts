import { datesIn, type FoundDate, WEEKDAY } from "./dates.ts";
import { OTHER, WHOSE } from "./number-forms.ts";
import { ARRETE, headOf, type Sheet } from "./sheet.ts";

/** A date and the words around it, which say what it is the date of. */
export interface Place {
  readonly sheet: Sheet;
  readonly date: FoundDate;
  /** Up to the date, its line and the one before. */
  readonly before: string;
  readonly printedBefore: string;
  readonly after: string;
  readonly isInHead: boolean;
  readonly isFirstPage: boolean;
  /** Behind the recitals, which tell when other things were signed. */
  readonly isInBody: boolean;
}

export type Slot = (place: Place) => boolean;

const LE = "(?:[ltifj1]e|lc)";
const END = `\\s*,?\\s*${WEEKDAY}$`;
const ON = `\\s(?:du|en date du|le)${END}`;

/** Stamps and notices: when it was sent, received, shown, or when people were called; never when it was decided. */
const NOT_THE_ACT =
  /(?:prefecture|\bpubli(?:e|ee|es|ees|cation)\b|affich\w+|transmi\w+|notifi\w+|\brecu|envoye?|executoire|legalite|convocation|convoques?|reception|telechargee?|imprimee?|mise? en ligne)[^\n]{0,30}$/;
/** The mayor's certificate that it was shown and sent has a place and a day of its own. */
const CERTIFIED = /certifi\w+[^\n]*executoire[^\n]*\n[^\n]*$/;

/** Nothing but whose it is and its number stands between the word and the day: "portant fermeture du 3 mars" is an event. */
const isTitle = new RegExp(
  `(?<!l'|\\b(?:l|par|vu|cet|de|du|des|les|un)\\s)\\b(?:${ARRETE}|decision)\\b${WHOSE}(?:(?!${OTHER}|(?<![a-z])[a-z]{4,}(?![a-z\\d/_-]))[^\\n]){0,60}${ON}`,
);
const isAnnexed = new RegExp(`annexe\\b[^\\n]{0,30}\\s(?:a\\s+|de\\s+)?(?:l'${ARRETE}|la\\s+deliberation)\\b[^\\n]{0,80}${ON}`);
const isSession = new RegExp(
  `(?:(?:seance|reunion|assemblee|conseil (?:municipal|communautaire))\\b[^\\n]{0,60}(?:\\s(?:du|en date du|le)|\\s?[:-])|date de (?:la )?(?:seance|reunion))${END}`,
);
const isOpening = /^[^.]{0,120}?(?:conseil|comite|assemblee|commission)[^.]{0,160}?(?:reuni|assemble|convoque)/;
/** A signature: "Fait à Port-Kerelec, le". */
const isMade = new RegExp(
  `\\b(?:fait|delibere|signe|arrete|donne)\\b[^\\n]{0,20}\\s(?:a|en)\\s[^\\n]{1,60}?(?:,|(?:\\n[^a-z0-9\\n]{0,4})?\\b${LE}\\s?:?)${END}`,
);
/** "Port-Kerelec, le" at the end of an act or above a letter. OCR puts other columns and specks before it, and reads the comma as it likes. */
const isPlaced =
  /(?:^|[^\p{L}])\p{Lu}[\p{L}'’-]+(?: (?:\p{Lu}[\p{L}'’-]+|du|de|la|les?|sur|en))*\s?[^\p{L}\p{N}\s]{1,2}\s*(?:[LltTiIfj1][eE]|lc)\s?:?\s*,?\s*(?:\p{L}+(?:di|che)\s+)?$/u;
/** Without its comma it begins its line. */
const isPlacedBare =
  /(?:^|\n)\P{L}{0,6}(?:[AÀ] )?\p{Lu}[\p{L}'’-]+(?: (?:\p{Lu}[\p{L}'’-]+|du|de|la|les?))*\s+le\s*,?\s+(?:\p{L}+(?:di|che)\s+)?$/u;
/** "Le 18 février 2031" alone on its line, right above who signs. */
const isDayAlone = new RegExp(`(?:^|\\n)[^a-z0-9\\n]{0,6}${LE}\\s?:?${END}`);
const ABOVE_SIGNER = /^[^a-z0-9\n]{0,4}\n[^a-z0-9]{0,6}(?:pour\s+)?l[ea]\s+(?:maire|prefete?|presidente?)\b[^a-z0-9\n]*(?:\n|$)/;
/** Nothing but a signature's specks or its office follows, or the same in Breton. */
const ENDS_LINE =
  /^(?:[^\n]{0,25}(?:\n|$)|\s*[/|]|\s*[,;.]?\s*(?:pour\s|par\s|signe|l'adjoint|l[ea]\s+(?:maire|prefete?|president|secretaire|direct|commissaire)))/;
const SIGNER = /\b(?:maire|prefete?|adjointe?|presidente?|secretaire|direct(?:eur|rice)|delegation)\b/;
const isVersion = new RegExp(`(?:version|edition|mise? a jour|approuve|adopte|etabli)[^\\n]{0,30}\\s(?:du|le|:)${END}`);
/** Under a title, on a line of its own. */
const isUnderTitle = /\n[^a-z0-9\n]{0,4}(?:en date )?du\s+$/;

export const title: Slot = ({ before, isInHead }) => isInHead && isTitle.test(before);
export const annexed: Slot = ({ before, isInHead }) => isInHead && isAnnexed.test(before);
export const session: Slot = ({ before, isInHead }) => isInHead && isSession.test(before);
export const opening: Slot = ({ date, before, after, isFirstPage }) =>
  isFirstPage && (date.isYearFirst || (/\ble\s*(?:\w+di\s+)?$/.test(before) && isOpening.test(after)));
export const made: Slot = ({ before, isInBody }) => isInBody && isMade.test(before);
export const placed: Slot = ({ printedBefore, after, isInBody }) =>
  isInBody && ENDS_LINE.test(after) && (isPlaced.test(printedBefore) || isPlacedBare.test(printedBefore));
/** Either way, with an office under it. */
export const signed: Slot = (place) =>
  made(place) ||
  (placed(place) && SIGNER.test(place.after.slice(0, 120))) ||
  (place.isInBody && isDayAlone.test(place.before) && ABOVE_SIGNER.test(place.after));
export const placedAbove: Slot = (place) => place.isInHead && placed(place);
export const underTitle: Slot = ({ before, after, isInHead }) =>
  isInHead && isUnderTitle.test(before) && /^[^a-z0-9\n]{0,4}(?:\n|$)/.test(after);
export const version: Slot = ({ before }) => isVersion.test(before);

/** Every date with day, month and year, in reading order, but those of stamps and notices. */
export function placesOf(sheets: readonly Sheet[]): readonly Place[] {
  const head = headOf(sheets);
  const body = bodyOf(sheets, head);
  return sheets.flatMap((sheet) =>
    datesIn(sheet.plain).flatMap((date) => {
      const before = sheet.plain
        .slice(Math.max(0, date.start - 160), date.start)
        .split("\n")
        .slice(-2)
        .join("\n");
      const line = before.slice(before.lastIndexOf("\n") + 1);
      if (NOT_THE_ACT.test(line) || CERTIFIED.test(before)) return [];
      const isFirstPage = sheet.page === head?.page;
      const after = sheet.plain.slice(date.end, date.end + 300);
      const printedBefore = sheet.printed.slice(date.start - before.length, date.start);
      const isInHead = isFirstPage && date.start < (head?.plain.length ?? 0);
      const isInBody = isInHead || body === undefined || sheet.page > body.page || (sheet.page === body.page && date.start > body.at);
      return [{ sheet, date, before, printedBefore, after, isFirstPage, isInHead, isInBody }];
    }),
  );
}

const DISPOSITIF = new RegExp(`^[^a-z0-9\\n]{0,6}(?:${ARRETE}(?:nt)?\\b\\s*[:.,]?\\s*$|article\\s+(?:1|i|premier|ler)\\b)`, "m");

/** Where an act begins to order; undefined for a letter. */
function bodyOf(sheets: readonly Sheet[], head: Sheet | undefined): { readonly page: number; readonly at: number } | undefined {
  for (const { page, plain } of sheets) {
    const from = page === head?.page ? (head?.plain.length ?? 0) : 0;
    const match = DISPOSITIF.exec(plain.slice(from));
    if (match !== null) return { page, at: from + match.index };
  }
  return undefined;
}
