import { deflateSync } from "node:zlib";
import { type RawObject, rawPage, rawPdf } from "./pdf.ts";

/** A picture that fills the page, and the page's own words over or under it. */
const pictureOn = (dictionary: string, data: Buffer, words = ""): Buffer =>
  rawPage(stream(`q 595 0 0 842 0 0 cm /X1 Do Q ${words}`), { more: [stream(data, `/Type /XObject /Subtype /Image ${dictionary}`)] });
const stream = (content: string | Buffer, dictionary = ""): RawObject => ({ dictionary, stream: content });

const GREY = "/ColorSpace /DeviceGray /BitsPerComponent 8";

/** A small grey picture over the whole page, as a scanner delivers it, and what its OCR laid over it. */
export const scanWith = (words: string): Buffer => pictureOn(`/Width 8 /Height 8 ${GREY}`, Buffer.alloc(64, 0xd0), words);

/** White everywhere, `side` pixels wide and high, in a few kilobytes for each thousand million pixels. */
export const hugePicture = (side: number): Buffer =>
  pictureOn(
    `/Width ${side} /Height ${side} ${GREY} /Filter /FlateDecode`,
    deflateSync(Buffer.alloc(Math.min(side * side, 2e8), 0xff), { level: 1 }),
  );

/** Says it is as large as no memory, and has one byte. */
export const boastfulPicture = (): Buffer => pictureOn(`/Width 2000000000 /Height 2000000000 ${GREY}`, Buffer.from([0]));

/** Pictures in the four formats that attacks are written for, with noise in place of each. */
export const noisePicture = (filter: string): Buffer =>
  pictureOn(
    `/Width 600 /Height 800 ${GREY} /Filter /${filter}`,
    Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 7_919) % 256)),
    WORDS,
  );

const WORDS = "BT /F1 12 Tf 50 700 Td (Le conseil approuve les travaux) Tj ET";

/** A black square in the upper left corner of 64 by 64 pixels, as JPEG 2000 (by OpenJPEG 2.5.0). */
const JPEG_2000 = `
AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAQAAAAEAAAQcHAAAAAAAPY29scgEAAAAAABEAAAFzanAyY/9P/1EA
KQAAAAAAQAAAAEAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAAAQcBAf9SAAwAAAABAAUEBAAB/1wAE0BASEhQSEhQSEhQSEhQSEhQ/2QAJQABQ3JlYXRlZCBi
eSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4w/5AACgAAAAAA8gAB/5PfgDAHs+kMIt/PwBp+ANB9QKANMRmW97cLVSTM9b8Jbdbiv8/ALn4BcH1A4BX/XVACTp5o
duJuFfw2iiWPYNuGjbUV/CqQ62Aaz8BCfgIQ+0IAIW0CXddnUV3eLmUY7g0ovwDK0lED1jD5D1+qJsFjKr8k3Tq0ztne1c/AWn4C0PtCQDXyN5yFGFfj2K3P
bY+v1mXZ5DoJX39naoHKb4n9KcHaWibxDrY0rdVfxSKPgv86sujVpy5/z8A+fgIQfUCAyDH34ZTIayTPX74rNq9/yDHwJBcH0GLiSOh5G0v/f8gx+wv/2Q==`;
export const jpeg2000 = (): Buffer => pictureOn("/Width 64 /Height 64 /Filter /JPXDecode", Buffer.from(JPEG_2000, "base64"));

/** A page with another sheet than A4, or none that makes sense. */
export const withMediaBox = (box: string): Buffer =>
  rawPdf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] >>`,
  ]);
