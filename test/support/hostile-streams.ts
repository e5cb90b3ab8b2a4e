import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { WORDS } from "./hostile-pdf.ts";
import { type RawObject, rawPage, rawPdf } from "./pdf.ts";

const stream = (content: string | Buffer, dictionary = ""): RawObject => ({ dictionary, stream: content });
const KIDS = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"];

/** Spaces, packed once, without ever holding them unpacked: one packed piece of 16 MB over and over. */
function spaces(unpackedMb: number): Buffer {
  const piece = deflateRawSync(Buffer.alloc(16 * 1024 * 1024, " "), { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_FULL_FLUSH });
  const end = Buffer.from([0x03, 0x00, 0, 0, 0, 0]);
  return Buffer.concat([Buffer.from([0x78, 0x01]), ...Array.from({ length: Math.ceil(unpackedMb / 16) }, () => piece), end]);
}

export const packedOnce = (unpackedMb: number): Buffer => rawPage(stream(spaces(unpackedMb), "/Filter /FlateDecode"));
export const packedTwice = (unpackedMb: number): Buffer =>
  rawPage(stream(deflateSync(spaces(unpackedMb)), "/Filter [/FlateDecode /FlateDecode]"));

/** The same byte 128 times, for each two bytes. */
export const runLengthBomb = (unpackedMb: number): Buffer =>
  rawPage(stream(deflateSync(Buffer.alloc(unpackedMb * 16 * 1024, Buffer.from([0x81, 0x20]))), "/Filter [/FlateDecode /RunLengthDecode]"));

/** A page's program that goes on and on, and paints nothing. */
export const endlessProgram = (steps: number): Buffer =>
  rawPage(stream(deflateSync(Buffer.alloc(steps * 20, "q 1 0 0 1 0 0 cm Q \n")), "/Filter /FlateDecode"));

/** States saved within each other, never restored. */
export const deepStates = (depth: number): Buffer => rawPage(stream(`${"q ".repeat(depth)}${WORDS}`));
export const deepMarks = (depth: number): Buffer => rawPage(stream(`${"/P BMC ".repeat(depth)}${WORDS}`));

/** A font whose file is noise, one whose table of letters covers four thousand million, and one that draws itself. */
export const noiseFont = (): Buffer =>
  withFont("/Subtype /TrueType /BaseFont /Noise /FontDescriptor 6 0 R", [
    "<< /Type /FontDescriptor /FontName /Noise /Flags 32 /FontFile2 7 0 R >>",
    stream(Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 31) % 251)), "/Length1 5000"),
  ]);
export const boundlessLetters = (): Buffer =>
  withFont("/Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R", [
    stream("1 begincodespacerange <00> <FFFFFFFF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange"),
  ]);
export const selfDrawingFont = (): Buffer =>
  withFont(
    "/Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 76 /LastChar 76 /Widths [9] /Encoding << /Differences [76 /L] >> /CharProcs << /L 6 0 R >> /Resources << /Font << /F1 5 0 R >> >>",
    [stream("9 0 d0 BT /F1 1 Tf (L) Tj ET")],
  );

function withFont(font: string, more: readonly RawObject[]): Buffer {
  return rawPdf([
    ...KIDS,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    stream("BT /F1 12 Tf 50 700 Td (L) Tj ET"),
    `<< /Type /Font ${font} >>`,
    ...more,
  ]);
}

/** Pages within pages within pages. */
export function deepTree(depth: number): Buffer {
  const nodes = Array.from({ length: depth }, (_, level) => `<< /Type /Pages /Kids [${level + 3} 0 R] /Count 1 >>`);
  return rawPdf(["<< /Type /Catalog /Pages 2 0 R >>", ...nodes, "<< /Type /Page /MediaBox [0 0 595 842] >>"]);
}

/** A table of contents that sends its reader to itself. */
export const xrefLoop = (): Buffer => changed((text, at) => text.replace("/Root", `/Prev ${at} /Root`));
/** A dictionary that says it is locked in a way that does not exist, and one whose keys are noise. */
export const unknownLock = (): Buffer => changed((text) => text.replace("/Root", "/Encrypt << /Filter /Nothing /V 99 >> /Root"));
export const brokenLock = (): Buffer =>
  changed((text) =>
    text.replace("/Root", "/Encrypt << /Filter /Standard /V 2 /R 3 /O (x) /U (y) /P -4 /Length 128 >> /ID [(a) (b)] /Root"),
  );
/** A length that is not there, and one that is less than nothing. */
export const boundlessLength = (): Buffer => changed((text) => text.replace(/\/Length \d+/, "/Length 4294967296"));
export const negativeLength = (): Buffer => changed((text) => text.replace(/\/Length \d+/, "/Length -5"));
/** Objects that are each other, instead of being something. */
export const referenceLoop = (): Buffer =>
  rawPdf([...KIDS, "<< /Type /Page /Parent 2 0 R /MediaBox 4 0 R /Contents 5 0 R >>", "5 0 R", "4 0 R"]);
/** A packed part of the file that says it lies within itself. */
export const objectStreamLoop = (): Buffer =>
  rawPage(stream(WORDS), { catalog: "/Names 6 0 R", more: [stream("6 0 << >>", "/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")] });
/** A parent that is the child's child. */
export const parentLoop = (): Buffer =>
  rawPage(stream(WORDS), { page: "/Resources 6 0 R", more: ["<< /Font << /F1 5 0 R >> /Parent 3 0 R /XObject 6 0 R >>"] });
/** A name for each thing it starts: a program. */
export const launcher = (): Buffer => rawPage(stream(WORDS), { catalog: "/OpenAction << /S /Launch /F (cmd.exe) >>" });

function changed(change: (text: string, xrefAt: number) => string): Buffer {
  const text = rawPage(stream(WORDS)).toString("latin1");
  return Buffer.from(change(text, text.lastIndexOf("xref\n0 ")), "latin1");
}
