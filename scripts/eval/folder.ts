import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that a person named, and which stays; else one until `remove`. */
export function folderFor(kept: string | undefined): { readonly folder: string; remove(): void } {
  if (kept !== undefined) return { folder: join(kept, "model"), remove() {} };
  const folder = mkdtempSync(join(tmpdir(), "ecluse-eval-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
