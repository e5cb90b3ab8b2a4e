import type { ActKind } from "../analysis.ts";
import { quoteAt, type Sheet, type Stated } from "./sheet.ts";

const WHO =
  "(?:maire|prefete?|president(?:e)?|conseil municipal|conseil communautaire|sous-prefete?|prefet(?:e)? maritime|directrice|directeur|commissaire enquet(?:eur|rice))";
const OF = "(?:\\s+(?:de la commune|de la ville|de la communaute de communes))?\\s*(?:d'|de |du |des )\\s*[a-z][a-z' -]{2,50}";
/** Above the recitals: "Le maire de la commune d'X,". */
export const ABOVE = new RegExp(
  `^[^a-z0-9\\n]{0,8}(?:monsieur |madame |nous,?\\s(?:[^\\n,]{0,40},\\s)?)?((?:(?:le|la)\\s+)?${WHO}(?:${OF})?)\\s*[,;:.]?\\s*(?:vu\\b[^\\n]*)?$`,
  "m",
);
/** Under the text: "Le maire," and a name. */
const UNDER = new RegExp(`^[^a-z0-9\\n]{0,8}(?:p(?:our|/)\\s+)?((?:le|la)\\s+${WHO}(?:${OF})?)\\s*[,;:.]?\\s*$`, "gm");

/** Kinds that somebody decides or signs. A magazine and a form are the town's. */
const SIGNED: readonly ActKind[] = ["arrete", "convocation", "avis", "rapport", "autre"];

/** The office that made the act, as printed ("Le maire de la commune d'X"); the person who held it is not looked for. */
export function authorOf(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  if (kind === "deliberation")
    return firstOf(
      sheets,
      /(?:le\s+)?(conseil\s+(?:municipal|communautaire)|comite\s+syndical)(?=[^.]{0,120}?(?:reuni|assemble|convoque|delibere))/,
    );
  if (!SIGNED.includes(kind)) return undefined;
  return firstOf(sheets, ABOVE) ?? lastOf(sheets, UNDER);
}

function firstOf(sheets: readonly Sheet[], pattern: RegExp): Stated<string> | undefined {
  for (const sheet of sheets) {
    const match = pattern.exec(sheet.plain);
    if (match !== null) return statedBy(sheet, match);
  }
  return undefined;
}

function lastOf(sheets: readonly Sheet[], pattern: RegExp): Stated<string> | undefined {
  for (const sheet of sheets.toReversed()) {
    const match = [...sheet.plain.matchAll(pattern)].at(-1);
    if (match !== undefined) return statedBy(sheet, match);
  }
  return undefined;
}

function statedBy(sheet: Sheet, match: RegExpExecArray): Stated<string> {
  const office = match[1] ?? "";
  const start = match.index + match[0].indexOf(office);
  const evidence = quoteAt(sheet, start, start + office.length);
  return { value: evidence.quote, evidence };
}
