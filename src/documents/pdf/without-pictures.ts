/** What decodes pictures and nothing else. A name pdf.js does not know is passed over: the picture's bytes stay as they are. */
const DECODERS = ["DCTDecode", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode"];
const SIZES = ["/Width", "/Height"];

/**
 * Makes every picture of a PDF one pixel large and takes its decoder away, in place; nothing moves.
 *
 * For the text only where pictures lie matters, which is not said by their own size. pdf.js decodes each picture of a
 * page to say that, which took 6 of 9.5 s for the corpus, and runs the decoders that attacks are written for.
 * A picture whose dictionary says these things by reference is decoded: that costs time and nothing else.
 */
export function withoutPictures(content: Buffer): void {
  for (const name of DECODERS) forEach(content, name, (end) => content.fill("x", end - 1, end));
  for (const name of SIZES) forEach(content, name, (end) => makeOne(content, end));
}

function forEach(content: Buffer, name: string, change: (end: number) => void): void {
  for (let at = content.indexOf(name); at !== -1; at = content.indexOf(name, at + 1)) change(at + name.length);
}

/** "/Width 2480" becomes "/Width 1   ". */
function makeOne(content: Buffer, end: number): void {
  let at = end;
  while (isSpace(content[at])) at += 1;
  if (at === end || !isDigit(content[at])) return;
  content.fill("1", at, at + 1);
  for (at += 1; isDigit(content[at]); at += 1) content.fill(" ", at, at + 1);
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
