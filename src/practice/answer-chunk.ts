import type { ChunkAnswer } from "../documents/analysis.ts";
import { claimsOf } from "./claims.ts";
import { isDecision } from "./decisions.ts";
import { kindOf } from "./kind.ts";
import { type Passage, passagesOf } from "./passages.ts";
import { onOneLine, quoteAround } from "./sentences.ts";
import { themesOf } from "./themes.ts";
import { tokensOf } from "./tokens.ts";
import { topicsIn } from "./vocabulary.ts";

/**
 * What can be said of one chunk by copying from it: kind by its own words, sentences as summary, themes by vocabulary, claims by pattern.
 *
 * @param document  the text of the field, with its `[page N]` lines
 * @returns an answer whose every quote stands on the page it names, letter for letter
 */
export function answerChunk(document: string): ChunkAnswer {
  const passages = passagesOf(document);
  const kind = kindOf(passages);
  const answer = { kind, summary: summaryOf(passages), themes: themesOf(passages) };
  return { ...answer, claims: withinBudget(tokensIn(answer), claimsOf(passages, kind)) };
}

/** Under the 2,048 that callers reserve for an answer: a page of amounts could fill more, and a longer one would be cut. */
const MAX_ANSWER_TOKENS = 1_900;

/** The first claim of each sort, then the second of each, as long as there is room: a table of amounts must not crowd out the decisions. */
function withinBudget(usedTokens: number, claims: ChunkAnswer["claims"]): ChunkAnswer["claims"] {
  const counts = new Map<string, number>();
  const ranked = claims.map((claim) => {
    const rank = counts.get(claim.about) ?? 0;
    counts.set(claim.about, rank + 1);
    return { claim, rank };
  });
  const kept = new Set<ChunkAnswer["claims"][number]>();
  let used = usedTokens;
  for (const { claim } of ranked.sort((a, b) => a.rank - b.rank)) {
    const tokens = tokensIn(claim);
    if (used + tokens > MAX_ANSWER_TOKENS) continue;
    used += tokens;
    kept.add(claim);
  }
  return claims.filter((claim) => kept.has(claim));
}

const tokensIn = (value: object): number => tokensOf(JSON.stringify(value)).length;

const SUMMARY_SENTENCES = 3;
const MIN_SENTENCE_CHARS = 50;
const MAX_SENTENCE_CHARS = 300;

function summaryOf(passages: readonly Passage[]): string {
  const ranked = passages
    .filter(isSentence)
    .map((passage, place) => ({ passage, place, score: worthOf(passage, place) }))
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, SUMMARY_SENTENCES)
    .sort((a, b) => a.place - b.place);
  if (ranked.length === 0) return "Modèle d'exercice : aucune phrase à extraire de ce texte.";
  return `Extraits du texte : ${ranked.map(({ passage }) => `« ${onOneLine(quoteAround(passage.text))} »`).join(" ")}`;
}

/** Something a person would read as a sentence: not a heading, a table row, a recital or a list of names. */
function isSentence({ text, isRecital, words }: Passage): boolean {
  if (isRecital || text.length < MIN_SENTENCE_CHARS || text.length > MAX_SENTENCE_CHARS) return false;
  return /[.!?;»]$/.test(text) && !/^[#|>]|\|/.test(text) && words.length >= 8;
}

function worthOf(passage: Passage, place: number): number {
  const subjects = new Set(topicsIn(passage.text, passage.words).map(({ term }) => term)).size;
  return Math.min(subjects, 3) + (isDecision(passage) ? 2 : 0) + (place < 3 ? 1 : 0);
}
