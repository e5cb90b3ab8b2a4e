const UNITS: Readonly<Record<string, number>> = {
  zero: 0,
  un: 1,
  une: 1,
  premier: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
  cinq: 5,
  six: 6,
  sept: 7,
  huit: 8,
  neuf: 9,
  dix: 10,
  onze: 11,
  douze: 12,
  treize: 13,
  quatorze: 14,
  quinze: 15,
  seize: 16,
  trente: 30,
  quarante: 40,
  cinquante: 50,
  soixante: 60,
};

const WORD = `(?:${Object.keys(UNITS).join("|")}|vingts?|cents?|mille|mil)`;

/** A number in French words, for a pattern on plain text: "deux mille vingt et un", "quatre-vingt-dix-huit". */
export const NUMBER_WORDS = `${WORD}(?:(?:\\s*-\\s*|\\s+)(?:et(?:\\s*-\\s*|\\s+))?${WORD})*`;

/**
 * The number that French words name.
 *
 * @param words  plain text (no accents, lower case), as `NUMBER_WORDS` finds it; "mil" and a missing hyphen are fine
 */
export function numberOfWords(words: string): number {
  let thousands = 0;
  let rest = 0;
  for (const word of words.split(/[\s-]+/)) {
    if (word === "mille" || word === "mil") {
      thousands += (rest || 1) * 1_000;
      rest = 0;
    } else if (word.startsWith("cent")) rest = (rest || 1) * 100;
    // "quatre-vingt" is 80, "cent vingt" is 120: only a four right before it is multiplied.
    else if (word.startsWith("vingt")) rest += rest % 100 === 4 ? 76 : 20;
    else rest += UNITS[word] ?? 0;
  }
  return thousands + rest;
}
