import type { ShelfItem } from "./shelf.ts";

/** A job has room for so many bytes of names. A thousand copies of one file are one document, not a job that nobody can add. */
const MAX_NAMES_BYTES = 32 * 1_024;
const MAX_NAMES = 500;

/** The documents of a folder by content: their hash, and the names that carry these bytes, in the order of the list, as many as fit. */
export function groupByContent(items: readonly ShelfItem[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  const sizes = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== "document") continue;
    const names = groups.get(item.sha256) ?? [];
    groups.set(item.sha256, names);
    // As JSON, which is how a job carries it.
    const size = (sizes.get(item.sha256) ?? 0) + Buffer.byteLength(JSON.stringify(item.file));
    if (names.length > 0 && (size > MAX_NAMES_BYTES || names.length === MAX_NAMES)) continue;
    sizes.set(item.sha256, size);
    names.push(item.file);
  }
  return groups;
}
