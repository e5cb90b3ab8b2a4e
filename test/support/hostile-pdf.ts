import { randomBytes } from "node:crypto";
import { constants, deflateSync } from "node:zlib";
import { type RawObject, rawPage, rawPdf } from "./pdf.ts";

export const WORDS = "BT /F1 12 Tf 50 700 Td (Le conseil approuve les travaux) Tj ET";
const stream = (content: string | Buffer, dictionary = ""): RawObject => ({ dictionary, stream: content });
const form = (content: string, calls = ""): RawObject =>
  stream(content, `/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> /XObject << ${calls} >> >>`);

/** A page tree that contains itself. */
export const kidsLoop = (): Buffer =>
  rawPdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"]);

/** A drawing that draws itself. */
export const selfDrawing = (): Buffer => rawPage(stream("/X1 Do"), { more: [form("/X1 Do", "/X1 6 0 R")] });

/** Each drawing draws the next one ten times: a thousand million million words in under 3 KB. */
export function billionLaughs(levels = 15): Buffer {
  const more = Array.from({ length: levels }, (_, level) =>
    level === levels - 1 ? form(WORDS) : form("/X1 Do ".repeat(10), `/X1 ${level + 7} 0 R`),
  );
  return rawPage(stream("/X1 Do"), { more });
}

/** Spaces, packed twice. The file has a few hundred bytes for each hundred megabytes it unpacks to. */
export function flateBomb(unpackedMb: number): Buffer {
  const once = deflateSync(Buffer.alloc(unpackedMb * 1024 * 1024, " "), { level: constants.Z_BEST_SPEED });
  return rawPage(stream(deflateSync(once), "/Filter [/FlateDecode /FlateDecode]"));
}

/** Says it has two thousand million pages, and has one. */
export const boastfulCount = (): Buffer =>
  Buffer.from(rawPage(stream(WORDS)).toString("latin1").replace("/Count 1 ", "/Count 2000000000 "), "latin1");

/** Really has as many pages as it says, all of them the same one. */
export const manyPages = (count: number): Buffer =>
  rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${"3 0 R ".repeat(count)}] /Count ${count} >>`,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
  ]);

export const deepArray = (depth: number): Buffer =>
  rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox ${"[".repeat(depth)}0${"]".repeat(depth)} >>`,
  ]);

/** A program Windows would start, with a good PDF behind it. */
export const polyglot = (good: Buffer): Buffer => Buffer.concat([Buffer.from("MZ\x90\x00\x03"), Buffer.alloc(507), good]);

/** A good file cut in the middle of its table of contents. */
export const cutInXref = (good: Buffer): Buffer => good.subarray(0, good.lastIndexOf("trailer") - 30);

/** A good file whose last line points at the wrong place: readers repair it. */
export const wrongStartxref = (): Buffer =>
  Buffer.from(
    rawPage(stream(WORDS))
      .toString("latin1")
      .replace(/startxref\n\d+/, "startxref\n7"),
    "latin1",
  );

export const javascriptOnOpen = (): Buffer =>
  rawPage(stream(WORDS), { catalog: "/OpenAction << /S /JavaScript /JS (globalThis.ranFromPdf = true; process.exit\\(7\\)) >>" });

export const embeddedProgram = (): Buffer =>
  rawPage(stream(WORDS), {
    catalog: "/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>",
    more: ["<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", stream("MZ program", "/Type /EmbeddedFile")],
  });

/** Invisible to a person: render mode 3, white, one point, and off the page. */
export const hiddenText = (): Buffer =>
  rawPage(stream("BT 3 Tr 1 1 1 rg /F1 1 Tf 50 700 Td (Texte que personne ne voit) Tj 9000 9000 Td (hors de la page) Tj ET"));

export const outlineLoop = (): Buffer =>
  rawPage(stream(WORDS), {
    catalog: "/Outlines 6 0 R",
    more: ["<< /First 7 0 R /Last 7 0 R >>", "<< /Title (x) /Next 7 0 R /First 7 0 R >>"],
  });

/** Everything around the pages is broken, the page is good. */
export const brokenMetadata = (): Buffer =>
  rawPage(stream(WORDS), {
    catalog: "/Metadata 6 0 R /PageLabels 7 0 R /Outlines (no)",
    more: [stream("<x:xmpmeta><rdf:"), "<< /Nums 12 >>"],
  });

export const noPages = (): Buffer => rawPdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"]);

/** One page whose few bytes decode to as many letters as asked for. */
export function longPage(chars: number): Buffer {
  // 250 to a line of three points: what would stand beside the page is left out, and what is smaller is hidden.
  const content = `BT /F1 3 Tf 50 700 Td (${"a".repeat(250)}) Tj ET\n`.repeat(Math.ceil(chars / 250));
  return rawPage(stream(deflateSync(content), "/Filter /FlateDecode"));
}

export const noise = (): Buffer => Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(20_000), Buffer.from("\n%%EOF\n")]);
export const onlyItsEnds = (): Buffer => Buffer.from("%PDF-1.7\n%%EOF\n");
