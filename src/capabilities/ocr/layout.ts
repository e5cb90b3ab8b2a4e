import { meanConfidence, type OcrAnswer, type OcrWord } from "./contract.ts";

/** A page in reading order: blocks of lines of words. */
export type Layout = readonly (readonly (readonly OcrWord[])[])[];

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The text of a page, its words and how sure the engine is of them. Empty lines and blocks leave no trace. */
export function readingOf(layout: Layout): Pick<OcrAnswer, "text" | "confidence" | "words"> {
  const blocks = layout.map((lines) => lines.filter((words) => words.length > 0)).filter((lines) => lines.length > 0);
  const text = blocks.map((lines) => lines.map((words) => `${words.map((word) => word.text).join(" ")}\n`).join("")).join("\n");
  const words = blocks.flat(2);
  return { text, confidence: meanConfidence(words), words };
}

/** Corners in pixels as shares of the picture; engines may reach over its edge by a pixel or two, where nothing can be shown. */
export function boxOf(
  { left, top, right, bottom }: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  { width, height }: Size,
): OcrWord["box"] {
  const [x, y] = [shareOf(left, width), shareOf(top, height)];
  return [x, y, shareOf(right, width) - x, shareOf(bottom, height) - y];
}

const shareOf = (pixels: number, whole: number): number => Math.min(1, Math.max(0, pixels / whole));
