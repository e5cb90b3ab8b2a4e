import { ABOVE } from "./author.ts";
import { kindOf } from "./kind.ts";
import { numberIn, numberOf } from "./number.ts";
import { hasRecitals, headOf, type Sheet } from "./sheet.ts";

/** How a session's minutes begin, with or without recitals. */
const SESSION = /membres\s+(?:en exercice|presents)|registre\s+des\s+deliberations|s'est\s+(?:reuni|assemble)/;

/**
 * The pages of the file's own act: all of them, or those before a later page on which another act begins, with a number of its own
 * in its title and with who makes it above its recitals. What stands behind an act is bound or annexed to it.
 */
export function firstActOf(sheets: readonly Sheet[]): readonly Sheet[] {
  const start = sheets.findIndex((sheet) => headOf([sheet]) !== undefined);
  const end = sheets.findIndex((sheet, index) => index > start && beginsAnother(sheet, sheets.slice(0, index)));
  return end < 0 ? sheets : sheets.slice(0, end);
}

/** A title that is repeated on each page has the same number; recitals that go on there have nobody above them. */
function beginsAnother(sheet: Sheet, before: readonly Sheet[]): boolean {
  const head = headOf([sheet]);
  if (head === undefined || !(SESSION.test(head.plain) || (hasRecitals(sheet) && ABOVE.test(head.plain)))) return false;
  const number = numberIn(head);
  // A bordereau that says nothing of itself is no act.
  const first = kindOf(before)?.value;
  return number !== undefined && first !== undefined && numberOf(before, first)?.value !== number.value;
}
