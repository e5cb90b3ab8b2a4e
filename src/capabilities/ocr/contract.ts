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
  /** In reading order: a line end after each line, a blank line between blocks. */
  readonly text: string;
  /** Mean confidence of the words, each counted by its letters, 0 to 100. */
  readonly confidence: number;
  readonly words: readonly OcrWord[];
}

export type OcrProvider = Provider<OcrRequest, OcrAnswer>;
