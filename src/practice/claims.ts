import type { ActKind, ChunkAnswer, ClaimAbout } from "../documents/analysis.ts";
import { datesIn, type FoundDate } from "./dates.ts";
import { isDecision, isRule } from "./decisions.ts";
import { type Passage, says } from "./passages.ts";
import { placesIn } from "./places.ts";
import { MAX_QUOTE_CHARS, onOneLine, quoteAround } from "./sentences.ts";
import { wordsOf } from "./words.ts";

export type AnyClaim = ChunkAnswer["claims"][number];

/** The most of each kind in one chunk; in sum under the 60 that the shape allows. */
const MOST: Readonly<Record<ClaimAbout, number>> = {
  numero: 1,
  "date-acte": 1,
  titre: 1,
  decision: 14,
  montant: 12,
  echeance: 6,
  date: 8,
  lieu: 8,
};
const MAX_VALUE_CHARS = 300;
/** For a figure, a day or a place: the words around it, not the whole sentence again. */
const SHORT_QUOTE_CHARS = 160;

/**
 * What the text states, each with the words that state it. Only patterns of the text itself: nothing is inferred.
 *
 * @returns in reading order after the act's own number, date and title
 */
export function claimsOf(passages: readonly Passage[], kind: ActKind): AnyClaim[] {
  const isAct = kind === "arrete" || kind === "deliberation";
  const actDate = actDateOf(passages);
  const own = [numberOf(passages), actDate, titleOf(passages)];
  const rest = passages.flatMap((passage) => [
    ...decisionIn(passage, isAct),
    ...amountsIn(passage),
    ...daysIn(passage),
    ...placeClaims(passage),
  ]);
  const isRepeated = ({ about, value }: AnyClaim) => about === "date" && value === actDate?.value;
  return keepMost([...own, ...rest].filter((claim): claim is AnyClaim => claim !== undefined && !isRepeated(claim)));
}

function keepMost(claims: readonly AnyClaim[]): AnyClaim[] {
  const counts = new Map<ClaimAbout, number>();
  const seen = new Set<string>();
  return claims.filter(({ about, value }) => {
    const key = `${about} ${value.toLowerCase()}`;
    const count = counts.get(about) ?? 0;
    if (seen.has(key) || count >= MOST[about]) return false;
    seen.add(key);
    counts.set(about, count + 1);
    return true;
  });
}

/** `at` is where the value stands in the passage; the quote is taken around it. */
function claim(about: ClaimAbout, value: string, passage: Passage, at?: { start: number; end: number }, max = MAX_QUOTE_CHARS): AnyClaim {
  const quote = quoteAround(passage.text, at?.start, at?.end, max);
  return {
    about,
    value: onOneLine(quoteAround(value.replaceAll("**", ""), undefined, undefined, MAX_VALUE_CHARS)),
    quote,
    page: passage.page,
  };
}

/** "PM2026-031", "DE2026-012", "P-PM2023-003", "n° 2026-041", "N° 7". */
const NUMBER =
  /(?<![\p{L}\p{N}-])(?:(?:[A-Z]{1,2}-)?[A-Z]{2,3}-?\d{4}-\d{2,4}|n\s?[°ºo]\s{0,2}((?:[A-Z]{1,4}-?)?\d{1,4}(?:[-/]\d{1,4})?))(?![\p{L}\p{N}])/giu;

function numberOf(passages: readonly Passage[]): AnyClaim | undefined {
  for (const passage of passages) {
    // The number of an act that is cited, repealed or changed is not this act's.
    if (!passage.isHead || passage.isRecital || /abrog|modifi|article/i.test(passage.text)) continue;
    const match = passage.text.matchAll(NUMBER).next().value;
    if (match !== undefined) return claim("numero", match[1] ?? match[0], passage, spanOf(match));
  }
  return undefined;
}

const spanOf = (match: RegExpExecArray) => ({ start: match.index, end: match.index + match[0].length });

const COMMA_LE = /,\sle\s(?:lundi\s|mardi\s|mercredi\s|jeudi\s|vendredi\s|samedi\s|dimanche\s)?$/i;
/** From the surest sign of an act's own date to the weakest. */
const ACT_DATE_SIGNS: readonly ((passage: Passage, before: string, date: FoundDate) => boolean)[] = [
  (_, before) => / fait (?:a|en) .{0,60}$/.test(before),
  (passage, before) => passage.isHead && /^ (?:compte rendu |proce verbal |deliberation |de |la )*seance (?:.{0,40} )?du $/.test(before),
  // "Port-Kerelec, le 19 février 2026": without the comma it is a sentence about another day.
  (passage, _, date) => passage.text.length <= 80 && /^\p{Lu}/u.test(passage.text) && COMMA_LE.test(passage.text.slice(0, date.start)),
  (passage, before) => passage.isHead && / (?:arrete|deliberation|reunion|compte rendu|commission) .{0,80}(?:du|date) $/.test(before),
  (passage, before) => passage.isHead && /^ date (?:et heure )?$/.test(before),
];

function actDateOf(passages: readonly Passage[]): AnyClaim | undefined {
  const dated = passages
    .filter(({ isRecital }) => !isRecital)
    .flatMap((passage) => datesIn(passage.text).map((date) => ({ passage, date, before: foldedBefore(passage, date) })));
  for (const isSign of ACT_DATE_SIGNS) {
    const found = dated.find(({ passage, before, date }) => isSign(passage, before, date));
    if (found !== undefined) return claim("date-acte", found.date.iso, found.passage, found.date);
  }
  return undefined;
}

const LOOK_BACK_CHARS = 120;
const WEEKDAYS = / (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) $/;

/** The folded words before a date, without a weekday: " fait a port kerelec le ". */
function foldedBefore(passage: Passage, date: FoundDate): string {
  const words = wordsOf(passage.text.slice(Math.max(0, date.start - LOOK_BACK_CHARS), date.start));
  return ` ${words.map(({ stem }) => stem).join(" ")} `.replace(WEEKDAYS, " ");
}

function titleOf(passages: readonly Passage[]): AnyClaim | undefined {
  const heads = passages.filter(({ isHead, isRecital }) => isHead && !isRecital);
  // A délibération names its object below the list of those present.
  const named =
    passages.find(({ page, text }) => page === 1 && /^[#*\s]{0,5}objet\s?:/i.test(text)) ??
    heads.find((passage) => says(passage, "portant") && !says(passage, "portant sur"));
  const found = named ?? heads.find(({ text }) => /^#{1,2}\s/.test(text));
  if (found === undefined) return undefined;
  const value = found.text.replace(/^[#*\s]{0,5}(?:objet\s?:\s{0,3})?/i, "");
  return /[\p{L}\p{N}]/u.test(value) ? claim("titre", value, found) : undefined;
}

function decisionIn(passage: Passage, isAct: boolean): AnyClaim[] {
  return isDecision(passage) || (isAct && isRule(passage)) ? [claim("decision", passage.text.replace(/^[-–—•*\s]{1,5}/, ""), passage)] : [];
}

/** Groups are bounded: an endless row of figures would otherwise be read again from each of them. */
const AMOUNT =
  /(?<![\p{L}\p{N}.,])(?:\d{1,3}(?:[ .\u00A0\u202F]\d{3}){1,4}|\d{1,9})(?:,\d{1,3})?\s{0,2}(?:(?:k|M)?€|(?:(?:millions?|milliers?)\s(?:d['’]))?(?:euros?|EUR)(?![\p{L}\p{N}]))/gu;

function amountsIn(passage: Passage): AnyClaim[] {
  return [...passage.text.matchAll(AMOUNT)].map((match) => claim("montant", match[0], passage, spanOf(match), SHORT_QUOTE_CHARS));
}

const DEADLINE = / (?:avant le|au plus tard(?: le)?|jusqu au|jusqu a|date limite.{0,40}|d ici le|d ici au|dernier delai) $/;

function daysIn(passage: Passage): AnyClaim[] {
  if (passage.isRecital) return [];
  return datesIn(passage.text).map((date) => {
    const about = DEADLINE.test(foldedBefore(passage, date)) ? "echeance" : "date";
    return claim(about, date.iso, passage, date, SHORT_QUOTE_CHARS);
  });
}

function placeClaims(passage: Passage): AnyClaim[] {
  if (passage.isRecital) return [];
  return placesIn(passage).map(({ start, end }) =>
    claim("lieu", passage.text.slice(start, end), passage, { start, end }, SHORT_QUOTE_CHARS),
  );
}
