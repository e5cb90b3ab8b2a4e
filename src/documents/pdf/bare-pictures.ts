import { type Box, shared } from "./geometry.ts";

/** Cells along each side of the page: on A4 one is about as high as two lines of text. */
const CELLS = 32;
/** The room between lines, and between a text and its margin, belongs to the text. */
const ROOM_CELLS = 1;

/** A point of the page. */
export type Point = readonly [x: number, y: number];

/**
 * The share of the page that pictures cover and no letter stands on or beside, 0 to 1: a photograph, a poster, a scan that was pasted
 * in. The paper behind a text has letters all over it, and counts only where it has none.
 *
 * @param letters  where those stand that a reader sees
 */
export function bareShare(pictures: readonly Box[], letters: Iterable<Point>, view: Box): number {
  const [width, height] = [(view[2] - view[0]) / CELLS, (view[3] - view[1]) / CELLS];
  if (!(width > 0 && height > 0)) return 0;
  const bare = new Set<number>();
  for (const picture of pictures) {
    const [left, bottom, right, top] = shared(picture, view);
    // A cell is covered when its middle is.
    const columns = range((left - view[0]) / width - 0.5, (right - view[0]) / width - 0.5);
    const rows = range((bottom - view[1]) / height - 0.5, (top - view[1]) / height - 0.5);
    for (const row of rows) for (const column of columns) bare.add(row * CELLS + column);
  }
  if (bare.size === 0) return 0;
  for (const [x, y] of letters) {
    const [column, row] = [Math.floor((x - view[0]) / width), Math.floor((y - view[1]) / height)];
    for (const r of range(row - ROOM_CELLS, row + ROOM_CELLS)) {
      for (const c of range(column - ROOM_CELLS, column + ROOM_CELLS)) bare.delete(r * CELLS + c);
    }
  }
  return bare.size / CELLS ** 2;
}

/** The cells from one to the other that are on the page. */
function range(from: number, to: number): readonly number[] {
  const [first, last] = [Math.max(0, Math.ceil(from)), Math.min(CELLS - 1, Math.floor(to))];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
