import { withoutLigatures } from "../ligatures.ts";
import { joinItems } from "./join-items.ts";
import { OFF } from "./letters.ts";
import { type Operator, type Painted, paintedBy } from "./painted.ts";
import type { PdfDocument, PdfJs, PdfPage } from "./pdf-js.ts";
import { seenItems, type TextItem } from "./seen-text.ts";

/** A page as the file has it, before its neighbours are looked at. */
export interface RawPage {
  /** What a reader sees of it, in the file's order. */
  readonly text: string;
  /** Letters on the page that no reader sees, spaces not counted. */
  readonly hidden: number;
  /** Letters beside the page. */
  readonly off: number;
  /** All letters of the sheet, beside the page too: two pages that share it lie on one sheet. */
  readonly sheet: string;
  readonly hadLigatures: boolean;
  /** What pictures cover of it, 0 to 1. */
  readonly pictureShare: number;
  /** What pictures cover of it and no letter stands on, 0 to 1. */
  readonly bareShare: number;
  readonly isDrawnOn: boolean;
}

/** Reads one page. @param number 1-based @throws what pdf.js throws when the page cannot be read */
export async function readPage(pdfJs: PdfJs, document: PdfDocument, number: number): Promise<RawPage> {
  const page = await document.getPage(number);
  try {
    const items = await itemsOf(page);
    const painted = await paintedOn(pdfJs, page);
    const seen = seenItems(items, painted.letters);
    const joined = joinItems(seen.items).toWellFormed();
    const text = withoutLigatures(joined);
    return {
      text,
      hidden: seen.hidden,
      off: painted.letters.states.filter((state) => state === OFF).length,
      sheet: painted.letters.text,
      hadLigatures: text !== joined,
      pictureShare: painted.pictureShare,
      bareShare: painted.bareShare,
      isDrawnOn: painted.isDrawnOn,
    };
  } finally {
    page.cleanup();
  }
}

async function itemsOf(page: PdfPage): Promise<readonly TextItem[]> {
  const viewport = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  return items.flatMap((item) => {
    if (!("str" in item)) return [];
    const [x = 0, y = 0] = viewport.convertToViewportPoint(Number(item.transform[4]), Number(item.transform[5]));
    return [{ text: item.str, x, y, width: item.width, height: item.height, endsLine: item.hasEOL }];
  });
}

async function paintedOn(pdfJs: PdfJs, page: PdfPage): Promise<Painted> {
  // Notes and form fields are no part of the text either.
  const { fnArray, argsArray } = await page.getOperatorList({ annotationMode: pdfJs.AnnotationMode.DISABLE });
  const names = new Map(Object.entries(pdfJs.OPS).map(([name, number]) => [number, name]));
  const operators = fnArray.map((number, index): Operator => {
    const args = listOf(argsArray[index]);
    const name = names.get(number) ?? "";
    return [name, name === "setFont" ? [...args, unitOf(page, args[0])] : args];
  });
  return paintedBy(operators, page.view);
}

const listOf = (args: unknown): readonly unknown[] =>
  Array.isArray(args) ? (args as unknown[]) : ArrayBuffer.isView(args) ? Array.from(args as unknown as ArrayLike<number>) : [];

function unitOf(page: PdfPage, font: unknown): unknown {
  if (typeof font !== "string" || !page.commonObjs.has(font)) return undefined;
  const { fontMatrix } = page.commonObjs.get(font) as { readonly fontMatrix?: readonly unknown[] };
  return fontMatrix?.[0];
}
