/** A word of a text, with where it stands. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** Lower case, without accents and without a plural's s or x from five letters on ("plus" is not the PLU); empty for something too long to be a word. */
  readonly stem: string;
}

/** Longer runs of letters are no French words, and folding accents of a run of 100,000 combining marks takes seconds. */
const MAX_WORD_CHARS = 40;

/** The words of a text in order; apostrophes, hyphens and punctuation part them. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu)) {
    const end = match.index + match[0].length;
    words.push({ start: match.index, end, stem: match[0].length > MAX_WORD_CHARS ? "" : stemOf(match[0]) });
  }
  return words;
}

function stemOf(word: string): string {
  const folded = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae");
  return folded.length > 4 && /[sx]$/.test(folded) ? folded.slice(0, -1) : folded;
}

/** One term of a vocabulary found in a text. `first` and `last` are places in the list of words. */
export interface Hit<Label> {
  readonly label: Label;
  /** The term as the vocabulary spells it, never as the text does. */
  readonly term: string;
  readonly first: number;
  readonly last: number;
}

interface Entry<Label> {
  readonly label: Label;
  readonly term: string;
  readonly stems: readonly string[];
}

/** Terms by their first word, the longest first: "marché public" must win over "marché". */
export type Lexicon<Label> = ReadonlyMap<string, readonly Entry<Label>[]>;

/** A lexicon from lists of terms, each list one comma-separated line. */
export function lexiconOf<Label>(lists: readonly (readonly [label: Label, terms: string])[]): Lexicon<Label> {
  const lexicon = new Map<string, Entry<Label>[]>();
  for (const [label, terms] of lists) {
    for (const term of terms.split(",").map((each) => each.trim())) {
      const stems = wordsOf(term).map((word) => word.stem);
      const first = stems[0];
      if (first === undefined) continue;
      lexicon.set(first, [...(lexicon.get(first) ?? []), { label, term, stems }]);
    }
  }
  for (const entries of lexicon.values()) entries.sort((a, b) => b.stems.length - a.stems.length);
  return lexicon;
}

/** Every term of the lexicon in the text, left to right, never overlapping. */
export function hitsIn<Label>(words: readonly Word[], lexicon: Lexicon<Label>): Hit<Label>[] {
  const hits: Hit<Label>[] = [];
  for (let at = 0; at < words.length; at++) {
    const entry = lexicon.get(words[at]?.stem ?? "")?.find(({ stems }) => stems.every((stem, offset) => words[at + offset]?.stem === stem));
    if (entry === undefined) continue;
    const last = at + entry.stems.length - 1;
    hits.push({ label: entry.label, term: entry.term, first: at, last });
    at = last;
  }
  return hits;
}
