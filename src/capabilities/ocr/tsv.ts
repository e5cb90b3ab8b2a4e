import type { OcrWord } from "./contract.ts";
import { boxOf, type Layout, type Size } from "./layout.ts";

/** Of Tesseract's levels, the first row of a picture and the rows that are words. */
const PAGE = 1;
const WORD = 5;

/**
 * Tesseract's table of a page: one row per block, paragraph, line and word, with its place in pixels.
 *
 * @returns undefined when it is no such table of one picture
 */
export function readTsv(tsv: string): Layout | undefined {
  const rows = tsv.split("\n").map((line) => line.split("\t"));
  const pages = rows.filter(([level]) => Number(level) === PAGE);
  const [page] = pages;
  if (page === undefined || pages.length > 1) return undefined;
  const size = { width: Number(page[8]), height: Number(page[9]) };
  const blocks = new Map<string, Map<string, OcrWord[]>>();
  for (const row of rows) {
    if (Number(row[0]) !== WORD) continue;
    // A rule or a picture counts as a word of one blank.
    const text = row.slice(11).join("\t").trim();
    if (text === "") continue;
    const [block = "", paragraph = "", line = ""] = row.slice(2, 5);
    entry(
      entry(blocks, block, () => new Map<string, OcrWord[]>()),
      `${paragraph} ${line}`,
      () => [],
    ).push({
      text,
      confidence: Number(row[10]),
      box: boxIn(row, size),
    });
  }
  return [...blocks.values()].map((lines) => [...lines.values()]);
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function boxIn(row: readonly string[], size: Size): OcrWord["box"] {
  const [left = 0, top = 0, width = 0, height = 0] = row.slice(6, 10).map(Number);
  return boxOf({ left, top, right: left + width, bottom: top + height }, size);
}
