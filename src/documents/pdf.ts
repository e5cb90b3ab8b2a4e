import { Worker } from "node:worker_threads";
import { systemClock } from "../clock.ts";
import type { Clock } from "../core/clock.ts";
import { codeOf, type Fault } from "../core/fault.ts";
import { unreadable } from "./open-file.ts";
import type { ThreadMessage, ThreadTask } from "./pdf-thread.ts";
import type { Readable } from "./readable.ts";

/** What one PDF may cost before it is refused. Enforced from this side: the thread may be stuck in hostile input. */
export interface PdfLimits {
  readonly pages: number;
  /** All pages together, in UTF-16 units. */
  readonly chars: number;
  /** Longest wait for the next page, and for the first one. */
  readonly idleMs: number;
  readonly totalMs: number;
  /** Growth of the whole process, because pdf.js keeps its bytes in buffers V8's own limit does not count. */
  readonly growthBytes: number;
  readonly heapMb: number;
}

/** The longest act seen in 282 had 36 pages and each page took under 0.7 s: everything here is far above, and ends an attack. */
export const PDF_LIMITS: PdfLimits = {
  pages: 2_000,
  chars: 2_000_000,
  idleMs: 30_000,
  totalMs: 600_000,
  growthBytes: 512 * 1024 * 1024,
  heapMb: 384,
};

/** Often enough for 3 GB in 20 s, the fastest growth seen, to be ended less than 20 MB late. */
const LOOK_MS = 100;

export interface PdfPage {
  readonly text: string;
  readonly readable: Readable;
}

export interface PdfAsk {
  readonly signal: AbortSignal;
  readonly onPage?: ((done: number, total: number) => void) | undefined;
  readonly limits?: Partial<PdfLimits> | undefined;
  readonly clock?: Clock;
}

/**
 * Reads the text of each page of a PDF in a thread of its own, which is gone when this settles.
 *
 * @param content  the whole file on an ArrayBuffer of its own, which is moved to the thread: empty here afterwards
 * @returns        text and judgement per page, index 0 = page 1; an empty page stays
 * @throws         Fault "unreadable-document", saying what to do; the signal's reason when aborted
 */
export async function readPdf(content: Uint8Array<ArrayBuffer>, ask: PdfAsk): Promise<readonly PdfPage[]> {
  ask.signal.throwIfAborted();
  refuseByItsEnds(content);
  const limits = { ...PDF_LIMITS, ...ask.limits };
  const startRss = process.memoryUsage.rss();
  const task: ThreadTask = { content, maxPages: limits.pages, maxChars: limits.chars };
  const thread = new Worker(new URL("./pdf-thread.ts", import.meta.url), {
    workerData: task,
    transferList: [content.buffer],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: 32 },
    // Nothing of ours is handed to a parser of hostile files, and what it prints goes nowhere.
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  thread.stdout.resume();
  thread.stderr.resume();
  try {
    return await pagesFrom(thread, { ...ask, limits, startRss, clock: ask.clock ?? systemClock });
  } finally {
    await thread.terminate();
  }
}

interface Watch extends PdfAsk {
  readonly limits: PdfLimits;
  readonly startRss: number;
  readonly clock: Clock;
}

/** Settles when the thread is done, refuses, dies or is overdue, or the caller loses interest; whichever comes first. */
async function pagesFrom(thread: Worker, watch: Watch): Promise<readonly PdfPage[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly PdfPage[]>();
  const reading = startReading(watch);
  const abort = () => reject(watch.signal.reason);
  watch.signal.addEventListener("abort", abort, { once: true });
  thread.on("message", (message: ThreadMessage) => {
    // Nothing may be thrown out of a listener: it would end the whole process.
    try {
      const pages = reading.take(message);
      if (pages !== undefined) resolve(pages);
    } catch (error) {
      reject(error);
    }
  });
  thread.on("error", (error) => reject(codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY" ? tooComplex("memory") : damaged(error)));
  thread.on("exit", () => reject(damaged()));
  let stopLooking = () => {};
  const look = () => {
    const why = reading.overspent();
    if (why !== undefined) return reject(tooComplex(why));
    stopLooking = watch.clock.after(LOOK_MS, look);
  };
  look();
  try {
    return await promise;
  } finally {
    stopLooking();
    watch.signal.removeEventListener("abort", abort);
  }
}

interface Reading {
  /** @returns all pages with the last message @throws Fault when the thread refuses, or has not read every page */
  take(message: ThreadMessage): readonly PdfPage[] | undefined;
  /** What it has used too much of by now. */
  overspent(): "time" | "memory" | undefined;
}

function startReading({ limits, startRss, clock, onPage }: Watch): Reading {
  const texts: string[] = [];
  const startedMs = clock.elapsed();
  let heardMs = startedMs;
  let total = 0;
  return {
    take(message) {
      heardMs = clock.elapsed();
      if (message.kind === "refused") throw refusal(message.why, limits);
      if (message.kind === "opened") total = message.total;
      if (message.kind === "page") {
        texts.push(message.text);
        onPage?.(texts.length, total);
      }
      return message.kind === "done" ? allPages(texts, message.judged, total) : undefined;
    },
    overspent() {
      const nowMs = clock.elapsed();
      if (nowMs - heardMs > limits.idleMs || nowMs - startedMs > limits.totalMs) return "time";
      return process.memoryUsage.rss() - startRss > limits.growthBytes ? "memory" : undefined;
    },
  };
}

function allPages(texts: readonly string[], judged: readonly Readable[], total: number): readonly PdfPage[] {
  const pages = texts.flatMap((text, index) => {
    const readable = judged[index];
    return readable === undefined ? [] : [{ text, readable }];
  });
  if (pages.length === 0 || pages.length !== total) throw damaged();
  return pages;
}

/** A PDF starts with its mark and ends with "%%EOF"; what does not is refused before anything is parsed. */
function refuseByItsEnds(content: Uint8Array): void {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  // At byte 0 and nowhere else: pdf.js takes a program with a PDF behind it for a PDF.
  if (!bytes.subarray(0, MARK.length).equals(MARK)) {
    throw unreadable("this is not a PDF, whatever its name says: export it as PDF again, or remove it");
  }
  // pdf.js repairs half a file into fewer pages, and half an act would pass for the whole of it.
  if (!bytes.subarray(-TAIL_BYTES).includes("%%EOF")) {
    throw unreadable("the PDF is cut off before its end: copy it into the documents folder again");
  }
}

const MARK = Buffer.from("%PDF-");
/** Readers look in the last 1,024 bytes; twice that leaves room for what mail gateways add. */
const TAIL_BYTES = 2_048;

function refusal(why: Extract<ThreadMessage, { kind: "refused" }>["why"], limits: PdfLimits): Fault {
  switch (why) {
    case "password":
      return unreadable("the PDF asks for a password: export it again without a password");
    case "damaged":
      return damaged();
    case "too-many-pages":
      return unreadable(`the PDF has more than ${limits.pages} pages: split it into smaller files`);
    case "too-long":
      return tooLong("PDF", limits.chars);
  }
}

export const tooLong = (what: "PDF" | "file", maxChars: number): Fault =>
  unreadable(`the ${what} holds more than ${maxChars} characters: split it into smaller files`);

const damaged = (cause?: unknown): Fault => unreadable("the PDF is damaged: export it again from the program it came from", cause);

const tooComplex = (what: "time" | "memory"): Fault =>
  unreadable(`the PDF takes too much ${what} to read: print it to a new PDF, or split it into smaller files`);
