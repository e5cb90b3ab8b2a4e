import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../core/fault.ts";
import { readJson } from "../whole-file.ts";
import type { DocumentResult } from "./analysis.ts";
import { RESULT_FILE, reportFolder } from "./report-files.ts";

const DOCUMENTS = "documents";

/**
 * Report folders that belong to no stored result: the document has gone, or has another name now. Only what we made: a folder
 * that is named after the hash in its own result.
 *
 * @returns  names below the out folder, with "/"
 */
export async function leftFolders(results: readonly DocumentResult[], outDir: string): Promise<readonly string[]> {
  const wanted = new Set(results.map(reportFolder));
  const left: string[] = [];
  for (const name of (await namesIn(join(outDir, DOCUMENTS))).toSorted()) {
    const folder = `${DOCUMENTS}/${name}`;
    if (!wanted.has(folder) && (await isOurs(join(outDir, DOCUMENTS, name), name))) left.push(folder);
  }
  return left;
}

/** @param folder  as `leftFolders` gave it */
export const removeFolder = (folder: string, outDir: string): Promise<void> =>
  rm(join(outDir, ...folder.split("/")), { recursive: true, force: true });

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

async function isOurs(path: string, name: string): Promise<boolean> {
  const result = (await readJson(join(path, RESULT_FILE)).catch(() => undefined)) as Partial<DocumentResult> | undefined;
  const sha256 = result?.document?.sha256;
  return typeof sha256 === "string" && name.endsWith(`-${sha256.slice(0, 8)}`);
}
