import type { Passage } from "./passages.ts";
import type { Word } from "./words.ts";

const KINDS = new Set(
  "salle place rue quai port plage ecole avenue boulevard route chemin impasse allee gymnase parking cale mole chapelle eglise theatre mediatheque stade square venelle pointe hameau".split(
    " ",
  ),
);
/** Words that may stand between the kind of a place and its name, or inside the name. */
const LINKS = new Set("de du des la le les l d a au aux et ar an sur en".split(" "));
/** Places that are named without a capital. */
const PLAIN_NAMES = [
  ["salle", "des", "fete"],
  ["salle", "polyvalente"],
  ["salle", "du", "conseil"],
  ["place", "du", "marche"],
];
const MAX_NAME_WORDS = 7;

/** "salle Ti ar Mor", "quai des Goémoniers", "salle des fêtes": a kind of place and the name that follows it. */
export function placesIn({ text, words }: Passage): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = [];
  for (let at = 0; at < words.length; at++) {
    const first = words[at];
    // "Port-Kerelec" is a town's name, no port.
    if (first === undefined || !KINDS.has(first.stem) || text.charAt(first.end) === "-") continue;
    const last = Math.max(lastPlainWord(words, at), lastNameWord(text, words, at));
    const end = words[last]?.end;
    if (last === at || end === undefined) continue;
    places.push({ start: first.start, end });
    at = last;
  }
  return places;
}

function lastPlainWord(words: readonly Word[], at: number): number {
  const plain = PLAIN_NAMES.find((name) => name.every((stem, offset) => words[at + offset]?.stem === stem));
  return plain === undefined ? at : at + plain.length - 1;
}

/** The last capitalised word of the name, or `at` itself when none follows. */
function lastNameWord(text: string, words: readonly Word[], at: number): number {
  let last = at;
  for (let next = at + 1; next <= at + MAX_NAME_WORDS && isJoined(text, words[next - 1], words[next]); next++) {
    const word = words[next];
    if (word === undefined) break;
    if (/^\p{Lu}/u.test(text.slice(word.start, word.end)) && !isShouted(text, words[at])) last = next;
    else if (!LINKS.has(word.stem) && !isHyphenated(text, word)) break;
  }
  return last;
}

/** In a line of capitals everything looks like a name. */
const isShouted = (text: string, word: Word | undefined): boolean =>
  word !== undefined && /^\p{Lu}{2}/u.test(text.slice(word.start, word.start + 2));

const isHyphenated = (text: string, word: Word): boolean => text.charAt(word.start - 1) === "-";

/** Whether only a space, one line break, a hyphen or an apostrophe stands between two words. */
function isJoined(text: string, before: Word | undefined, after: Word | undefined): boolean {
  if (before === undefined || after === undefined || after.start - before.end > 3) return false;
  return /^(?:[ \u00A0\t]?\n?[ \u00A0]?|[-'’])$/.test(text.slice(before.end, after.start));
}
