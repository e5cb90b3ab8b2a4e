import type { PageFlag } from "./page.ts";
import type { RawPage } from "./pdf/read-page.ts";
import { MIN_HIDDEN } from "./pdf/seen-text.ts";
import { isPoorOcr } from "./poor-ocr.ts";
import { judgePages, type Readable } from "./readable.ts";

/** A page's text and what is peculiar about it. */
export interface JudgedPage {
  readonly text: string;
  readonly readable: Readable;
  readonly flags: readonly PageFlag[];
}

/** A sheet with fewer letters may be the same on two pages by chance: a title, a form's head. */
const MIN_SHEET = 500;
/** A picture below this share is a crest, a logo or a photograph beside the text. */
const SCAN_SHARE = 0.6;

/**
 * Judges each page by what it shows and by its neighbours.
 *
 * A sheet that lies under several pages is read once: each page keeps what it shows of it, and a page that shows the
 * same as an earlier one is left empty. Such a page is "text" all the same: OCR would only read it a second time.
 *
 * @returns one for each page, in the same order
 */
export function judge(pages: readonly RawPage[]): readonly JudgedPage[] {
  const sheets = Map.groupBy(pages, sheetOf);
  const isImposed = (page: RawPage): boolean => page.sheet.length >= MIN_SHEET && (sheets.get(sheetOf(page))?.length ?? 0) > 1;
  const readables = judgePages(pages.map((page) => page.text));
  const seen = new Set<string>();
  return pages.map((page, index) => {
    const imposed = isImposed(page);
    const isRepeated = imposed && seen.has(page.text);
    seen.add(page.text);
    const isPoor = readables[index] === "text" && page.pictureShare >= SCAN_SHARE && isPoorOcr(page.text);
    const readable = isPoor ? "garbled" : (readables[index] ?? "empty");
    const flags = { ...flagsOf(page, readable, imposed), imposed, "poor-ocr": isPoor, garbled: readable === "garbled" && !isPoor };
    return { text: isRepeated ? "" : page.text, readable: isRepeated ? "text" : readable, flags: namesOf(flags) };
  });
}

const sheetOf = (page: RawPage): string => page.sheet;

function flagsOf(page: RawPage, readable: Readable, imposed: boolean): Partial<Record<PageFlag, boolean>> {
  return {
    // Text drawn as outlines, as printers deliver it, is a picture to who reads letters.
    scan: readable === "empty" && page.isDrawnOn,
    "stamp-only": readable === "stamp",
    // What lies beside one page of a sheet is on another.
    "hidden-text": page.hidden + (imposed ? 0 : page.off) >= MIN_HIDDEN,
    "lost-ligatures": page.hadLigatures,
    empty: readable === "empty" && !page.isDrawnOn,
  };
}

const namesOf = (flags: Partial<Record<PageFlag, boolean>>): readonly PageFlag[] =>
  (Object.keys(flags) as PageFlag[]).filter((flag) => flags[flag] === true);
