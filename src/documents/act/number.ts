import type { ActKind } from "../analysis.ts";
import { type ActesId, actesIdOf } from "./actes-id.ts";
import { FORMS, FORMS_OF } from "./number-forms.ts";
import { type ActEvidence, edgesOf, headOf, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** An act that is cited has an article or a verb before it; OCR reads "l'arrêté" as "larrêté" and "Parrêté", which is no word of its own. */
const CITED = /(?:\b(?:vu|cet|la|les|des|du|de|present|susdit|precedent|par|abroge\w*|modifi\w*)\s+|l')$/;

/**
 * The number of the act itself, never that of an act it cites, repeals or carries out.
 *
 * @param kind  "autre" when nothing said what it is
 * @returns     as printed, without spaces, dashes made plain, misread noughts and ones mended; undefined when none is stated
 */
export function numberOf(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  const head = headOf(sheets);
  const forms = (FORMS_OF[kind] ?? []).flatMap((name) => FORMS[name] ?? []);
  const places = head === undefined ? [] : [head, ...sheets.flatMap(edgesOf)];
  for (const form of forms) {
    // A report repeats its number on each page, and its cover is as often mistyped as not.
    const found = kind === "rapport" ? mostFrequent(sheets, form) : places.flatMap((place) => numbersIn(place, form))[0];
    if (found !== undefined) return found;
  }
  return kind === "arrete" || kind === "deliberation" ? numberOfStamp(sheets) : undefined;
}

const TITLES = ["bare", "arrete", "arreteUnsigned", "deliberation", "heading", "alone"];

/** The number of an order or a resolution in one head, whichever it is of. */
export const numberIn = (head: Sheet): Stated<string> | undefined =>
  TITLES.flatMap((name) => FORMS[name] ?? []).flatMap((form) => numbersIn(head, form))[0];

function numbersIn(sheet: Sheet, form: RegExp): readonly Stated<string>[] {
  return [...sheet.plain.matchAll(form)].flatMap((match) => {
    const token = match[1] ?? "";
    if (CITED.test(sheet.plain.slice(Math.max(0, match.index - 20), match.index))) return [];
    // Where the sign ends and the number begins; the evidence keeps the words before it.
    const start = match.index + match[0].lastIndexOf(token);
    return [{ value: spelled(sheet.printed.slice(start, start + token.length)), evidence: evidenceOf(sheet, match) }];
  });
}

const evidenceOf = (sheet: Sheet, match: RegExpExecArray): ActEvidence => quoteAt(sheet, match.index, match.index + match[0].length);

/**
 * "P - PM2O31–OO3" is P-PM2031-003: after the letters come figures, whatever OCR took them for; a gap after letters and year was a dash.
 * Small letters behind the last dash are the title's ("034-31-Taxe").
 */
export function spelled(printed: string): string {
  const tight = printed
    .replace(/[\u2010-\u2015\u2212~]/g, "-")
    .replace(/(?<=[A-Za-z]\s?20\d\d) (?=\d{3}$)/, "-")
    .replace(/\s+/g, "");
  return tight
    .replace(/[0-9][0-9OoQIl|]*(?:[Ss](?=[\d-])[0-9OoQIl|]*)*|[OoQIl|]+(?=[0-9])/g, (figures) =>
      figures.replace(/[OoQ]/g, "0").replace(/[Il|]/g, "1").replace(/[Ss]/g, "5"),
    )
    .replace(/(?<=\d)[-/_]\p{L}*\p{Ll}\p{L}*$/u, "");
}

function mostFrequent(sheets: readonly Sheet[], form: RegExp): Stated<string> | undefined {
  const all = sheets.flatMap((sheet) => numbersIn(sheet, form));
  const times = ({ value }: Stated<string>) => all.filter((other) => other.value === value).length;
  return all.toSorted((a, b) => times(b) - times(a))[0];
}

/** The stamp of the transmission repeats the number; people type it in their own way, so it comes last. */
function numberOfStamp(sheets: readonly Sheet[]): Stated<string> | undefined {
  const stamp = actesIdOf(sheets);
  return stamp === undefined ? undefined : { value: numberTyped(stamp), evidence: stamp.evidence };
}

/**
 * As the act prints it: the stamp knows no other mark than "_", leaves it out or not, and puts "DE" for "délibération" before a
 * number that has its year first or last ("DE2031_034" is 2031-034, "03431" of 2031 is 034-31).
 */
function numberTyped({ number, nature, date }: ActesId): string {
  const typed = spelled(number.replaceAll("_", "-"));
  if (nature !== "deliberation") return typed;
  const [, running = "", year] = /^(?:DE)?(\d{3})-?(\d{2})$/i.exec(typed) ?? [];
  if (year === date.slice(2, 4)) return `${running}-${year}`;
  return typed.replace(/^DE(?=(?:19|20)\d{2}-)/i, "");
}
