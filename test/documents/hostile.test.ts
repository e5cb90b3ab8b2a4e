import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import type { PdfLimits } from "../../src/documents/pdf.ts";
import { readDocument } from "../../src/documents/read.ts";
import { documentsFolder } from "../support/folder.ts";
import * as hostile from "../support/hostile-pdf.ts";
import { pdfOf } from "../support/pdf.ts";

/** For the two that never end, so that they take seconds here; `PDF_LIMITS` says what holds in production. */
const SOON = { idleMs: 2_000, memoryBytes: 256 * 1024 * 1024 };
const GOOD_TEXT = "Le conseil municipal approuve les travaux du quai.";
const good = await pdfOf([GOOD_TEXT]);

const REFUSED: readonly (readonly [what: string, content: Buffer, says: RegExp, limits?: Partial<PdfLimits>])[] = [
  ["a file of 0 bytes", Buffer.alloc(0), /empty/],
  ["the first half of a good PDF", good.subarray(0, good.length / 2), /cut off/],
  ["a PDF cut inside its table of contents", hostile.cutInXref(good), /cut off/],
  ["a Windows program named .pdf", Buffer.concat([Buffer.from("MZ\x90\x00"), Buffer.alloc(500)]), /not a PDF/],
  ["a Linux program named .pdf", Buffer.concat([Buffer.from("\x7fELF"), Buffer.alloc(500)]), /not a PDF/],
  ["a web page named .pdf", Buffer.from("<!doctype html><title>404</title>%PDF-1.7 %%EOF"), /not a PDF/],
  ["a Word file named .pdf", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(500)]), /not a PDF/],
  ["a program with a good PDF behind it", hostile.polyglot(good), /not a PDF/],
  ["a good PDF with a program behind it", Buffer.concat([good, Buffer.from("MZ"), Buffer.alloc(5_000, 1)]), /cut off/],
  ["a PDF that asks for a password", await pdfOf(["Secret"], { userPassword: "sesame" }), /without a password/],
  ["a page tree that contains itself", hostile.kidsLoop(), /damaged/],
  ["a page with an array 200,000 deep", hostile.deepArray(200_000), /damaged/],
  ["a PDF without a page", hostile.noPages(), /damaged/],
  ["random bytes between a PDF's first and last line", hostile.noise(), /damaged/],
  ["nothing between a PDF's first and last line", hostile.onlyItsEnds(), /damaged/],
  ["a PDF of 100,000 pages in 600 KB", hostile.manyPages(100_000), /2000 pages: split/],
  ["a page of 3 million letters in 9 KB", hostile.longPage(3_000_000), /2000000 characters: split/],
  ["drawings that draw each other a thousand million times", hostile.billionLaughs(), /too much (time|memory)/, SOON],
  ["300 MB packed twice into 5 KB", hostile.flateBomb(300), /too much (memory|time)/, SOON],
];

const READ: readonly (readonly [what: string, content: Buffer, text: string])[] = [
  ["a PDF locked only against changes", await pdfOf([GOOD_TEXT], { ownerPassword: "sesame" }), GOOD_TEXT],
  ["a drawing that draws itself, as an empty page", hostile.selfDrawing(), ""],
  ["one page that claims to be two thousand million", hostile.boastfulCount(), "Le conseil approuve les travaux"],
  ["a PDF whose last line points to the wrong place", hostile.wrongStartxref(), "Le conseil approuve les travaux"],
  ["a PDF with a script to run on opening, without running it", hostile.javascriptOnOpen(), "Le conseil approuve les travaux"],
  ["a PDF with a program attached, without the program", hostile.embeddedProgram(), "Le conseil approuve les travaux"],
  ["a table of contents that leads to itself", hostile.outlineLoop(), "Le conseil approuve les travaux"],
  ["a good page among broken metadata", hostile.brokenMetadata(), "Le conseil approuve les travaux"],
  ["text in white on white, which is left out", await pdfOf([GOOD_TEXT], { colour: "white" }), ""],
  ["text no person can see, which is left out", hostile.hiddenText(), ""],
];

describe("a hostile or broken document", () => {
  for (const [what, content, says, limits = {}] of REFUSED) {
    it(`is refused with what to do, and the next one is read: ${what}`, async (t) => {
      const folder = await documentsFolder(t);
      const bad = await folder.put("bad.pdf", content);
      const read = readDocument(folder.root, bad, { signal: t.signal, limits });
      await assert.rejects(read, (fault) => fault instanceof Fault && fault.kind === "unreadable-document" && says.test(fault.message));
      await assertGoodIsRead(folder, t.signal);
    });
  }
  for (const [what, content, text] of READ) {
    it(`is read as far as it can be, and so is the next one: ${what}`, async (t) => {
      const folder = await documentsFolder(t);
      const odd = await folder.put("odd.pdf", content);
      const { pages } = await readDocument(folder.root, odd, { signal: t.signal });
      assert.deepEqual(
        pages.map((page) => page.text.trim()),
        [text],
      );
      await assertGoodIsRead(folder, t.signal);
    });
  }
});

async function assertGoodIsRead(folder: Awaited<ReturnType<typeof documentsFolder>>, signal: AbortSignal): Promise<void> {
  const { pages } = await readDocument(folder.root, await folder.put("good.pdf", good), { signal });
  assert.deepEqual(pages, [{ number: 1, text: GOOD_TEXT, readable: "text", flags: [] }]);
}
