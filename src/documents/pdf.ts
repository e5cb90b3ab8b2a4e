import { systemClock } from "../clock.ts";
import type { Clock } from "../core/clock.ts";
import type { JudgedPage } from "./page-flags.ts";
import { type ChildLimits, startChild } from "./pdf/child.ts";
import type { Frame } from "./pdf/frames.ts";
import { partsFor } from "./pdf/parts.ts";
import { type TextTask, textMessage } from "./pdf/protocol.ts";
import { damaged, endedBy, messageOf, refusal, refuseByItsEnds } from "./pdf/refusals.ts";

/** What one PDF may cost before it is refused, beyond what `ChildLimits` says. */
export interface PdfLimits extends Omit<ChildLimits, "outputBytes"> {
  readonly pages: number;
  /** All pages together, in UTF-16 units. */
  readonly chars: number;
}

/** The longest act seen in 282 had 36 pages and each page took under 0.7 s: everything here is far above, and ends an attack. */
export const PDF_LIMITS: PdfLimits = {
  pages: 2_000,
  chars: 2_000_000,
  idleMs: 30_000,
  totalMs: 600_000,
  memoryBytes: 512 * 1024 * 1024,
};

/** A letter takes 3 bytes, or 6 where JSON has to spell it; a page a little more around its text. */
const OUTPUT_BYTES_PER_CHAR = 6;
const OUTPUT_BYTES_PER_PAGE = 500;

export interface PdfAsk {
  readonly signal: AbortSignal;
  readonly onPage?: ((done: number, total: number) => void) | undefined;
  readonly limits?: Partial<PdfLimits> | undefined;
  readonly clock?: Clock;
}

/** What was read of a PDF. */
export interface PdfText {
  /** Index 0 is page 1; an empty page stays. */
  readonly pages: readonly JudgedPage[];
  /** Whether it wants to do something when it is opened, or carries another file. Nothing of that is run or unpacked. */
  readonly activeContent: boolean;
}

/**
 * Reads the text of each page of a PDF in a process of its own, which is gone when this settles.
 *
 * @param content  the whole file; only read, and to be left alone until this settles
 * @throws         Fault "unreadable-document", saying what to do; the signal's reason when aborted
 */
export async function readPdf(content: Uint8Array, ask: PdfAsk): Promise<PdfText> {
  ask.signal.throwIfAborted();
  refuseByItsEnds(content);
  const limits = { ...PDF_LIMITS, ...ask.limits };
  const child = await startChild({
    program: new URL("./pdf/text-program.ts", import.meta.url),
    ...partsFor("text"),
    limits: { ...limits, outputBytes: limits.chars * OUTPUT_BYTES_PER_CHAR + (limits.pages + 1) * OUTPUT_BYTES_PER_PAGE },
    cpuSeconds: Math.ceil(limits.totalMs / 1_000) + 60,
    clock: ask.clock ?? systemClock,
    refuse: endedBy,
  });
  try {
    const reading = startReading(limits, ask.onPage);
    const message: TextTask = { hasBytes: true, maxPages: limits.pages, maxChars: limits.chars };
    return await child.ask({ message, bytes: content, signal: ask.signal, take: reading });
  } finally {
    await child.end();
  }
}

/** @returns a function that takes the child's frames, and gives the whole text with the last one */
function startReading(limits: PdfLimits, onPage: PdfAsk["onPage"]): (frame: Frame) => PdfText | undefined {
  const pages: JudgedPage[] = [];
  let total = 0;
  let done = 0;
  return (frame) => {
    const message = messageOf(frame, textMessage);
    switch (message.kind) {
      case "opened":
        total = message.total;
        return undefined;
      case "read":
        done += 1;
        onPage?.(done, total);
        return undefined;
      case "page":
        pages.push({ text: message.text, readable: message.readable, flags: message.flags });
        return undefined;
      case "done":
        if (pages.length === 0 || pages.length !== total) throw damaged();
        return { pages, activeContent: message.activeContent };
      case "refused":
        throw refusal(message.why, limits);
    }
  };
}
