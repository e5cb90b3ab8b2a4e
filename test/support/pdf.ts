import { buffer } from "node:stream/consumers";
import PDFDocument from "pdfkit";

export interface PdfOptions {
  /** Asked of whoever opens it. */
  readonly userPassword?: string;
  /** Asked only of who wants to change it: such a file opens without. */
  readonly ownerPassword?: string;
  readonly colour?: string;
  readonly fontSize?: number;
}

/** A real PDF with one page per text; an empty text is an empty page, as a scan's is to who reads letters. */
export async function pdfOf(texts: readonly string[], options: PdfOptions = {}): Promise<Buffer> {
  const { userPassword, ownerPassword, colour = "black", fontSize = 11 } = options;
  const document = new PDFDocument({
    autoFirstPage: false,
    ...(userPassword === undefined ? {} : { userPassword }),
    ...(ownerPassword === undefined ? {} : { ownerPassword }),
  });
  const bytes = buffer(document);
  for (const text of texts) {
    document.addPage().fontSize(fontSize).fillColor(colour);
    if (text !== "") document.text(text);
  }
  document.end();
  return bytes;
}

/** A page of plain French, `words` words long; no word of it comes from a real act. */
export function frenchText(words: number, salt = 0): string {
  const all =
    "le conseil municipal de la commune a approuvé les travaux du quai et la réfection de la salle des fêtes pour un montant fixé par".split(
      " ",
    );
  return Array.from({ length: words }, (_, index) => all[(index * 7 + salt) % all.length]).join(" ");
}

/** One object of a PDF written by hand: a dictionary, or a dictionary with a stream. */
export type RawObject = string | { readonly dictionary: string; readonly stream: Buffer | string };

/**
 * A PDF written by hand, for what no honest program writes.
 *
 * @param objects  object 1 is the catalog; the others are numbered in order
 */
export function rawPdf(objects: readonly RawObject[]): Buffer {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  objects.forEach((object, index) => {
    offsets.push(length);
    add(Buffer.from(`${index + 1} 0 obj\n`));
    add(bodyOf(object));
    add(Buffer.from("\nendobj\n"));
  });
  const xref = offsets.map((offset) => `${`${offset}`.padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  add(Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${xref}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

function bodyOf(object: RawObject): Buffer {
  if (typeof object === "string") return Buffer.from(object);
  const stream = Buffer.from(object.stream as string);
  return Buffer.concat([Buffer.from(`<< /Length ${stream.length} ${object.dictionary} >>\nstream\n`), stream, Buffer.from("\nendstream")]);
}

/** A document of one page with this content stream; `more` are objects 6 and on, `page` more entries of the page. */
export function rawPage(content: RawObject, { page = "", catalog = "", more = [] as readonly RawObject[] } = {}): Buffer {
  return rawPdf([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X1 6 0 R >> >> ${page} >>`,
    content,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...more,
  ]);
}
