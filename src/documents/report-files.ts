import { open, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { writeWhole } from "../whole-file.ts";
import type { DocumentResult, UnreadFile } from "./analysis.ts";
import { datasetLines, datasetName } from "./dataset.ts";
import { indexHtml, reportHtml } from "./report-html.ts";
import { reportMarkdown } from "./report-markdown.ts";
import { resultSchema, SCHEMA_FILE } from "./report-schema.ts";
import { slugOf } from "./slug.ts";
import { splitFiles } from "./splits.ts";

/** The folder of one document's reports below the out folder, with "/": its name for people, its hash for certainty. */
export const reportFolder = ({ document }: Pick<DocumentResult, "document">): string =>
  `documents/${slugOf(document.files[0] ?? "")}-${document.sha256.slice(0, 8)}`;

/**
 * The address of the documents folder as seen from a report: the one under which it is published, or the way there on this disk.
 */
export function originalsFor({ DOCUMENTS_URL, DOCUMENTS_DIR, OUT_DIR }: Originals): string {
  if (DOCUMENTS_URL !== undefined) return DOCUMENTS_URL;
  const way = relative(resolve(OUT_DIR, "documents", "report"), resolve(DOCUMENTS_DIR));
  return way.split(sep).map(encodeURIComponent).join("/");
}

interface Originals {
  readonly DOCUMENTS_URL?: string | undefined;
  readonly DOCUMENTS_DIR: string;
  readonly OUT_DIR: string;
}

/** A file below the out folder, its path with "/". */
export type OutFile = readonly [path: string, text: string];

/**
 * Everything about one document: `rapport.html`, `rapport.md`, `resultat.json`, and its dataset when there is one.
 *
 * @param originals  see `originalHref`
 */
export function reportFiles(result: DocumentResult, originals?: string): readonly OutFile[] {
  const folder = reportFolder(result);
  const dataset = datasetName(result.document.files[0] ?? "", new Date(result.production.at));
  return [
    [`${folder}/rapport.html`, reportHtml(result, originals)],
    [`${folder}/rapport.md`, reportMarkdown(result, originals)],
    [`${folder}/${RESULT_FILE}`, `${JSON.stringify(result, null, 2)}\n`],
    ...(result.dataset.length > 0 ? [[`${folder}/${dataset}`, datasetLines(result)] as const] : []),
  ];
}

export const RESULT_FILE = "resultat.json";

/** What is about all documents together: the list with its links, the shape of each result, and the datasets by split. */
export function sharedFiles(results: readonly DocumentResult[], seed: string, unread: readonly UnreadFile[] = []): readonly OutFile[] {
  return [
    [
      "index.html",
      indexHtml(
        results.map((result) => ({ result, href: `${reportFolder(result)}/rapport.html` })),
        unread,
      ),
    ],
    [SCHEMA_FILE, resultSchema()],
    ...splitFiles(results, seed).map(([name, text]) => [`datasets/${name}`, text] as const),
  ];
}

/**
 * Writes files below the out folder. Written again, the same result gives the same bytes. A crash leaves each file whole, old or new.
 *
 * @returns the paths written
 * @throws  the file system's own error (no space, no right to write)
 */
export async function writeOut(files: readonly OutFile[], outDir: string): Promise<readonly string[]> {
  const paths = files.map(([path]) => join(outDir, ...path.split("/")));
  for (const [index, [, text]] of files.entries()) await writeWhole(paths[index] ?? outDir, text);
  for (const folder of new Set(paths.map((path) => dirname(path)))) await syncFolder(folder);
  return paths;
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

/** Whether a file is missing below the out folder, or is not this text. */
export async function differing([path, text]: OutFile, outDir: string): Promise<boolean> {
  const present = await readFile(join(outDir, ...path.split("/")), "utf8").catch(() => undefined);
  return present !== text;
}
