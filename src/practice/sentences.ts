/**
 * Sentences of a text as spans of it, so that a quote stays what stands there, line breaks included.
 *
 * A hand-written walk, not one regular expression: those that find sentence ends take quadratic time on a page of dots.
 */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  let lineStart = 0;
  const close = (end: number) => {
    const sentence = text.slice(start, end).trim();
    if (/[\p{L}\p{N}]/u.test(sentence)) sentences.push(sentence);
    start = end;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\n") {
      if (lineEndsSentence(text.slice(lineStart, at).trim(), nextLine(text, at + 1))) close(at);
      lineStart = at + 1;
    } else if (isTerminator(char)) {
      const end = endOfSentence(text, at);
      if (end !== undefined) close(end);
    }
  }
  close(text.length);
  return sentences;
}

const isTerminator = (char: string): boolean => char === "." || char === "!" || char === "?" || char === "…";

function nextLine(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return text.slice(from, end < 0 ? text.length : end).trim();
}

/** Starts of lines that are never the middle of a sentence: list items, headings, rows, times of a transcript, articles, recitals. */
const LINE_OPENER = /^(?:[-*•–—#|>☐□►➢]|\d{1,2}[.)]\s|\d{1,2}:\d{2}:\d{2}|article\s{1,3}\d|vu\s|consid[ée]rant\s|objet\s?:)/i;
/** Lines that are whole by themselves. */
const WHOLE_LINE = /^(?:#|\||>|\*{0,2}\d{1,2}:\d{2}:\d{2})/;
/** Under this many characters a line was not wrapped by a page's width: it ended on purpose. */
const SHORT_LINE_CHARS = 50;

function lineEndsSentence(line: string, next: string): boolean {
  if (line === "" || next === "") return true;
  if (LINE_OPENER.test(next) || WHOLE_LINE.test(line) || line.endsWith(";")) return true;
  // "ARRÊTÉ DU MAIRE" under a line of address is a heading, however long that line was.
  if (/^\p{Lu}{4}/u.test(next) && /\p{Ll}/u.test(line)) return true;
  return /^[\p{Lu}«“"]/u.test(next) && (line.length < SHORT_LINE_CHARS || /[.:!?]$/.test(line));
}

/** After these a dot ends no sentence: "M. Le Goff", "art. L. 2212-2", "tél. 02". Single letters are added below. */
const ABBREVIATIONS = new Set(
  "mm mme mmes mlle dr me pr st ste art al no nos pp cf av bd bld tel tél ref réf ex env max min hab vol chap alin".split(" "),
);
const CLOSERS = "»”\"')]*";

/** Where the sentence ends that this mark may end, or undefined when it goes on. */
function endOfSentence(text: string, mark: number): number | undefined {
  let end = mark + 1;
  // Of several marks in a row the last one decides, so that each is looked at once.
  if (isTerminator(text.charAt(end))) return undefined;
  const skipUntil = end + 4;
  while (end < skipUntil && end < text.length && (CLOSERS.includes(text.charAt(end)) || isSpaceBeforeCloser(text, end))) end++;
  if (end >= text.length) return text.length;
  if (!/\s/.test(text.charAt(end))) return undefined;
  let next = end;
  while (next < text.length && /\s/.test(text.charAt(next))) next++;
  if (next < text.length && !/[\p{Lu}\p{N}«“"([\-–—•*#|]/u.test(text.charAt(next))) return undefined;
  return text.charAt(mark) === "." && isAbbreviation(text.slice(Math.max(0, mark - 12), mark)) ? undefined : end;
}

const isSpaceBeforeCloser = (text: string, at: number): boolean => /[ \u00A0\u202F]/.test(text.charAt(at)) && text.charAt(at + 1) === "»";

function isAbbreviation(before: string): boolean {
  if (/(?:^|\n)\s{0,4}\d{1,2}$/.test(before)) return true; // "1. Approbation" numbers an item
  const word = /(?<![\p{L}\p{N}])\p{L}+$/u.exec(before)?.[0].toLowerCase();
  return word !== undefined && (word.length === 1 || ABBREVIATIONS.has(word));
}

export interface Page {
  /** 1-based, as the mark above it says. */
  readonly number: number;
  readonly text: string;
}

/** The pages of a chunk: each `[page N]` line opens one. Text above the first mark belongs to page 1. */
export function pagesOf(document: string): Page[] {
  const pages: Page[] = [];
  let number = 1;
  let from = 0;
  for (const mark of document.matchAll(/^\[page ([1-9]\d{0,5})\]$/gm)) {
    pages.push({ number, text: document.slice(from, mark.index) });
    number = Number(mark[1]);
    from = mark.index + mark[0].length;
  }
  pages.push({ number, text: document.slice(from) });
  return pages.filter(({ text }) => text.trim() !== "");
}

export const MAX_QUOTE_CHARS = 300;

/**
 * The sentence itself when it is short enough, else a piece of it around [from, to), cut between words; without them, round its first word.
 *
 * @returns at most `max` UTF-16 units, standing in the sentence letter for letter
 */
export function quoteAround(sentence: string, from = firstWord(sentence), to = from, max = MAX_QUOTE_CHARS): string {
  if (sentence.length <= max) return sentence;
  const lead = Math.max(0, Math.floor((max - (to - from)) / 2));
  const start = to <= max * 0.8 ? 0 : cutNear(sentence, Math.max(0, from - lead), from);
  if (sentence.length - start <= max) return sentence.slice(start).trim();
  let end = start + max;
  // Before a word of hundreds of letters there may be no word's end near: then in the middle of it.
  for (let at = end; at > Math.max(start + max / 2, to); at--) {
    // Not after "déli-" at a line's end: without its other half the word is another one.
    if (/\s/.test(sentence.charAt(at)) && sentence.charAt(at - 1) !== "-") {
      end = at;
      break;
    }
  }
  return sentence.slice(start, isLowSurrogate(sentence, end) ? end - 1 : end).trim();
}

const firstWord = (text: string): number => Math.max(0, text.search(/[\p{L}\p{N}]/u));

/** The first start of a word in [from, limit], or `limit`. */
function cutNear(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (/\s/.test(text.charAt(at)) && text.charAt(at - 1) !== "-") return at + 1;
  }
  return limit;
}

const isLowSurrogate = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
};

/** On one line, for a value or a sentence of ours; a quote is never treated so. */
export const onOneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
