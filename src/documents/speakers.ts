import { distance } from "fastest-levenshtein";
import { plain, ROLE, turnsIn } from "./turns.ts";

/** A document whose speakers' names were replaced. Masking, not anonymisation: what somebody says may still tell who it is. */
export interface Masked {
  /** Per page, in the same order. */
  readonly texts: readonly string[];
  /** How many speakers were recognised; 0 when it is no transcript, and then nothing was changed. */
  readonly speakers: number;
}

/** Before a name, these make it the name of a place or a house, which stays: it is what the text is about. */
const PLACE =
  /(?:école|collège|lycée|théâtre|salle|rue|place|quai|avenue|boulevard|impasse|allée|chemin|pont|stade|gymnase|médiathèque|bibliothèque|musée|centre|maison|résidence|espace|square|parc|port|cale|fondation|association|prix)s?\s+(?:(?:de|du|des|la|le|les)\s+|d['’]\s*)*$/iu;

interface Speaker {
  readonly mask: string;
  /** Plain words of the full name; empty for a role. */
  readonly words: readonly string[];
}

/**
 * Replaces each speaker of a transcript by `Intervenant_N`, in order of their first words: in front of what they say, and where
 * their name is said, whole or by its first or last word, without regard to accents and case and through small misspellings.
 *
 * @param texts  per page, in order
 */
export function maskSpeakers(texts: readonly string[]): Masked {
  const turns = turnsIn(texts);
  if (turns === undefined) return { texts, speakers: 0 };
  const labels = turns.all.map(({ name }) => name);
  const maskOf = new Map<string, string>();
  const speakers: Speaker[] = [];
  for (const label of labels.toSorted((a, b) => plainWords(b).length - plainWords(a).length)) {
    const words = ROLE.test(label) ? [] : plainWords(label);
    const key = plain(label);
    if (maskOf.has(key)) continue;
    const known = words.length > 0 ? speakers.find((one) => isSame(one.words, words)) : undefined;
    const mask = known?.mask ?? `?${speakers.length}`;
    if (known === undefined) speakers.push({ mask, words });
    maskOf.set(key, mask);
  }
  const numbers = numbered(labels.map((label) => maskOf.get(plain(label)) ?? ""));
  const named = speakers.map(({ mask, words }) => ({ mask: numbers.get(mask) ?? mask, words }));
  const masked = texts.map((text) =>
    maskNames(
      maskTurns(text, turns.pattern, (label) => numbers.get(maskOf.get(plain(label)) ?? "") ?? label),
      named,
    ),
  );
  return { texts: masked, speakers: speakers.length };
}

/** Numbers in the order in which they first speak. */
function numbered(masks: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(masks)].map((mask, index) => [mask, `Intervenant_${index + 1}`]));
}

const maskTurns = (text: string, pattern: RegExp, maskOf: (label: string) => string): string =>
  text.replace(pattern, (...parts) => {
    const { before, name, after } = parts.at(-1) as { before: string; name: string; after: string };
    return `${before}${maskOf(name)}${after}`;
  });

interface Word {
  readonly start: number;
  readonly end: number;
  readonly plain: string;
  /** As names are written; "marine" is no "Marine". */
  readonly isCapital: boolean;
}

function maskNames(text: string, speakers: readonly Speaker[]): string {
  const words = wordsIn(text);
  let masked = "";
  let done = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const found = word === undefined ? undefined : nameAt(text, words, at, speakers);
    if (word === undefined || found === undefined) continue;
    at += found.length - 1;
    if (PLACE.test(text.slice(Math.max(0, word.start - 60), word.start))) continue;
    masked += text.slice(done, word.start) + found.mask;
    done = words[at]?.end ?? word.end;
  }
  return masked + text.slice(done);
}

/** The speaker whose name begins with this word: the whole name before a part of it. */
function nameAt(
  text: string,
  words: readonly Word[],
  at: number,
  speakers: readonly Speaker[],
): { readonly mask: string; readonly length: number } | undefined {
  for (const { mask, words: name } of speakers) {
    if (name.length < 2) continue;
    const run = words.slice(at, at + name.length);
    const isRun = run.length === name.length && run.every((one, index) => index === 0 || isNear(text, run[index - 1], one));
    const said = run.map((one) => one.plain);
    if (isRun && (isSame(name, said) || isSame(name.toReversed(), said))) return { mask, length: name.length };
  }
  const word = words[at];
  if (word === undefined || !word.isCapital || word.plain.length < 3) return undefined;
  const exact = speakers.filter(({ words: name }) => name[0] === word.plain || name.at(-1) === word.plain);
  const owners = exact.length > 0 ? exact : speakers.filter(({ words: name }) => isAlmost(name.at(-1), word.plain));
  // A first name that two speakers share says which of them to nobody; it is still a name.
  const [owner] = owners;
  if (owner === undefined) return undefined;
  return { mask: owners.length === 1 ? owner.mask : "Intervenant_?", length: 1 };
}

/** Only blanks, a hyphen or an apostrophe between two words of a name. */
const isNear = (text: string, before: Word | undefined, word: Word): boolean =>
  before !== undefined && /^(?:[ \t]*\n?[ \t]*|[-'’])$/.test(text.slice(before.end, word.start));

const wordsIn = (text: string): readonly Word[] =>
  [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    plain: plain(word),
    isCapital: /^\p{Lu}/u.test(word),
  }));

/** Breton "c'h" is one letter: "Kerloc'h" is a word, and often written "Kerloch". */
const WORD = /(?:c['’ʼ]h|[\p{L}\p{M}])+/giu;

const plainWords = (label: string): readonly string[] => plain(label).match(/\p{L}+/gu) ?? [];

/** The same words in the same order, each with a small misspelling at most; or one word that is the first or last of the name. */
function isSame(name: readonly string[], said: readonly string[]): boolean {
  if (said.length === 1 && name.length > 1) return name[0] === said[0] || name.at(-1) === said[0];
  return name.length === said.length && name.every((word, index) => isAlike(word, said[index] ?? ""));
}

/** A surname that is said alone and misspelt: a letter of a long one, or many words would be names. */
const isAlmost = (surname: string | undefined, said: string): boolean =>
  surname !== undefined && surname.length >= 6 && said.length >= 6 && distance(surname, said) <= 1;

function isAlike(word: string, said: string): boolean {
  const allowed = word.length >= 9 ? 2 : word.length >= 5 ? 1 : 0;
  return word === said || distance(word, said) <= allowed;
}
