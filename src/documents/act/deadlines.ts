import { datesIn, type FoundDate, iso, MONTH_WORD, monthOf, WEEKDAY } from "./dates.ts";
import { NUMBER_WORDS, numberOfWords } from "./number-words.ts";
import { distinct, quoteAt, type Sheet, type Stated } from "./sheet.ts";

const HOUR = "(?:\\s*(?:a|de|,)?\\s*\\d{1,2}\\s?(?:h|heures?)\\s?(?:\\d{2})?)?";
/** The beginning of a period, up to its second date: the month and the year may stand only there. */
const FROM = new RegExp(
  `\\bdu\\s+${WEEKDAY}(\\d{1,2})(?:er|°)?(?:\\s+${MONTH_WORD}(?:\\s+((?:19|20)\\d{2}))?)?${HOUR}\\s+(?:jusqu')?au\\s+${WEEKDAY}$`,
);
const UNTIL = new RegExp(
  `(?:avant|jusqu'au|jusqu'a|au plus tard|pour le|expire|expiration|date limite|dernier delai|echeance)[^\\n.;]{0,24}?\\s*(?:le|du|au|:)?\\s*${WEEKDAY}$`,
);
const SINCE = new RegExp(`(?:a compter du|a partir du|a dater du|en vigueur[^\\n.;]{0,24}\\s(?:le|du))\\s*${WEEKDAY}$`);

const UNITS: Readonly<Record<string, string>> = { jour: "D", semaine: "W", mois: "M", an: "Y", annee: "Y", heure: "H" };
const LENGTH = new RegExp(
  `(?:(?:dans|sous)\\s+(?:un\\s+delai\\s+(?:maximum\\s+)?(?:de\\s+)?)?|delai\\s+(?:\\w+\\s+)?de\\s+|au\\s+moins\\s+|(?:duree|periode)\\s+(?:\\w+\\s+)?de\\s+)(\\d{1,3}|${NUMBER_WORDS})\\s+(?:\\(\\d{1,3}\\)\\s+)?(jour|semaine|mois|an|annee|heure)s?\\b(?:\\s+(?:ouvres|ouvrables|francs|calendaires|minimum))?(?:\\s+avant[^\\n.;,]{0,40})?`,
  "g",
);
/** "12 jours minimum avant l'ouverture du chantier". */
const BEFORE = new RegExp(
  `(?<![a-z0-9])(\\d{1,3}|${NUMBER_WORDS})\\s+(jour|semaine|mois|heure)s?\\s+(?:\\w+\\s+)?(?:minimum\\s+)?(?:avant|a l'avance)\\b[^\\n.;,]{0,40}`,
  "g",
);
const MOST = 200;

/**
 * Until when something must be done or holds, each once, in reading order.
 *
 * @returns ISO 8601: a day (YYYY-MM-DD), a period (day/day, both days in it), or a length (P2M, P10D, PT48H) whose beginning the text names
 */
export function deadlinesIn(sheets: readonly Sheet[]): readonly Stated<string>[] {
  const found = sheets.flatMap((sheet) => [...daysOn(sheet), ...lengthsOn(sheet)].sort((a, b) => a.at - b.at));
  return distinct(
    found.map(({ value, evidence }) => ({ value, evidence })),
    MOST,
  );
}

interface Found extends Stated<string> {
  readonly at: number;
}

function daysOn(sheet: Sheet): readonly Found[] {
  return datesIn(sheet.plain).flatMap((date) => {
    const before = sheet.plain.slice(Math.max(0, date.start - 90), date.start).replace(/\n/g, " ");
    const match = FROM.exec(before) ?? UNTIL.exec(before) ?? SINCE.exec(before);
    if (match === null) return [];
    const at = date.start - before.length + match.index;
    const value = match[1] === undefined ? date.iso : periodOf(match, date);
    return value === undefined ? [] : [{ value, at, evidence: quoteAt(sheet, at, date.end) }];
  });
}

/** "du 28 décembre au 3 janvier 2026" begins the year before. */
function periodOf([, day = "", word, stated]: RegExpMatchArray, until: FoundDate): string | undefined {
  const month = word === undefined ? Number(until.iso.slice(5, 7)) : monthOf(word);
  const year = stated === undefined ? Number(until.iso.slice(0, 4)) : Number(stated);
  const same = iso(year, month, Number(day));
  const from = same !== undefined && same > until.iso && stated === undefined ? iso(year - 1, month, Number(day)) : same;
  return from === undefined || from > until.iso ? undefined : `${from}/${until.iso}`;
}

function lengthsOn(sheet: Sheet): readonly Found[] {
  return [LENGTH, BEFORE].flatMap((pattern) =>
    [...sheet.plain.matchAll(pattern)].flatMap((match) => {
      const count = /^\d/.test(match[1] ?? "") ? Number(match[1]) : numberOfWords(match[1] ?? "");
      const unit = UNITS[match[2] ?? ""];
      if (unit === undefined || count === 0) return [];
      const value = `${unit === "H" ? "PT" : "P"}${count}${unit}`;
      return [{ value, at: match.index, evidence: quoteAt(sheet, match.index, match.index + match[0].length) }];
    }),
  );
}
