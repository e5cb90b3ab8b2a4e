import { createRequire } from "node:module";
import type { Block, Source } from "./blocks.ts";

/** The part of pdfkit used here: the package ships no types. */
interface Pen {
  y: number;
  font(name: string, size: number): Pen;
  fillColor(color: string): Pen;
  text(text: string, x: number, y: number, options: TextOptions): Pen;
  heightOfString(text: string, options: TextOptions): number;
  rect(x: number, y: number, width: number, height: number): Pen;
  lineWidth(points: number): Pen;
  stroke(color?: string): Pen;
  fillAndStroke(fill: string, stroke: string): Pen;
  image(picture: Buffer, x: number, y: number, options: { readonly fit: readonly [number, number] }): Pen;
  addPage(): Pen;
  on(event: "data", listener: (part: Buffer) => void): Pen;
  on(event: "end", listener: () => void): Pen;
  end(): void;
}
interface TextOptions {
  readonly width: number;
  readonly align?: "left" | "center" | "right" | "justify";
  readonly lineGap?: number;
}
type Style = TextOptions & { readonly font: string; readonly size: number; readonly inset: number; readonly after: number };

const PdfDocument = createRequire(import.meta.url)("pdfkit") as new (options: object) => Pen;

/** A4, in points of 1/72 inch, as every length here. */
const PAGE_WIDTH = 595.28;
const PAGE_HEIGHT = 841.89;
const MARGIN = 57;
const BOTTOM = 785;
const GUTTER = 22;
const GAP = 7;
const CELL = 4;

/** Draws a source as a PDF with a text layer: one column or several, tables with ruled cells, a footer with the page number. */
export function drawPdf(source: Source): Promise<Buffer> {
  const pen = openPen(source.title, source.datedAt);
  const bytes = bytesOf(pen);
  const styleOf = styles(source);
  const width = (PAGE_WIDTH - 2 * MARGIN - (source.columns - 1) * GUTTER) / source.columns;
  let page = 0;
  let column = 0;

  const nextPage = () => {
    pen.addPage();
    page += 1;
    column = 0;
    pen.font("Helvetica", 8).fillColor("#555555");
    pen.text(`${source.footer} – page ${page}`, MARGIN, BOTTOM + 15, { width: PAGE_WIDTH - 2 * MARGIN, align: "center" });
    pen.fillColor("black").y = MARGIN;
  };
  const makeRoom = (height: number) => {
    if (pen.y + height <= BOTTOM) return;
    column += 1;
    if (column >= source.columns) nextPage();
    else pen.y = MARGIN;
  };
  const left = () => MARGIN + column * (width + GUTTER);

  nextPage();
  for (const block of source.blocks) {
    if (block.kind === "page") nextPage();
    else if (block.kind === "column") makeRoom(PAGE_HEIGHT);
    else if (block.kind === "gap") pen.y += pen.y === MARGIN ? 0 : GAP;
    else if (block.kind === "table") drawTable(pen, block.rows, { left: left(), width, font: source.font });
    else drawText(pen, block.text, styleOf(block.kind, width), { makeRoom, left });
  }
  pen.end();
  return bytes;
}

/** Wraps one JPEG as an A4 page with no text layer: what a copier calls a PDF. */
export function wrapScan(picture: Buffer, scannedAt: Date): Promise<Buffer> {
  const pen = openPen("Scan", scannedAt);
  const bytes = bytesOf(pen);
  pen.addPage().image(picture, 0, 0, { fit: [PAGE_WIDTH, PAGE_HEIGHT] });
  pen.end();
  return bytes;
}

function openPen(title: string, date: Date): Pen {
  return new PdfDocument({
    size: "A4",
    margin: 0,
    autoFirstPage: false,
    // Deflate gives other bytes under another Node or another processor; plain streams are the same everywhere.
    compress: false,
    info: { Title: title, Author: "Commune fictive de Port-Kerelec", CreationDate: date, ModDate: date },
  });
}

function bytesOf(pen: Pen): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    pen.on("data", (part) => parts.push(part)).on("end", () => resolve(Buffer.concat(parts)));
  });
}

type TextKind = Exclude<Block["kind"], "table" | "gap" | "page" | "column">;

function styles({ font, columns }: Source): (kind: TextKind, width: number) => Style {
  const size = columns > 1 ? 11.2 : 10.8;
  const body = { font: romanOf(font), size, inset: 0, after: 3, lineGap: 1.5 };
  return (kind, width) => {
    switch (kind) {
      case "masthead":
        return { ...body, size: size - 1, align: "center", width };
      case "title":
        return { ...body, font: `${font}-Bold`, size: size + 2, align: "center", after: 5, width };
      case "heading":
        return { ...body, font: `${font}-Bold`, size: size + 0.6, width };
      case "bullet":
        return { ...body, inset: 12, width: width - 12 };
      case "signature":
        return { ...body, inset: width / 2, width: width / 2, after: 1 };
      case "line":
        return { ...body, align: columns > 1 ? "left" : "justify", width };
    }
  };
}

function drawText(pen: Pen, text: string, style: Style, flow: { makeRoom(height: number): void; left(): number }): void {
  pen.font(style.font, style.size);
  const height = pen.heightOfString(text, style);
  // A heading alone at the foot of a column reads as the end of the text above it.
  flow.makeRoom(style.font.endsWith("-Bold") ? height + 40 : height);
  const [x, y] = [flow.left() + style.inset, pen.y];
  pen.font(style.font, style.size);
  if (style.inset === 12) pen.text("•", flow.left(), y, { width: 12 });
  pen.text(text, x, y, style);
  pen.y = y + height + style.after;
}

/** Shares of the width, by number of columns. */
const SHARES: Readonly<Record<number, readonly number[]>> = { 2: [0.78, 0.22], 3: [0.56, 0.22, 0.22], 4: [0.4, 0.28, 0.16, 0.16] };

/** First row bold on grey; a column whose first value is a figure is set right. */
function drawTable(pen: Pen, rows: readonly (readonly string[])[], at: { left: number; width: number; font: string }): void {
  const columns = (SHARES[rows[0]?.length ?? 0] ?? []).map((share, index, shares) => ({
    x: at.left + at.width * shares.slice(0, index).reduce((sum, before) => sum + before, 0),
    width: at.width * share,
    options: { width: at.width * share - 2 * CELL, align: /^\d/.test(rows[1]?.[index] ?? "") ? "right" : "left" } as const,
  }));
  pen.lineWidth(0.6);
  for (const [index, cells] of rows.entries()) {
    const isBold = index === 0 || cells[0]?.startsWith("Total") === true;
    pen.font(isBold ? `${at.font}-Bold` : romanOf(at.font), 9.4);
    const height = Math.max(...columns.map(({ options }, column) => pen.heightOfString(cells[column] ?? "", options))) + 2 * CELL;
    const y = pen.y;
    for (const [column, { x, width, options }] of columns.entries()) {
      pen.rect(x, y, width, height).fillAndStroke(index === 0 ? "#e4e4e4" : "#ffffff", "#444444");
      pen.fillColor("black").text(cells[column] ?? "", x + CELL, y + CELL + 1, options);
    }
    pen.y = y + height;
  }
  pen.y += 3;
}

const romanOf = (font: string): string => (font === "Times" ? "Times-Roman" : font);
