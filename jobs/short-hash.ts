import { createHash } from "node:crypto";

/** Twelve hex digits for a list of texts, for ids that people read. */
export const shortHash = (parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
