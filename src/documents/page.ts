import type { FaultKind } from "../core/fault.ts";

/** What is peculiar about a page, for a person who wants to know how far to believe its text. */
export const PAGE_FLAGS = [
  /** A picture without a text of its own. */
  "scan",
  /** The only text is what a prefecture or a signing program printed over the picture. */
  "stamp-only",
  /** Letters, but the wrong ones. */
  "garbled",
  /** The same sheet lies under several pages: its text is read once. */
  "imposed",
  /** Had to be turned to be read. */
  "rotated",
  /** Text that no reader sees: invisible, tiny, off the page, or in the colour of the paper. It is not part of the text. */
  "hidden-text",
  /** Joined letters had lost their spelling and were mended. */
  "lost-ligatures",
  /** Nothing on it. */
  "empty",
  /** An old OCR lies under the picture, of bad quality. */
  "poor-ocr",
  /** Beside a text of its own it has a large picture, which may hold another text. */
  "large-picture",
] as const;
export type PageFlag = (typeof PAGE_FLAGS)[number];

/** Where a page's text comes from. */
export type PageSource = "text-layer" | "ocr" | "both" | "none";

/** Faults of a page that another run would meet again: its picture cannot be drawn, or an engine will have none of it. */
const LASTING = ["unreadable-document", "refused", "prompt-too-long"] as const satisfies readonly FaultKind[];
/** Faults of a page that another run may not meet. */
const PASSING = ["timed-out", "server-error", "truncated", "invalid-answer"] as const satisfies readonly FaultKind[];

/** Why one page could not be read although the engine is there: all other faults are no page's own, and end the run. */
export const UNREAD_REASONS = [...LASTING, ...PASSING] as const;
export type UnreadReason = (typeof UNREAD_REASONS)[number];

export const isUnreadReason = (kind: FaultKind): kind is UnreadReason => (UNREAD_REASONS as readonly FaultKind[]).includes(kind);
export const mayPass = (reason: UnreadReason): boolean => (PASSING as readonly UnreadReason[]).includes(reason);

/** How one page was read: what a reader must know of its text. */
export interface PageReading {
  /** 1-based, of the PDF. */
  readonly page: number;
  readonly source: PageSource;
  /** Of an OCR, 0 to 100; of what OCR added when the source is "both"; null when the text is the file's own or there is none. */
  readonly confidence: number | null;
  readonly flags: readonly PageFlag[];
  /** Why the page was not read, or not its large picture beside its own text; absent when it was, or nothing was found on it. */
  readonly unread?: UnreadReason;
}
