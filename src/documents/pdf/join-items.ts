import type { TextItem } from "./seen-text.ts";

/** Two pieces stand on one line when their feet differ by less; in points. */
const LINE_POINTS = 4.6;
/** A wider gap on one line is the next column of a table. */
const CELL_POINTS = 7;

/**
 * Joins a page's pieces to its text: a line end where the next line begins, a tab where the next cell does.
 *
 * The order is the file's own, which for columns is the order they were set in. The figures are those of pdf-parse.
 */
export function joinItems(items: readonly TextItem[]): string {
  const parts: string[] = [];
  let last: TextItem | undefined;
  let lineHeight = 0;
  for (const item of items) {
    const gap = last === undefined ? "" : gapBetween(last, item, lineHeight);
    parts.push(gap, item.text, item.endsLine ? "\n" : "");
    lineHeight = item.endsLine ? 0 : Math.max(gap === "\n" ? 0 : lineHeight, item.height);
    last = item;
  }
  return parts.join("");
}

function gapBetween(last: TextItem, item: TextItem, lineHeight: number): "" | "\t" | "\n" {
  const step = Math.abs(last.y - item.y);
  if (step < LINE_POINTS) return Math.abs(last.x + last.width - item.x) > CELL_POINTS ? "\t" : "";
  const isOnlyAnEnd = item.endsLine && item.text.trim() === "";
  return !last.endsLine && !isOnlyAnEnd && step - 1 > lineHeight ? "\n" : "";
}
