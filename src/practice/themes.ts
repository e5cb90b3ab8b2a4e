import type { ChunkAnswer } from "../documents/analysis.ts";
import type { Passage } from "./passages.ts";
import { onOneLine, quoteAround } from "./sentences.ts";
import { type Topic, topicsIn } from "./vocabulary.ts";

const MAX_THEMES = 7;
const MAX_KEYWORDS = 6;
const MAX_KEYWORD_CHARS = 60;
/** In a short text one word is a subject; in a long one a single mention is an aside. */
const SHORT_TEXT_WORDS = 120;

interface Mention {
  readonly passage: Passage;
  readonly keyword: string;
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** The subjects a text really speaks of, the most present first. */
export function themesOf(passages: readonly Passage[]): ChunkAnswer["themes"] {
  const words = passages.reduce((sum, passage) => sum + passage.words.length, 0);
  const enough = words <= SHORT_TEXT_WORDS ? 1 : 3;
  return [...mentionsByTopic(passages)]
    .map(([topic, mentions]) => ({ topic, mentions, terms: termsOf(mentions) }))
    .filter(({ mentions, terms }) => mentions.length >= enough && (enough === 1 || terms.length >= 2))
    .sort((a, b) => b.mentions.length - a.mentions.length)
    .slice(0, MAX_THEMES)
    .map(({ topic, mentions, terms }) => themeOf(topic, mentions, terms));
}

function mentionsByTopic(passages: readonly Passage[]): Map<Topic, Mention[]> {
  const mentions: (Mention & { readonly topic: Topic })[] = [];
  for (const passage of passages) {
    for (const { label, term, first, last } of topicsIn(passage.text, passage.words)) {
      const start = passage.words[first]?.start ?? 0;
      const end = passage.words[last]?.end ?? start;
      const keyword = onOneLine(passage.text.slice(start, end)).slice(0, MAX_KEYWORD_CHARS);
      mentions.push({ topic: label, passage, keyword, term, start, end });
    }
  }
  return Map.groupBy(mentions, ({ topic }) => topic);
}

/** The distinct terms, the most frequent first. */
function termsOf(mentions: readonly Mention[]): string[] {
  const counts = new Map<string, number>();
  for (const { term } of mentions) counts.set(term, (counts.get(term) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([term]) => term);
}

function themeOf(topic: Topic, mentions: readonly Mention[], terms: readonly string[]): ChunkAnswer["themes"][number] {
  const keywords = terms.slice(0, MAX_KEYWORDS).map((term) => mentions.find((mention) => mention.term === term)?.keyword ?? term);
  const { passage, start, end } = bestMention(mentions);
  return { ...topic, keywords, quote: quoteAround(passage.text, start, end), page: passage.page };
}

/** A mention in the sentence that names the subject by the most different words; headings, rows and recitals only for want of one. */
function bestMention(mentions: readonly Mention[]): Mention {
  const terms = new Map<Passage, Set<string>>();
  for (const { passage, term } of mentions) terms.set(passage, (terms.get(passage) ?? new Set()).add(term));
  const worth = ({ passage }: Mention) => (terms.get(passage)?.size ?? 0) + (isPlainSentence(passage) ? 2 : 0);
  return mentions.reduce((best, mention) => (worth(mention) > worth(best) ? mention : best));
}

const isPlainSentence = ({ text, words, isRecital }: Passage): boolean =>
  !isRecital && words.length >= 6 && /[.!?;»]$/.test(text) && !/^[#|]|\|/.test(text);
