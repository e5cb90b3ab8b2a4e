import { systemClock } from "../clock.ts";
import type { Clock } from "../core/clock.ts";
import { type ChildLimits, startChild } from "./pdf/child.ts";
import type { Frame } from "./pdf/frames.ts";
import { partsFor } from "./pdf/parts.ts";
import { type PictureMessage, type PictureTask, pictureMessage } from "./pdf/protocol.ts";
import { damaged, endedBy, messageOf, refusal, refuseByItsEnds } from "./pdf/refusals.ts";

/** A page as a reader sees it. */
export interface PagePicture {
  /** A PNG file. */
  readonly png: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Dots per inch of the paper, as large as the file says it is. */
  readonly dpi: number;
}

/** Which page, how large, and how turned. */
export interface PictureAsk {
  /** 1-based; the page of the PDF file. */
  readonly page: number;
  /** Pixels of the longer side; `LONG_SIDE` unless given. */
  readonly longSide?: number | undefined;
  /** Degrees clockwise, beyond what the file itself says. */
  readonly turn?: 0 | 90 | 180 | 270 | undefined;
}

export interface RenderAsk {
  readonly signal: AbortSignal;
  /** Other limits than `RENDER_LIMITS`. They hold for each page anew. */
  readonly limits?: Partial<RenderLimits> | undefined;
  readonly clock?: Clock;
}

export type RenderLimits = Omit<ChildLimits, "idleMs">;

/** At which Tesseract reads the town's orders well: about 220 dots per inch of an A4 page. */
export const LONG_SIDE = 2_600;

/** The slowest of the 220 pages of the corpus took 2.9 s. A page of 2600 by 2600 pixels has 27 MB before it is packed. */
export const RENDER_LIMITS: RenderLimits = { totalMs: 60_000, memoryBytes: 1024 * 1024 * 1024, outputBytes: 64 * 1024 * 1024 };

/** Seconds of computing for a document: far above 2,000 pages. Only for a child that is stuck after this program was killed. */
const CPU_SECONDS = 7_200;

/** One document, opened in a process of its own to be drawn page by page. */
export interface Pictures {
  readonly pages: number;
  /** @throws Fault "unreadable-document" or the signal's reason; after either nothing more can be drawn */
  render(ask: PictureAsk, signal: AbortSignal): Promise<PagePicture>;
  /** Ends the process; may be called again. */
  close(): Promise<void>;
}

/**
 * Opens a PDF to draw its pages. Whoever opens it closes it.
 *
 * @param content  the whole file; only read, and to be left alone until this settles
 * @throws         Fault "unreadable-document", saying what to do; the signal's reason when aborted
 */
export async function openPictures(content: Uint8Array, ask: RenderAsk): Promise<Pictures> {
  ask.signal.throwIfAborted();
  refuseByItsEnds(content);
  const limits = { ...RENDER_LIMITS, ...ask.limits };
  const child = await startChild({
    program: new URL("./pdf/picture-program.ts", import.meta.url),
    ...partsFor("pictures"),
    limits: { ...limits, idleMs: limits.totalMs },
    cpuSeconds: CPU_SECONDS,
    clock: ask.clock ?? systemClock,
    refuse: endedBy,
  });
  const tell = <Value>(message: PictureTask, signal: AbortSignal, take: (frame: Frame) => Value | undefined, bytes?: Uint8Array) =>
    child.ask({ message, signal, take, ...(bytes === undefined ? {} : { bytes }) });
  const pages = await tell({ kind: "open", hasBytes: true }, ask.signal, (frame) => opened(said(frame)), content);
  return {
    pages,
    render: async ({ page, longSide = LONG_SIDE, turn = 0 }, signal) =>
      await tell({ kind: "render", page, longSide, turn }, signal, startTaking()),
    close: child.end,
  };
}

/** Draws one page in a process of its own, which is gone when this settles. For several pages `openPictures` is quicker. */
export async function renderPage(content: Uint8Array, picture: PictureAsk, ask: RenderAsk): Promise<PagePicture> {
  const pictures = await openPictures(content, ask);
  try {
    return await pictures.render(picture, ask.signal);
  } finally {
    await pictures.close();
  }
}

function said(frame: Frame): Exclude<PictureMessage, { kind: "refused" }> {
  const message = messageOf(frame, pictureMessage);
  if (message.kind === "refused") throw refusal(message.why, { pages: 0, chars: 0 });
  return message;
}

function opened(message: PictureMessage): number {
  if (message.kind !== "opened" || message.total === 0) throw damaged();
  return message.total;
}

/** The size comes first, the picture behind it. */
function startTaking(): (frame: Frame) => PagePicture | undefined {
  let size: Omit<PagePicture, "png"> | undefined;
  return (frame) => {
    if ("bytes" in frame && size !== undefined) return { png: frame.bytes, ...size };
    const message = said(frame);
    if (message.kind !== "picture") throw damaged();
    size = { width: message.width, height: message.height, dpi: message.dpi };
    return undefined;
  };
}
