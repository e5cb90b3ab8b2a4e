import { meanConfidence, type OcrWord } from "../capabilities/ocr/contract.ts";
import { plainWords } from "./fold.ts";
import type { ScannedPage } from "./scan.ts";

/** A line of a photograph that was taken for letters is below; the lines of the town's scanned acts are above. */
const SURE_LINE = 70;
/** Words of so many letters, read so surely, are no accident. */
const REAL_WORD = { letters: 3, confidence: 80 };
/** Fewer are a name on a wall or a number plate. */
const MIN_REAL_WORDS = 10;
/** Of two neighbours in a line, so many that are neighbours in the page's own text as well: then the line stands there already. */
const KNOWN_SHARE = 0.5;

/**
 * What a picture of a whole page says beyond the text that the page has of its own: a poster, a scan, the body of a form.
 *
 * Line by line: those that stand in the text already are left out, and so are those that were not surely read. A photograph gives
 * nothing. The worse mistake is noise in the text of a bulletin, and a repeated line is worse than a line too few.
 *
 * @param own   the page's own text
 * @param scan  what OCR read of the page as it is drawn, its own text included
 * @returns     the new lines, their words and how surely they were read, 0 to 100; undefined when there are too few to be a text
 */
export function pictureText(
  own: string,
  scan: Pick<ScannedPage, "text" | "words">,
): { readonly text: string; readonly confidence: number; readonly words: readonly OcrWord[] } | undefined {
  const known = knownIn(own);
  const lines = linesOf(scan).filter(({ text, words }) => meanConfidence(words) >= SURE_LINE && hasWord(words) && !known(text));
  const words = lines.flatMap((line) => line.words);
  if (words.filter(isReal).length < MIN_REAL_WORDS) return undefined;
  return { text: lines.map(({ text }) => text).join("\n"), confidence: meanConfidence(words), words };
}

interface Line {
  readonly text: string;
  readonly words: readonly OcrWord[];
}

/** The words of each line: the text without its blanks is the words one after the other. */
function linesOf({ text, words }: Pick<ScannedPage, "text" | "words">): readonly Line[] {
  let at = 0;
  return text
    .split("\n")
    .filter((line) => /\S/.test(line))
    .map((line) => {
      const from = at;
      for (let left = unspaced(line); left > 0 && at < words.length; at += 1) left -= unspaced(words[at]?.text ?? "");
      return { text: line.trim(), words: words.slice(from, at) };
    });
}

const unspaced = (text: string): number => text.replace(/\s+/g, "").length;

/** @returns whether a line stands in the text, a misread word in it or not */
function knownIn(text: string): (line: string) => boolean {
  const words = plainWords(text).split(" ");
  const single = new Set(words);
  const pairs = new Set(pairsOf(words));
  return (line) => {
    const own = plainWords(line).split(" ");
    if (own.length < 2) return own.every((word) => single.has(word));
    const neighbours = pairsOf(own);
    return neighbours.filter((pair) => pairs.has(pair)).length >= neighbours.length * KNOWN_SHARE;
  };
}

const pairsOf = (words: readonly string[]): readonly string[] => words.slice(1).map((word, index) => `${words[index]} ${word}`);

const lettersIn = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;
const isReal = ({ text, confidence }: OcrWord): boolean => lettersIn(text) >= REAL_WORD.letters && confidence >= REAL_WORD.confidence;
const hasWord = (words: readonly OcrWord[]): boolean => words.some(isReal);
