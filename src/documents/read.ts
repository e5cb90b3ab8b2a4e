import { Fault } from "../core/fault.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { type Format, formatOf, openInside, readWhole, refuseEmpty, unreadable } from "./open-file.ts";
import type { PageFlag } from "./page.ts";
import { tooLong } from "./pdf/refusals.ts";
import { PDF_LIMITS, type PdfLimits, type PdfText, readPdf } from "./pdf.ts";
import type { Readable } from "./readable.ts";
import { decodeText, splitAtFormFeeds } from "./text.ts";

export interface Page {
  /** 1-based; the page of the PDF file, not the number printed on it. */
  readonly number: number;
  /** As it was read, also when it is not fit to be believed. */
  readonly text: string;
  readonly readable: Readable;
  readonly flags: readonly PageFlag[];
}

export interface DocumentText {
  readonly format: Format;
  readonly bytes: number;
  /** Of the very bytes the pages were read from. */
  readonly sha256: string;
  readonly pages: readonly Page[];
  /** Whether the file wants to run something when it is opened, or carries another file. Text never does. */
  readonly activeContent: boolean;
}

export interface ReadAsk {
  readonly signal: AbortSignal;
  /** Called after each page, for a person who waits. */
  readonly onPage?: (done: number, total: number) => void;
  /** Other limits than `PDF_LIMITS`, for tests. */
  readonly limits?: Partial<PdfLimits>;
}

/** One PDF per process: two large ones must not add up, and the growth of the process must have one cause. */
const inTurn = oneAtATime();

/**
 * Reads one document of the shelf, page by page. PDFs wait for each other.
 *
 * @param document  as `listDocuments` gave it; nothing in the name is decoded
 * @throws Fault "document-changed" when the bytes are not those that were listed, "unreadable-document" with what to do,
 *         or the signal's reason when aborted
 */
export function readDocument(
  root: string,
  document: { readonly file: string; readonly sha256: string },
  ask: ReadAsk,
): Promise<DocumentText> {
  const read = () => readNow(root, document, ask);
  return formatOf(document.file) === "pdf" ? inTurn(ask.signal, read) : read();
}

async function readNow(root: string, document: { readonly file: string; readonly sha256: string }, ask: ReadAsk): Promise<DocumentText> {
  const { signal, onPage } = ask;
  signal.throwIfAborted();
  const format = formatOf(document.file);
  if (format === undefined) throw unreadable("only .pdf, .md, .markdown and .txt files are read");
  const { content, bytes, sha256 } = await contentOf(root, document, signal);
  refuseEmpty(bytes);
  const limits = { ...PDF_LIMITS, ...ask.limits };
  const { pages, activeContent } =
    format === "pdf" ? await readPdf(content, { signal, onPage, limits }) : pagesOfText(content, format, limits.chars);
  if (format !== "pdf") onPage?.(pages.length, pages.length);
  return { format, bytes, sha256, pages: pages.map((page, index) => ({ number: index + 1, ...page })), activeContent };
}

/** A text file has nothing behind its letters: stamps and OCR are for PDFs. */
function pagesOfText(content: Uint8Array, format: Format, maxChars: number): PdfText {
  const text = decodeText(content);
  if (text.length > maxChars) throw tooLong("file", maxChars);
  const pages = format === "text" ? splitAtFormFeeds(text) : [text];
  return {
    pages: pages.map((text) => (/\S/.test(text) ? { text, readable: "text", flags: [] } : { text, readable: "empty", flags: ["empty"] })),
    activeContent: false,
  };
}

/** The bytes of a document of the shelf. @throws Fault "document-changed" when they are not those that were listed */
export async function contentOf(root: string, document: { readonly file: string; readonly sha256: string }, signal: AbortSignal) {
  const handle = await openInside(root, document.file);
  try {
    const whole = await readWhole(handle, signal);
    if (whole.sha256 === document.sha256) return whole;
    throw new Fault("document-changed", "the file is no longer the one that was listed: it will be read as it is now at the next scan");
  } finally {
    await handle.close();
  }
}
