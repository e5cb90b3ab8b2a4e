import { createHash } from "node:crypto";
import { Fault } from "../core/fault.ts";

/**
 * Size of one chunk, in UTF-16 units, marks included.
 *
 * Instructions, text and answer must fit Ollama's 8,192 tokens. French prose is about 3 characters a token, tables of figures
 * about 2: 10,000 / 2 = 5,000, the instructions 2,900 / 3 = 970, the answer 2,048: 8,018. In prose (3,340) an answer that is
 * asked again after a cut may grow to 3,800. A larger chunk saves calls; the worse mistake is a cut answer.
 */
export const MAX_CHUNK_CHARS = 10_000;

/** Characters a token has at least: tables of figures. */
const CHARS_PER_TOKEN = 2;
/** Tokens of a prompt that are not the text: the instructions and the answer, as reckoned above. */
const OTHER_TOKENS = 3_192;
/** More text than this is answered worse, however much fits: details in the middle are lost. */
const LARGEST_CHUNK_CHARS = 20_000;

/** @param contextTokens  what the model reads and writes at a time (OLLAMA_NUM_CTX) */
export const chunkCharsFor = (contextTokens: number): number =>
  Math.min(LARGEST_CHUNK_CHARS, Math.max(1_000, (contextTokens - OTHER_TOKENS) * CHARS_PER_TOKEN));

/** A piece of a document, small enough for one prompt. Each stretch of a page stands under its `[page N]` line. */
export interface Chunk {
  /** Place in the document and hash of the text with its marks: the same text gives the same id. */
  readonly id: string;
  readonly pages: readonly number[];
  readonly text: string;
  readonly chars: number;
}

interface PageText {
  readonly number: number;
  readonly text: string;
}

/**
 * Splits a document into chunks: short pages share one, a long page is cut before headings and speakers, else at blank lines, lines,
 * sentences, words.
 *
 * Under each mark stands the page's text, then one line end; put together per page, the pieces give the page back, character
 * for character, except that a text that looks like a mark has lost its bracket. A page of white space gives no piece.
 *
 * @param pages     in reading order, 1-based numbers
 * @param maxChars  upper bound per chunk, in UTF-16 units
 * @throws Fault "misconfigured" when `maxChars` leaves no room beside a mark
 */
export function splitIntoChunks(pages: readonly PageText[], maxChars = MAX_CHUNK_CHARS): readonly Chunk[] {
  const groups: PageText[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const part of pages.flatMap((page) => cutPage(page, maxChars))) {
    const size = partChars(part);
    if (chars + size > maxChars) {
      groups.push([]);
      chars = 0;
    }
    groups.at(-1)?.push(part);
    chars += size;
  }
  return groups.map(chunkOf);
}

/** A mark in the document itself loses its bracket: only ours say which page a quote is on. */
export const withoutMarks = (text: string): string => text.replace(/[[［](?=\s{0,20}page\s{0,20}\d)/gi, "(");

const markOf = (page: number): string => `[page ${page}]\n`;
const partChars = ({ number, text }: PageText): number => markOf(number).length + text.length + 1;

function chunkOf(parts: readonly PageText[], index: number): Chunk {
  const text = parts.map((part) => `${markOf(part.number)}${part.text}\n`).join("");
  const hash = createHash("sha256").update(text, "utf8").digest("hex").slice(0, 12);
  return {
    id: `${String(index + 1).padStart(3, "0")}-${hash}`,
    pages: [...new Set(parts.map((part) => part.number))],
    text,
    chars: text.length,
  };
}

function cutPage({ number, text }: PageText, maxChars: number): readonly PageText[] {
  const room = maxChars - markOf(number).length - 1;
  // Two, so that a character outside the basic plane is never cut in half.
  if (room < 2) throw new Fault("misconfigured", `a chunk of ${maxChars} characters has no room for text beside its page mark`);
  const rest = withoutMarks(text);
  if (rest.trim() === "") return [];
  const parts: PageText[] = [];
  let from = 0;
  while (rest.length - from > room) {
    const to = from + cutAt(rest.slice(from, from + room + 1), room);
    parts.push({ number, text: rest.slice(from, to) });
    from = to;
  }
  return [...parts, { number, text: rest.slice(from) }];
}

/** Before a heading, an article of an act, or who speaks next in a transcript. */
const HEADING = /\n(?=#{1,6} |(?:\*\*)?(?:article|titre|chapitre|annexe) (?:\d|[ivx]+\b|premier)|(?:\d{1,2}:)?\d{2}:\d{2} \p{L})/giu;
/** Where to cut, best first: before a heading, after a blank line, a line, a sentence, a word. */
const SEAMS: readonly RegExp[] = [HEADING, /\n[^\S\n]*\n+/g, /\n/g, /[.!?…;][»")\]]?\s/g, /\s/g];

/**
 * The last seam of the best kind that leaves at least half a chunk; without one, any seam of white space; without one, at `room`.
 *
 * @param window  what fits and one character more
 */
function cutAt(window: string, room: number): number {
  for (const seam of SEAMS) {
    const at = lastEnd(window, seam, room);
    if (at >= room / 2) return at;
  }
  const space = lastEnd(window, /\s/g, room);
  if (space > 0) return space;
  const isHalf = /[\uD800-\uDBFF]/.test(window[room - 1] ?? "") && /[\uDC00-\uDFFF]/.test(window[room] ?? "");
  return isHalf ? room - 1 : room;
}

function lastEnd(window: string, seam: RegExp, room: number): number {
  let last = 0;
  for (const match of window.matchAll(seam)) {
    const end = match.index + match[0].length;
    if (end > room) break;
    last = end;
  }
  return last;
}
