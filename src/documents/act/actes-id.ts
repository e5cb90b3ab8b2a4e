import { iso } from "./dates.ts";
import { type ActEvidence, quoteAt, type Sheet } from "./sheet.ts";

/**
 * What the stamp of a transmission to the prefecture says of the act: "ID : 029-999999999-20310112-DE2031_007-DE" is the town, the day
 * of the decision, its number and its nature. The days around it ("Envoyé le", "Reçu le") are not the act's.
 */
export interface ActesId {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly number: string;
  readonly nature: "arrete" | "deliberation" | undefined;
  readonly evidence: ActEvidence;
}

const ID =
  /(?<!\d)\d{3}\s?-\s?\d{9}\s?-\s?((?:19|20)\d{2})(\d{2})(\d{2})\s?-\s?([a-z0-9][a-z0-9_ ]{0,24}?)\s?-\s?(de|ar|ai|au|cc|bf)(?![a-z0-9])/;

/** The first stamp that can be read. */
export function actesIdOf(sheets: readonly Sheet[]): ActesId | undefined {
  for (const sheet of sheets) {
    const match = ID.exec(sheet.plain);
    const date = iso(Number(match?.[1]), Number(match?.[2]), Number(match?.[3]));
    if (match === null || date === undefined) continue;
    const start = match.index + match[0].indexOf(match[4] ?? "");
    return {
      date,
      number: sheet.printed.slice(start, start + (match[4] ?? "").length),
      nature: match[5] === "de" ? "deliberation" : /^a[ri]$/.test(match[5] ?? "") ? "arrete" : undefined,
      evidence: quoteAt(sheet, match.index, match.index + match[0].length),
    };
  }
  return undefined;
}
