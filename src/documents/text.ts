import { unreadable } from "./open-file.ts";

/** 0x80-0x9F as Windows wrote them, "\uFFFD" where it wrote nothing. Own table: Node 24.21's TextDecoder("windows-1252") leaves these
 *  bytes as control characters, so every "œ" and every curly apostrophe of an old file would be lost. */
const WINDOWS_1252 = "€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ";

/** Text of a text or Markdown file, in the encoding it really has. @throws Fault "unreadable-document" when it is no text at all */
export function decodeText(content: Uint8Array): string {
  return decode(content).replace(/\r\n?/g, "\n");
}

/** Pages of a plain text: a form feed begins a new one, as printers and pdftotext mean it. */
export const splitAtFormFeeds = (text: string): string[] => text.replace(/\f$/, "").split("\f");

function decode(content: Uint8Array): string {
  // What Windows Notepad calls "Unicode"; the mark is the only thing that tells it from a binary file.
  if (content[0] === 0xff && content[1] === 0xfe) return new TextDecoder("utf-16le").decode(content);
  if (content[0] === 0xfe && content[1] === 0xff) return new TextDecoder("utf-16be").decode(content);
  refuseBinary(content);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    // One byte that is not UTF-8 means another encoding, and for a French file that is Windows'.
    return decodeWindows1252(content);
  }
}

function decodeWindows1252(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    .toString("latin1")
    .replace(/[\u0080-\u009F]/g, (letter) => WINDOWS_1252[letter.charCodeAt(0) - 0x80] ?? "\uFFFD");
}

/** Control bytes other than tab, line and form feed, return and escape stand in no text. */
function refuseBinary(content: Uint8Array): void {
  let controls = 0;
  for (const byte of content) {
    if (byte === 0) throw notText();
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls += 1;
  }
  // A few are damage, not a binary: an old form may hold some.
  if (controls > content.length / 100) throw notText();
}

const notText = () => unreadable("it is named like a text and holds something else (a picture, a program …): remove it or rename it");
