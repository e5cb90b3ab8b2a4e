import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, Fault } from "../core/fault.ts";
import { type Format, formatOf, hashFile, isLink, isNoFile, notOpened, openInside } from "./open-file.ts";

/** One thing found in the documents folder. `file` is relative to it, "/"-separated, exactly as the disk spells it. */
export type ShelfItem =
  | { readonly kind: "document"; readonly file: string; readonly format: Format; readonly bytes: number; readonly sha256: string }
  /** Not readable as it is; the fault says what to do. It does not stop the others. */
  | { readonly kind: "refused"; readonly file: string; readonly fault: Fault };

/**
 * Lists every document under a folder, with the hash of its bytes; only reads, and never follows a link.
 *
 * Hidden names and other kinds of file are passed over; what has a document's name and cannot be one is "refused".
 *
 * @returns sorted by name, by code unit: the same folder gives the same list everywhere
 * @throws  Fault "misconfigured" when the folder itself cannot be read; the signal's reason when aborted
 */
export async function listDocuments(root: string, signal?: AbortSignal): Promise<readonly ShelfItem[]> {
  // A root that is itself a link is the choice of whoever set it.
  const realRoot = await realpath(root).catch((error: unknown) => {
    throw noFolder(error);
  });
  const items: ShelfItem[] = [];
  for await (const item of walk(realRoot, "", signal)) items.push(item);
  return items.sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function* walk(root: string, folder: string, signal: AbortSignal | undefined): AsyncGenerator<ShelfItem> {
  signal?.throwIfAborted();
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (folder === "") throw noFolder(error);
    yield { kind: "refused", file: folder, fault: notOpened(error, folder) };
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, file, signal);
    else yield* shelve(root, file, entry, signal);
  }
}

/** Nothing, a document or a refusal for one entry that is no folder. */
async function* shelve(root: string, file: string, entry: Dirent, signal: AbortSignal | undefined): AsyncGenerator<ShelfItem> {
  const format = formatOf(entry.name);
  const fault = await refusalOf(root, file, entry, format);
  if (fault !== undefined) yield { kind: "refused", file, fault };
  else if (format !== undefined) yield await documentAt(root, file, format, signal);
}

async function refusalOf(root: string, file: string, entry: Dirent, format: Format | undefined): Promise<Fault | undefined> {
  // A linked folder has no document's name, and would be missed in silence with all it holds.
  if (entry.isSymbolicLink()) return format !== undefined || (await leadsToFolder(join(root, file))) ? isLink() : undefined;
  return format !== undefined && !entry.isFile() ? isNoFile() : undefined;
}

async function documentAt(root: string, file: string, format: Format, signal: AbortSignal | undefined): Promise<ShelfItem> {
  try {
    const handle = await openInside(root, file);
    try {
      return { kind: "document", file, format, ...(await hashFile(handle, signal)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: "refused", file, fault: error instanceof Fault ? error : notOpened(error, file) };
  }
}

const leadsToFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );

const noFolder = (error: unknown): Fault =>
  new Fault("misconfigured", `the documents folder cannot be read (${codeOf(error) ?? "no code"}): check DOCUMENTS_DIR`, { cause: error });
