import type { DocumentResult } from "./analysis.ts";

/**
 * Where a reader finds the original of a report, or one page of it.
 *
 * @param originals  address of the documents folder, without its last "/"; undefined when readers cannot reach it
 * @returns          an address that opens that very file: every special character of its name is encoded, "%" included
 */
export function originalHref(
  { document: { files, format } }: Pick<DocumentResult, "document">,
  originals: string | undefined,
  page?: number,
): string | undefined {
  const [file] = files;
  if (originals === undefined || file === undefined) return undefined;
  const path = file.toWellFormed().split("/").map(encodeURIComponent).join("/");
  return `${originals}/${path}${page === undefined || format !== "pdf" ? "" : `#page=${page}`}`;
}
