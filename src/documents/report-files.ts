import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../whole-file.ts";
import type { DocumentResult } from "./analysis.ts";
import { datasetLines, datasetName } from "./dataset.ts";
import { indexHtml, reportHtml } from "./report-html.ts";
import { reportMarkdown } from "./report-markdown.ts";
import { slugOf } from "./slug.ts";

/** The folder of one document's reports below the out folder, with "/": its name for people, its hash for certainty. */
export const reportFolder = ({ document }: Pick<DocumentResult, "document">): string =>
  `documents/${slugOf(document.files[0] ?? "")}-${document.sha256.slice(0, 8)}`;

/**
 * Writes everything about one document: `rapport.html`, `rapport.md`, `resultat.json`, and its dataset when there is one.
 *
 * Written again, the same result gives the same bytes. A crash leaves each file whole, old or new.
 *
 * @returns the paths written, below `outDir`
 * @throws  the file system's own error (no space, no right to write)
 */
export async function writeReports(result: DocumentResult, outDir: string): Promise<readonly string[]> {
  const folder = join(outDir, ...reportFolder(result).split("/"));
  await mkdir(folder, { recursive: true });
  const files: (readonly [string, string])[] = [
    ["rapport.html", reportHtml(result)],
    ["rapport.md", reportMarkdown(result)],
    ["resultat.json", `${JSON.stringify(result, null, 2)}\n`],
  ];
  if (result.dataset.length > 0)
    files.push([datasetName(result.document.files[0] ?? "", new Date(result.production.at)), datasetLines(result)]);
  const paths: string[] = [];
  for (const [name, text] of files) {
    await writeWhole(join(folder, name), text);
    paths.push(join(folder, name));
  }
  await syncFolder(folder);
  return paths;
}

/** Writes `index.html`, the list of all documents with links to their reports. @returns its path */
export async function writeIndex(results: readonly DocumentResult[], outDir: string): Promise<string> {
  await mkdir(outDir, { recursive: true });
  const path = join(outDir, "index.html");
  await writeWhole(path, indexHtml(results.map((result) => ({ result, href: `${reportFolder(result)}/rapport.html` }))));
  await syncFolder(outDir);
  return path;
}

/** A rename is only sure once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
