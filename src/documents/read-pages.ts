import type { OcrAnswer, OcrRequest, Turn } from "../capabilities/ocr/contract.ts";
import type { AnsweredBy, Outcome } from "../core/attempt.ts";
import { Fault } from "../core/fault.ts";
import { isUnreadReason, mayPass, type PageFlag, type PageReading, type UnreadReason } from "./page.ts";
import { pictureText } from "./picture-text.ts";
import type { Page } from "./read.ts";
import { judgePages } from "./readable.ts";
import { readAsItLies, readScan, type ScannedPage } from "./scan.ts";
import { isOnItsSide } from "./upright.ts";

/** A page whose text may be believed as far as its reading says; without a text it is empty. */
export interface ReadPage {
  readonly number: number;
  readonly text: string;
  readonly reading: PageReading;
  /** Of what was read by OCR: its words with their places on the page as it was turned. */
  readonly scan?: Pick<ScannedPage, "words" | "turn">;
}

/** The pages of one PDF as pictures. */
export interface Pictures {
  /** @throws Fault "unreadable-document" when the page cannot be drawn within its limits; the signal's reason */
  page(number: number, turn: Turn): Promise<Omit<OcrRequest, "languages">>;
  close(): Promise<void>;
}

export interface PagePorts {
  readonly signal: AbortSignal;
  /** Opened when the first page needs it. */
  pictures(): Promise<Pictures>;
  ocr(request: OcrRequest): Promise<Outcome<OcrAnswer>>;
  /** What was read of a page before, from the disk; otherwise `read`, and its answer is on the disk before this returns. */
  once(step: string, read: () => Promise<Outcome<ScannedPage>>): Promise<Outcome<ScannedPage>>;
  /** Whether no further run follows: then a page whose fault may pass is left unread, not the whole document. */
  readonly isLastRun?: boolean;
  /** After each page that needed OCR. */
  onPage?(done: number, total: number): void;
}

export type PagesRead =
  | { readonly kind: "read"; readonly pages: readonly ReadPage[]; readonly by: readonly AnsweredBy[] }
  /** A page could not be read now: the job is run again, and what was read is kept. */
  | Exclude<Outcome<never>, { readonly kind: "answered" }>;

/** Written into what is kept of a page: another way of reading reads anew. */
const OCR_VERSION = "ocr-2";

/**
 * The text of every page: its own where it can be read, else by OCR of its picture, page by page, each kept as soon as it is read.
 *
 * A page that cannot be read stays empty, and says why; nothing is made up for it. One whose fault may pass fails the run instead, as
 * long as another one follows, and also when no page at all could be read: then it is the engine, not the page. The pages behind it
 * are read first, so that the next run has only the rest to do.
 *
 * @param pages  as `readDocument` gave them
 * @throws       the signal's reason
 */
export async function readPages(pages: readonly Page[], format: string, ports: PagePorts): Promise<PagesRead> {
  const wanted = format === "pdf" ? pages.filter((page) => needsOcr(page) || hasLargePicture(page)) : [];
  if (wanted.length === 0) return { kind: "read", pages: pages.map(asItIs), by: [] };
  const scans: Scans = { read: new Map(), unread: new Map() };
  const by: AnsweredBy[] = [];
  const drawer = openedOnce(ports);
  try {
    for (const [index, page] of wanted.entries()) {
      ports.signal.throwIfAborted();
      const [kept, way] = needsOcr(page) ? (["page", readScan] as const) : (["picture-on-page", readAsItLies] as const);
      const outcome = await ports.once(`${OCR_VERSION}-${kept}-${page.number}`, () => readOne(page.number, way, drawer, ports));
      // What a stopped run met says nothing about the page.
      if (outcome.kind !== "answered") ports.signal.throwIfAborted();
      if (outcome.kind === "answered") {
        scans.read.set(page.number, outcome.result);
        by.push(outcome.by);
      } else if (outcome.kind === "postponed" || !isUnreadReason(outcome.fault.kind)) return outcome;
      else scans.unread.set(page.number, { fault: outcome.fault, reason: outcome.fault.kind });
      ports.onPage?.(index + 1, wanted.length);
    }
  } finally {
    await drawer.close();
  }
  return ended(withScans(pages, scans), by, scans, ports.isLastRun === true);
}

interface Scans {
  readonly read: Map<number, ScannedPage>;
  readonly unread: Map<number, { readonly fault: Fault; readonly reason: UnreadReason }>;
}

function ended(pages: readonly ReadPage[], by: readonly AnsweredBy[], { unread }: Scans, isLastRun: boolean): PagesRead {
  const passing = [...unread.values()].find(({ reason }) => mayPass(reason));
  const isLeftOut = isLastRun && pages.some(({ text }) => text !== "");
  return passing === undefined || isLeftOut ? { kind: "read", pages, by } : { kind: "failed", fault: passing.fault };
}

/** A blank page of an office program has nothing behind it; a page that is drawn on has. */
export const needsOcr = ({ readable, flags }: Pick<Page, "readable" | "flags">): boolean => readable !== "text" && !flags.includes("empty");

/** A page whose text says nothing of what its picture holds: it is read as well, for what is not in the text. */
const hasLargePicture = ({ readable, flags }: Pick<Page, "readable" | "flags">): boolean =>
  readable === "text" && flags.includes("large-picture");

async function readOne(
  number: number,
  way: typeof readScan,
  drawer: { pictures(): Promise<Pictures> },
  ports: PagePorts,
): Promise<Outcome<ScannedPage>> {
  try {
    const pictures = await drawer.pictures();
    return await way({ picture: (turn) => pictures.page(number, turn), read: ports.ocr });
  } catch (error) {
    ports.signal.throwIfAborted();
    return { kind: "failed", fault: Fault.from(error, "a page's picture") };
  }
}

function openedOnce(ports: PagePorts) {
  let opened: Promise<Pictures> | undefined;
  return {
    pictures(): Promise<Pictures> {
      opened ??= ports.pictures();
      return opened;
    },
    async close(): Promise<void> {
      await opened?.then((pictures) => pictures.close()).catch(() => {});
    },
  };
}

function asItIs({ number, text, readable, flags }: Page): ReadPage {
  const isRead = readable === "text";
  return {
    number,
    text: isRead ? text : "",
    reading: { page: number, source: isRead ? "text-layer" : "none", confidence: null, flags: isRead ? flags : withWhy(flags, readable) },
  };
}

/** An older reading of a text file has no flags: its judgement says as much. */
const withWhy = (flags: readonly PageFlag[], readable: Page["readable"]): readonly PageFlag[] =>
  flags.length > 0 || readable === "text" ? flags : [readable === "stamp" ? "stamp-only" : readable];

/** OCR text is judged as a text layer is: what is only a stamp, or noise, is no text of the page. */
function withScans(pages: readonly Page[], { read, unread }: Scans): readonly ReadPage[] {
  const judged = judgePages(pages.map((page) => (needsOcr(page) ? read.get(page.number)?.text : undefined) ?? page.text));
  return pages.map((page, index) => {
    const scan = read.get(page.number);
    if (scan === undefined) return withReason(asItIs(page), unread.get(page.number)?.reason);
    if (!needsOcr(page)) return withPicture(asItIs(page), scan);
    const flags = scanFlags(page, scan);
    const isRead = judged[index] === "text" && /\p{L}/u.test(scan.text);
    const { confidence } = scan;
    return {
      number: page.number,
      text: isRead ? scan.text : "",
      reading: { page: page.number, source: isRead ? "ocr" : "none", confidence: isRead ? confidence : null, flags },
      ...(isRead ? { scan: { words: scan.words, turn: scan.turn } } : {}),
    };
  });
}

const scanFlags = ({ flags, readable }: Page, { turn, words }: ScannedPage): readonly PageFlag[] => [
  ...withWhy(flags, readable),
  ...(turn !== 0 || isOnItsSide(words) ? (["rotated"] as const) : []),
];

/** The page's own text first: what OCR adds is a block of its own behind it. */
function withPicture(page: ReadPage, scan: ScannedPage): ReadPage {
  const more = pictureText(page.text, scan);
  if (more === undefined) return page;
  const text = `${page.text.trimEnd()}\n\n${more.text}\n`;
  return {
    ...page,
    text,
    reading: { ...page.reading, source: "both", confidence: more.confidence },
    scan: { words: more.words, turn: scan.turn },
  };
}

const withReason = (page: ReadPage, unread: UnreadReason | undefined): ReadPage =>
  unread === undefined ? page : { ...page, reading: { ...page.reading, unread } };
