import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import type { PdfLimits } from "../../src/documents/pdf.ts";
import { readDocument } from "../../src/documents/read.ts";
import { documentsFolder } from "../support/folder.ts";
import * as hostile from "../support/hostile-pdf.ts";
import { boastfulPicture, hugePicture, noisePicture, withMediaBox } from "../support/hostile-pictures.ts";
import * as streams from "../support/hostile-streams.ts";
import { pdfOf } from "../support/pdf.ts";

/** For those that never end, so that they take seconds here; `PDF_LIMITS` says what holds in production. */
const SOON = { idleMs: 1_500, memoryBytes: 256 * 1024 * 1024 };
/** What a document may cost the worker itself, and how long the next one may wait behind it. */
const MAX_GROWTH = 50 * 1024 * 1024;
const MAX_WAIT_MS = 60_000;
const GOOD_TEXT = "Le conseil municipal approuve les travaux du quai.";
const SHORT_TEXT = "Le conseil approuve les travaux";
const good = await pdfOf([GOOD_TEXT]);
const TOO_MUCH = /too much (time|memory)/;

type Make = () => Buffer | Promise<Buffer>;
const REFUSED: readonly (readonly [what: string, make: Make, says: RegExp, limits?: Partial<PdfLimits>])[] = [
  ["a file of 0 bytes", () => Buffer.alloc(0), /empty/],
  ["one byte", () => Buffer.from("%"), /not a PDF/],
  ["a PDF behind a mark of text files", () => Buffer.concat([Buffer.from("\uFEFF"), good]), /not a PDF/],
  ["the first half of a good PDF", () => good.subarray(0, good.length / 2), /cut off/],
  ["a PDF cut inside its table of contents", () => hostile.cutInXref(good), /cut off/],
  ["a Windows program named .pdf", () => Buffer.concat([Buffer.from("MZ\x90\x00"), Buffer.alloc(500)]), /not a PDF/],
  ["a Linux program named .pdf", () => Buffer.concat([Buffer.from("\x7fELF"), Buffer.alloc(500)]), /not a PDF/],
  ["a web page named .pdf", () => Buffer.from("<!doctype html><title>404</title>%PDF-1.7 %%EOF"), /not a PDF/],
  ["a Word file named .pdf", () => Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(500)]), /not a PDF/],
  ["a program with a good PDF behind it", () => hostile.polyglot(good), /not a PDF/],
  ["a good PDF with a program behind it", () => Buffer.concat([good, Buffer.from("MZ"), Buffer.alloc(5_000, 1)]), /cut off/],
  ["a PDF that asks for a password", () => pdfOf(["Secret"], { userPassword: "sesame" }), /without a password/],
  ["a PDF locked with noise for keys", streams.brokenLock, /without a password/],
  ["a PDF locked in a way that does not exist", streams.unknownLock, /damaged/],
  ["a page tree that contains itself", hostile.kidsLoop, /damaged/],
  ["a page with an array 200,000 deep", () => hostile.deepArray(200_000), /damaged/],
  ["a PDF without a page", hostile.noPages, /damaged/],
  ["random bytes between a PDF's first and last line", hostile.noise, /damaged/],
  ["nothing between a PDF's first and last line", hostile.onlyItsEnds, /damaged/],
  ["a PDF of 100,000 pages in 600 KB", () => hostile.manyPages(100_000), /2000 pages: split/],
  ["a PDF of a million pages in 6 MB", () => hostile.manyPages(1_000_000), /2000 pages: split|too much time/],
  ["a page of more letters than allowed", () => hostile.longPage(30_000), /20000 characters: split/, { chars: 20_000 }],
  ["drawings that draw each other a thousand million times", hostile.billionLaughs, TOO_MUCH, SOON],
  ["a gigabyte packed once", () => streams.packedOnce(1_024), TOO_MUCH, SOON],
  ["ten gigabytes packed twice", () => streams.packedTwice(10_240), TOO_MUCH, SOON],
  ["a gigabyte of one letter, packed in two ways", () => streams.runLengthBomb(1_024), TOO_MUCH, SOON],
  ["a page's program of twenty million steps", () => streams.endlessProgram(5_000_000), TOO_MUCH, SOON],
  ["a hundred thousand states within each other", () => streams.deepStates(100_000), TOO_MUCH, SOON],
];

const READ: readonly (readonly [what: string, make: Make, text: string])[] = [
  ["a PDF locked only against changes", () => pdfOf([GOOD_TEXT], { ownerPassword: "sesame" }), GOOD_TEXT],
  ["a drawing that draws itself, as an empty page", hostile.selfDrawing, ""],
  ["a font that draws itself", streams.selfDrawingFont, "L"],
  ["a font made of noise", streams.noiseFont, "L"],
  ["a font with four thousand million letters", streams.boundlessLetters, "L"],
  ["one page that claims to be two thousand million", hostile.boastfulCount, SHORT_TEXT],
  ["a PDF whose last line points to the wrong place", hostile.wrongStartxref, SHORT_TEXT],
  ["a PDF whose table of contents sends to itself", streams.xrefLoop, SHORT_TEXT],
  ["a stream that claims to be four gigabytes", streams.boundlessLength, SHORT_TEXT],
  ["a stream that claims to be less than nothing", streams.negativeLength, SHORT_TEXT],
  ["a packed part that lies within itself", streams.objectStreamLoop, SHORT_TEXT],
  ["resources that are their own", streams.parentLoop, SHORT_TEXT],
  ["a page whose sheet and content are each other, as an empty page", streams.referenceLoop, ""],
  ["pages within pages, five hundred deep, as an empty page", () => streams.deepTree(500), ""],
  ["a thousand states within each other", () => streams.deepStates(1_000), SHORT_TEXT],
  ["a hundred thousand marks within each other", () => streams.deepMarks(100_000), SHORT_TEXT],
  ["a PDF with a script to run on opening, without running it", hostile.javascriptOnOpen, SHORT_TEXT],
  ["a PDF with a program to start on opening, without starting it", streams.launcher, SHORT_TEXT],
  ["a PDF with a program attached, without the program", hostile.embeddedProgram, SHORT_TEXT],
  ["an outline that leads to itself", hostile.outlineLoop, SHORT_TEXT],
  ["a good page among broken metadata", hostile.brokenMetadata, SHORT_TEXT],
  ["a sheet of three thousand kilometres, as an empty page", () => withMediaBox("0 0 9000000000 9000000000"), ""],
  ["a picture of 200 million pixels, not unpacked", () => hugePicture(14_000), ""],
  ["a picture that claims four million million million pixels", boastfulPicture, ""],
  ["noise for a picture in JPEG", () => noisePicture("DCTDecode"), SHORT_TEXT],
  ["noise for a picture in JPEG 2000", () => noisePicture("JPXDecode"), SHORT_TEXT],
  ["noise for a picture in JBIG2", () => noisePicture("JBIG2Decode"), SHORT_TEXT],
  ["noise for a picture as a fax", () => noisePicture("CCITTFaxDecode"), SHORT_TEXT],
  ["text in white on white, which is left out", () => pdfOf([GOOD_TEXT], { colour: "white" }), ""],
  ["text no person can see, which is left out", hostile.hiddenText, ""],
];

describe("a hostile or broken document", () => {
  for (const [what, make, says, limits = {}] of REFUSED) {
    it(`is refused with what to do, costs the worker little, and the next one is read: ${what}`, async (t) => {
      const folder = await documentsFolder(t);
      const bad = await folder.put("bad.pdf", await make());
      await withGoodBehind(folder, t.signal, async () => {
        const read = readDocument(folder.root, bad, { signal: t.signal, limits });
        await assert.rejects(read, (fault) => fault instanceof Fault && fault.kind === "unreadable-document" && says.test(fault.message));
      });
    });
  }
  for (const [what, make, text] of READ) {
    it(`is read as far as it can be, costs the worker little, and so is the next one: ${what}`, async (t) => {
      const folder = await documentsFolder(t);
      const odd = await folder.put("odd.pdf", await make());
      await withGoodBehind(folder, t.signal, async () => {
        const { pages } = await readDocument(folder.root, odd, { signal: t.signal });
        assert.deepEqual(
          pages.map((page) => page.text.trim()),
          [text],
        );
      });
    });
  }
});

/** Reads a good document that waits in line behind a bad one, and watches what this process, the worker, holds meanwhile. */
async function withGoodBehind(
  folder: Awaited<ReturnType<typeof documentsFolder>>,
  signal: AbortSignal,
  readBad: () => Promise<void>,
): Promise<void> {
  const next = await folder.put("good.pdf", good);
  const startedMs = performance.now();
  const memory = watchMemory();
  const [, { pages }] = await Promise.all([readBad(), readDocument(folder.root, next, { signal })]).finally(memory.stop);
  const grownBytes = memory.most();
  assert.deepEqual(pages, [{ number: 1, text: GOOD_TEXT, readable: "text", flags: [] }]);
  assert.ok(performance.now() - startedMs < MAX_WAIT_MS);
  assert.ok(grownBytes < MAX_GROWTH, `the worker grew by ${(grownBytes / 1024 / 1024).toFixed()} MB`);
}

function watchMemory() {
  const startBytes = process.memoryUsage.rss();
  let most = startBytes;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 20);
  return {
    stop() {
      look();
      clearInterval(timer);
    },
    most: () => most - startBytes,
  };
}
