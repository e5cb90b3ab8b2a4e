import { z } from "zod";
import type { OcrWord } from "./contract.ts";
import { boxOf, type Layout, type Size } from "./layout.ts";

/** Google's JSON leaves out a field that is 0. */
const number = z.number().default(0);
const Box = z.object({ vertices: z.array(z.object({ x: number, y: number })).default([]) });
const Symbol_ = z.object({
  text: z.string(),
  property: z.object({ detectedBreak: z.object({ type: z.string().optional(), isPrefix: z.boolean().optional() }).optional() }).optional(),
});
const Word = z.object({ boundingBox: Box, symbols: z.array(Symbol_).default([]), confidence: number });
const Block = z.object({ paragraphs: z.array(z.object({ words: z.array(Word).default([]) })).default([]) });
const Page = z.object({ width: number, height: number, blocks: z.array(Block).default([]) });

/** What Google answers about one picture: an error, a text, or nothing at all for a page without a letter. */
export const VisionAnswer = z.object({
  responses: z.tuple([
    z.object({
      error: z.object({ code: z.number().default(0), details: z.array(z.unknown()).catch([]) }).optional(),
      fullTextAnnotation: z.object({ pages: z.array(Page).max(1).default([]) }).optional(),
    }),
  ]),
});

type VisionWord = z.infer<typeof Word>;
/** A printed word in the making: Google cuts one at each apostrophe and comma. */
type Parts = [VisionWord, ...VisionWord[]];

export function layoutOf(answer: z.infer<typeof VisionAnswer>, asked: Size): Layout {
  return (answer.responses[0].fullTextAnnotation?.pages ?? []).flatMap((page) => {
    const size = page.width > 0 && page.height > 0 ? page : asked;
    return page.blocks.map(({ paragraphs }) => paragraphs.flatMap(({ words }) => linesOf(words, size)));
  });
}

/** Lines end where Google saw a break, and with the paragraph. */
function linesOf(words: readonly VisionWord[], size: Size): readonly (readonly OcrWord[])[] {
  const lines: OcrWord[][] = [[]];
  let parts: VisionWord[] = [];
  const endWord = (hyphen = ""): void => {
    const [first, ...rest] = parts;
    parts = [];
    if (first === undefined) return;
    const word = joined([first, ...rest], hyphen, size);
    if (word.text !== "") lines.at(-1)?.push(word);
  };
  for (const word of words) {
    if (breakOf(word.symbols[0], true) !== undefined) endWord();
    parts.push(word);
    const end = breakOf(word.symbols.at(-1), false);
    if (end === undefined) continue;
    endWord(end === "HYPHEN" ? "-" : "");
    if (LINE_ENDS.has(end)) lines.push([]);
  }
  endWord();
  return lines;
}

/** A hyphen at the end of a line is a break too, and stands in no symbol. */
const LINE_ENDS = new Set(["LINE_BREAK", "EOL_SURE_SPACE", "HYPHEN"]);

function breakOf(symbol: z.infer<typeof Symbol_> | undefined, isPrefix: boolean): string | undefined {
  const found = symbol?.property?.detectedBreak;
  return found !== undefined && (found.isPrefix ?? false) === isPrefix ? found.type : undefined;
}

function joined(parts: Parts, hyphen: string, size: Size): OcrWord {
  const corners = parts.flatMap(({ boundingBox }) => boundingBox.vertices);
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const textOf = ({ symbols }: VisionWord): string => symbols.map(({ text }) => text).join("");
  const letters = parts.reduce((sum, part) => sum + part.symbols.length, 0);
  const sure = parts.reduce((sum, part) => sum + part.confidence * part.symbols.length, 0);
  return {
    text: `${parts.map(textOf).join("")}${hyphen}`.trim(),
    confidence: (sure / letters) * 100,
    box: boxOf({ left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }, size),
  };
}
