import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { codeOf, Fault } from "../core/fault.ts";

/** Six times the largest act a town of this size was seen to publish, and still small enough to be held once in memory. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;

/** Small, because hashing one piece is the longest this thread is held up: about a millisecond. */
const PIECE_BYTES = 1024 * 1024;

export type Format = "pdf" | "markdown" | "text";

const FORMATS: Readonly<Record<string, Format>> = { pdf: "pdf", md: "markdown", markdown: "markdown", txt: "text" };

/** What a file is by its name; `undefined` for everything that is no document of ours. */
export function formatOf(name: string): Format | undefined {
  const extension = /[^/]\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  return extension !== undefined && Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}

/** A document nobody can read as it is. Its name stays out of the message: a name may be a prompt or a terminal escape. */
export const unreadable = (message: string, cause?: unknown): Fault => new Fault("unreadable-document", message, { cause });

export const isLink = (): Fault =>
  unreadable("it is a link, and links are not followed: put the file itself, or the folder itself, in the documents folder");
export const isNoFile = (): Fault =>
  unreadable("it is a pipe, a socket, a device or a folder, not a file: remove it from the documents folder or give it another name");
const isEmpty = (): Fault => unreadable("the file is empty (0 bytes): copy it into the documents folder again");
const isTooLarge = (): Fault =>
  unreadable(`the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB: split it, or scan it again with a lower resolution`);

/**
 * Opens a regular file that lies under `root`, and nothing else: no link in its last place, no way out of the root
 * through a linked folder, no wait on a pipe.
 *
 * @param file  name relative to `root`, "/"-separated, taken as it is: "%2e" is three characters
 * @returns     an open descriptor; the caller closes it
 * @throws      Fault "unreadable-document", in words for the person who looks after the folder
 */
export async function openInside(root: string, file: string): Promise<FileHandle> {
  if (!isPlainName(file)) throw unreadable("this is not the name of a file inside the documents folder: nothing was opened");
  const path = join(root, file);
  // Not O_RDONLY alone: it would follow a link swapped in after the listing, and wait for ever on a pipe without a writer.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    throw notOpened(error, file);
  });
  try {
    await proveRegularAndInside(handle, root, path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error instanceof Fault ? error : notOpened(error, file);
  }
}

/** What `hashFile` or `readWhole` took from the descriptor, up to its end. */
export interface Taken {
  readonly bytes: number;
  readonly sha256: string;
}

/** Hashes an open file piece by piece. @throws Fault "unreadable-document" when it is empty or too large; the signal's reason */
export async function hashFile(handle: FileHandle, signal?: AbortSignal): Promise<Taken> {
  // Asked first, so that a file of many gigabytes is not read for nothing.
  if ((await handle.stat()).size > MAX_FILE_BYTES) throw isTooLarge();
  const piece = new Uint8Array(PIECE_BYTES);
  const hash = createHash("sha256");
  const bytes = await readInto(handle, () => piece, hash, signal);
  if (bytes === 0) throw isEmpty();
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * Reads an open file whole; the hash is of the very bytes given back, whatever happens to the file meanwhile.
 *
 * @returns `content` on its own ArrayBuffer, so it can be handed to a thread without a copy
 * @throws  Fault "unreadable-document" when it is empty or too large; the signal's reason when aborted
 */
export async function readWhole(handle: FileHandle, signal?: AbortSignal): Promise<Taken & { readonly content: Uint8Array<ArrayBuffer> }> {
  const { size } = await handle.stat();
  if (size > MAX_FILE_BYTES) throw isTooLarge();
  const content = new Uint8Array(size);
  const hash = createHash("sha256");
  const bytes = await readInto(handle, (done) => content.subarray(done, done + PIECE_BYTES), hash, signal);
  return { content: content.subarray(0, bytes), bytes, sha256: hash.digest("hex") };
}

export const refuseEmpty = (bytes: number): void => {
  if (bytes === 0) throw isEmpty();
};

/** Fills the rooms it is given, one after the other, until the end of the file or an empty room. */
async function readInto(
  handle: FileHandle,
  roomAt: (done: number) => Uint8Array,
  hash: Hash,
  signal: AbortSignal | undefined,
): Promise<number> {
  let done = 0;
  for (;;) {
    signal?.throwIfAborted();
    const room = roomAt(done);
    if (room.length === 0) return done;
    const { bytesRead } = await handle.read(room, 0, room.length, null).catch((error: unknown) => {
      throw unreadable(`the disk could not give the file (${codeOf(error) ?? "no code"}): copy it again`, error);
    });
    if (bytesRead === 0) return done;
    hash.update(room.subarray(0, bytesRead));
    done += bytesRead;
    if (done > MAX_FILE_BYTES) throw isTooLarge();
  }
}

/** A name as the listing gives them. Hidden parts are out as well, which covers "." and "..". */
const isPlainName = (file: string): boolean =>
  !file.includes("\0") && file.split("/").every((part) => part !== "" && !part.startsWith(".")) && formatOf(file) !== undefined;

/** Asked of the open descriptor and after opening, so nothing can be swapped between the check and the use. */
async function proveRegularAndInside(handle: FileHandle, root: string, path: string): Promise<void> {
  const opened = await handle.stat({ bigint: true });
  if (!opened.isFile()) throw isNoFile();
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(path)]);
  const inside = realFile.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
  const there = inside ? await lstat(realFile, { bigint: true }) : undefined;
  if (there?.ino !== opened.ino || there.dev !== opened.dev) throw isLink();
}

/** The system's codes in words. */
export function notOpened(error: unknown, file: string): Fault {
  const code = codeOf(error);
  if (code === "ELOOP" || code === "EMLINK") return isLink();
  if (code === "ENXIO" || code === "ENODEV") return isNoFile();
  if (code === "EACCES" || code === "EPERM") {
    return unreadable("it may not be read: give the user this program runs as the right to read it", error);
  }
  if (file.includes("\uFFFD")) return unreadable("its name is not in UTF-8: give the file another name", error);
  if (code === "ENOENT" || code === "ENOTDIR") return unreadable("it is no longer there: put it back, or wait for the next scan", error);
  return unreadable(`it could not be opened (${code ?? "no code"}): check the disk and the name`, error);
}
