import { distance } from "fastest-levenshtein";
import { NUMBER_WORDS, numberOfWords } from "./number-words.ts";

/** A date as it stands in a plain text. */
export interface FoundDate {
  /** YYYY-MM-DD. */
  readonly iso: string;
  readonly start: number;
  readonly end: number;
  /** "L'an deux mille vingt-trois, le seize février": how a session opens. */
  readonly isYearFirst: boolean;
}

const MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split(" ");
const SHORT = "janv fevr mars avr mai juin juil aout sept oct nov dec".split(" ");
/** As they stand after "a viz", with the letter that Breton changes. */
const BRETON = "genver c'hwevrer meurzh ebrel mae mezheven gouere eost gwengolo here du kerzu".split(" ");
/** In a pattern of plain text: a word that may be a month, with the full stop of a short one. */
export const MONTH_WORD = "([a-z][a-z']{1,11})\\.?,?";
export const WEEKDAY = "(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\\s+)?";

/** OCR reads an O for a nought and an l for a one, makes marks of a raised "er", and a rubber stamp leaves a gap between its wheels. */
const DAY = "([0-3oqdil|]?\\s?[0-9oqdil|](?:\\s?er)?)\\s?(?:[°%*\"'“”®^]{1,2}|e(?=\\s))?";
/** The gaps around a month may be lost, before its year and after "le". */
const DAY_START = "(?:(?<![a-z0-9])|(?<=(?<![a-z])le))";
const YEAR = "([12][0-9oqils]{3})";
const FORMS: readonly { readonly pattern: RegExp; readonly read: (found: RegExpMatchArray) => string | undefined }[] = [
  {
    pattern: new RegExp(`${DAY_START}${DAY}\\s*(a\\s+viz\\s+)?${MONTH_WORD}\\s*${YEAR}(?!\\d)`, "g"),
    read: ([, day = "", breton, month = "", year = ""]) =>
      /\d|er/.test(day) ? iso(figures(year), breton === undefined ? monthOf(month) : bretonMonthOf(month), figures(day)) : undefined,
  },
  {
    pattern: /(?<![\d./-])(\d{1,2})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d]|[./-]\d)/g,
    read: ([, day = "", , month = "", year = ""]) =>
      iso(year.length === 2 ? 2_000 + Number(year) : Number(year), Number(month), Number(day)),
  },
  {
    pattern: new RegExp(`(?<![a-z])(${NUMBER_WORDS})\\s+${MONTH_WORD}\\s+(?:de\\s+l'an\\s+)?(${NUMBER_WORDS}|\\d{4})(?![a-z0-9])`, "g"),
    read: ([, day = "", month = "", year = ""]) => iso(anyNumber(year), monthOf(month), numberOfWords(day)),
  },
  {
    pattern: new RegExp(
      `(?<![a-z])l'an\\s+(${NUMBER_WORDS}|\\d{4})\\s*,?\\s+(?:et\\s+)?le\\s+${WEEKDAY}(${NUMBER_WORDS}|\\d{1,2})(?:\\s?er|°)?\\s+(?:du\\s+mois\\s+de\\s+|jour\\s+de\\s+)?${MONTH_WORD}(?![a-z])`,
      "g",
    ),
    read: ([, year = "", day = "", month = ""]) => iso(anyNumber(year), monthOf(month), anyNumber(day)),
  },
];
const YEAR_FIRST = FORMS.length - 1;

/** All dates with day, month and year, in reading order. @param plain  as `sheetOf` gives it */
export function datesIn(plain: string): readonly FoundDate[] {
  const found = FORMS.flatMap(({ pattern, read }, form) =>
    [...plain.matchAll(pattern)].flatMap((match) => {
      const date = read(match);
      const start = match.index + (/^\s/.test(match[0]) ? 1 : 0);
      return date === undefined ? [] : [{ iso: date, start, end: match.index + match[0].length, isYearFirst: form === YEAR_FIRST }];
    }),
  );
  return found.sort((a, b) => a.start - b.start);
}

/**
 * The month that a word names, 1 to 12; a letter or two of a long one may be misread ("fevner"), or one of a short one ("avrll").
 *
 * @param word  plain; "sept" and "sept." are fine
 */
export function monthOf(word: string): number | undefined {
  for (const names of [MONTHS, SHORT]) if (names.includes(word)) return names.indexOf(word) + 1;
  return (
    only(MONTHS, (name) => name.length >= 7 && name[0] === word[0] && distance(name, word) <= 2) ??
    only(MONTHS, (name) => name.length >= 4 && word.length >= 4 && name[0] === word[0] && distance(name, word) <= 1) ??
    only(SHORT, (name) => name === `${word}r` || misses(name, word))
  );
}

const bretonMonthOf = (word: string): number | undefined => only(BRETON, (name) => name === word);

/** "2024-02-30" and "2024-13-01" are no dates; a year far away is a misread one. */
export function iso(year: number | undefined, month: number | undefined, day: number | undefined): string | undefined {
  if (year === undefined || month === undefined || day === undefined || !(year >= 1800 && year < 2100)) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString().slice(0, 10) : undefined;
}

/** "2Q" is 20, "1 6" is 16, "ler" is 1. */
const figures = (text: string): number =>
  Number(
    text
      .replace(/\s|er$/g, "")
      .replace(/[oqd]/g, "0")
      .replace(/[il|]/g, "1")
      .replace(/s/g, "5"),
  );

const anyNumber = (text: string): number => (/^\d/.test(text) ? Number(text) : numberOfWords(text));

/** A stamp that lost the first letter of its month: "CT. 2024". */
const misses = (name: string, word: string): boolean => word.length === 2 && name.length === 3 && name.endsWith(word);

function only(names: readonly string[], isLike: (name: string) => boolean): number | undefined {
  const [first, second] = names.filter(isLike);
  return first === undefined || second !== undefined ? undefined : names.indexOf(first) + 1;
}
