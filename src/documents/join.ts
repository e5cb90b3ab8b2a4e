import { distance } from "fastest-levenshtein";
import type { Claim, ClaimAbout, Evidence, Theme } from "./analysis.ts";
import { plainWords } from "./fold.ts";

/** Titles at least this alike name one theme: a plural, an article, another word order at the end. */
const MIN_TITLE_LIKENESS = 0.75;
/** Share of keywords in common from which two titles name one theme, when at least two are shared. */
const MIN_KEYWORD_SHARE = 0.5;
/** Two sentences this alike, with the same figures and on the same page, say one decision. */
const MIN_DECISION_LIKENESS = 0.85;
const MAX_KEYWORDS = 12;

/** Near-duplicate themes of one category as one, with every page anchor; the first one's title stays. */
export const joinThemes = (themes: readonly Theme[]): readonly Theme[] => joinSame(themes, isSameTheme, joinedTheme);

/** Duplicate claims as one, the better proved one, in order of page. */
export function joinClaims(claims: readonly Claim[]): readonly Claim[] {
  const page = (claim: Claim): number => claim.evidence.page ?? Number.MAX_SAFE_INTEGER;
  return joinSame(claims, isSameClaim, betterProved).toSorted((a, b) => page(a) - page(b));
}

function joinSame<Item>(items: readonly Item[], isSame: (a: Item, b: Item) => boolean, join: (a: Item, b: Item) => Item): readonly Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const at = joined.findIndex((other) => isSame(other, item));
    const other = joined[at];
    if (other === undefined) joined.push(item);
    else joined[at] = join(other, item);
  }
  return joined;
}

function isSameTheme(a: Theme, b: Theme): boolean {
  if (a.category !== b.category) return false;
  const [titleA, titleB] = [plainWords(a.title), plainWords(b.title)];
  if (figuresOf(titleA) !== figuresOf(titleB)) return false;
  if (likeness(titleA, titleB) >= MIN_TITLE_LIKENESS) return true;
  const words = new Set(a.keywords.map(plainWords));
  const shared = new Set(b.keywords.map(plainWords).filter((word) => words.has(word))).size;
  return shared >= 2 && shared / new Set([...words, ...b.keywords.map(plainWords)]).size >= MIN_KEYWORD_SHARE;
}

function joinedTheme(a: Theme, b: Theme): Theme {
  const seen = new Set<string>();
  const isNew = (key: string): boolean => !seen.has(key) && seen.add(key).size > 0;
  return {
    ...a,
    keywords: [...a.keywords, ...b.keywords].filter((word) => isNew(plainWords(word))).slice(0, MAX_KEYWORDS),
    evidence: [...a.evidence, ...b.evidence].filter((evidence) => isNew(placeOf(evidence))),
  };
}

/** Repeated on every page by a header, they say one thing. Two equal amounts, two equal decisions may be two things. */
const SAID_ONCE: ReadonlySet<ClaimAbout> = new Set(["date", "echeance", "lieu"]);

function isSameClaim(a: Claim, b: Claim): boolean {
  if (a.about !== b.about) return false;
  const [valueA, valueB] = [plainWords(a.value), plainWords(b.value)];
  if (SAID_ONCE.has(a.about)) return valueA === valueB;
  if (a.about === "decision" && a.evidence.page === b.evidence.page && figuresOf(valueA) === figuresOf(valueB)) {
    return likeness(valueA, valueB) >= MIN_DECISION_LIKENESS && isNegated(valueA) === isNegated(valueB);
  }
  return valueA === valueB && (placeOf(a.evidence) === placeOf(b.evidence) || a.evidence.kind !== b.evidence.kind);
}

function betterProved(a: Claim, b: Claim): Claim {
  const rank = (claim: Claim): number => (claim.evidence.kind === "found" ? 0 : 2) + (claim.figures === "differ" ? 1 : 0);
  return rank(b) < rank(a) ? b : a;
}

const placeOf = (evidence: Evidence): string => `${evidence.page}:${evidence.kind === "found" ? evidence.text : ""}`;
const figuresOf = (text: string): string => (text.match(/\d+/g) ?? []).join(" ");
const isNegated = (text: string): boolean => /\b(?:ne|n|pas|non|sans|aucune?|jamais|interdi\w*|refus\w*|rejet\w*)\b/.test(text);

/** 1 for the same text, 0 for nothing in common. */
const likeness = (a: string, b: string): number => 1 - distance(a, b) / Math.max(a.length, b.length, 1);
