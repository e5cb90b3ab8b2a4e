import type { ActEvidence, ActPage } from "./sheet.ts";

/** A word as OCR read it. */
export interface OcrRead {
  readonly text: string;
  /** 0 to 100. */
  readonly confidence: number;
}

/**
 * Figures that OCR read with less are not stated: "2 9 DEC" of a rubber stamp that says 20. Of 36 numbers and days that were right in
 * the corpus' scans the least sure had 89, of the one that was misread 27.
 */
const SURE = 60;

/**
 * Tells whether a passage's figures were read badly, wherever it stands on its page. A passage that is not found among the words, or is
 * of a text layer, is believed.
 */
export function doubtOf(pages: readonly Pick<ActPage, "number" | "words">[]): (evidence: ActEvidence) => boolean {
  const scans = new Map(pages.flatMap(({ number, words }) => (words === undefined ? [] : [[number, scanOf(words)] as const])));
  return ({ page, quote }) => {
    const scan = scans.get(page);
    return scan !== undefined && isDoubtful(pack(quote), scan);
  };
}

interface Scan {
  readonly packed: string;
  /** Of the word that each unit is of; 100 for a word without figures. */
  readonly sureness: readonly number[];
}

function scanOf(words: readonly OcrRead[]): Scan {
  const parts = words.map(({ text, confidence }) => ({ letters: pack(text), sure: /\d/.test(text) ? confidence : 100 }));
  return {
    packed: parts.map(({ letters }) => letters).join(""),
    sureness: parts.flatMap(({ letters, sure }) => Array.from({ length: letters.length }, () => sure)),
  };
}

const pack = (text: string): string => text.normalize("NFC").replace(/[\s\u00AD]+/g, "");

function isDoubtful(wanted: string, { packed, sureness }: Scan): boolean {
  let places = 0;
  for (let at = packed.indexOf(wanted); wanted !== "" && at >= 0; at = packed.indexOf(wanted, at + 1)) {
    if (Math.min(...sureness.slice(at, at + wanted.length)) >= SURE) return false;
    places += 1;
  }
  return places > 0;
}
