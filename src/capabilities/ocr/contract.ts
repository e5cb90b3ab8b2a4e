import { Fault } from "../../core/fault.ts";
import type { Answered, Provider } from "../../core/provider.ts";

/** Quarter turns clockwise by which a page must be turned to stand upright. */
export type Turn = 0 | 90 | 180 | 270;

/** One page of a scan, as a picture. */
export interface OcrRequest {
  /** PNG, already turned. */
  readonly png: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Dots per inch of the paper. Where it is guessed from the letters instead, whole titles are lost. */
  readonly dpi: number;
  /** Languages to expect, as Tesseract names them ("fra", "bre"); an engine that has not all of them uses those it has. */
  readonly languages: readonly string[];
}

/** One word as it was read, and where it stands on the picture. */
export interface OcrWord {
  readonly text: string;
  /** 0 to 100, as the engine says. */
  readonly confidence: number;
  /** Left, top, width and height as shares of the picture, 0 to 1. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
}

/** What an engine read on one page; an empty page has no words and confidence 0. */
export interface OcrAnswer extends Answered {
  /** In reading order: a line end after each line, a blank line between blocks. Without its blanks, it is the words one after the other. */
  readonly text: string;
  /** Mean confidence of the words, each counted by its letters and digits, 0 to 100; 0 when there are none. */
  readonly confidence: number;
  readonly words: readonly OcrWord[];
}

export type OcrProvider = Provider<OcrRequest, OcrAnswer>;

/** By letters, so that a page of dots and rules, which engines are sure of, does not count as well read. */
export function meanConfidence(words: readonly OcrWord[]): number {
  let [sum, letters] = [0, 0];
  for (const { text, confidence } of words) {
    const weight = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    sum += confidence * weight;
    letters += weight;
  }
  return letters === 0 ? 0 : sum / letters;
}

/** More words than the densest page of a newspaper has. */
const MAX_WORDS = 20_000;

/**
 * An answer that can be a page, or a fault: an engine that says nonsense of where its words stand is not believed in what they are.
 *
 * @throws Fault "invalid-answer"; the message never quotes the page
 */
export function acceptOcr(answer: OcrAnswer): OcrAnswer {
  const { text, confidence, words } = answer;
  const why =
    (words.length > MAX_WORDS && `more than ${MAX_WORDS} words on one page`) ||
    (!isShare(confidence / 100) && "a mean confidence outside 0 to 100") ||
    (words.some((word) => word.text.trim() === "") && "an empty word") ||
    (words.some((word) => !isShare(word.confidence / 100)) && "a confidence outside 0 to 100") ||
    (words.some(({ box }) => !isInside(box)) && "a box that is not on the picture") ||
    (packed(text) !== packed(words.map((word) => word.text).join("")) && "a text that is not the words one after the other");
  if (why) throw new Fault("invalid-answer", `the reading of a page is not believed: ${why}`);
  return answer;
}

/** Not NaN either. */
const isShare = (value: number): boolean => value >= 0 && value <= 1;

/** Sums of shares may be a rounding error too large. */
const isInside = ([left, top, width, height]: OcrWord["box"]): boolean =>
  [left, top, width, height].every(isShare) && width > 0 && height > 0 && left + width <= 1.000_001 && top + height <= 1.000_001;

const packed = (text: string): string => text.replaceAll(/\s+/g, "");
