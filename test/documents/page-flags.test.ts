import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PageFlag } from "../../src/documents/page.ts";
import { judge } from "../../src/documents/page-flags.ts";
import type { RawPage } from "../../src/documents/pdf/read-page.ts";
import { readPdf } from "../../src/documents/pdf.ts";
import { isPoorOcr } from "../../src/documents/poor-ocr.ts";
import type { Readable } from "../../src/documents/readable.ts";
import * as hostile from "../support/hostile-pdf.ts";
import { scanWith } from "../support/hostile-pictures.ts";
import { launcher } from "../support/hostile-streams.ts";
import { frenchText, pdfOf, rawPage, rawPdf } from "../support/pdf.ts";

const STAMP = "Envoyé en préfecture le 28/06/2024\nReçu en préfecture le 28/06/2024\nID : 029-212900047-20240627-DE2024_111-DE";
const raw = (change: Partial<RawPage>): RawPage => ({
  text: "",
  hidden: 0,
  off: 0,
  sheet: "",
  hadLigatures: false,
  pictureShare: 0,
  bareShare: 0,
  isDrawnOn: false,
  ...change,
});
/** As a bad OCR of the town's own calendar reads. */
const POOR = `PLANNING DE COLLECTE DES DECHETS ESQU1B1EN NORD lundi AUD1ERNE PLOUHlNEC mardi CONFORT MElLARS Bourg PONT-CR01X hypercentre irft|n`;

const PAGES: readonly (readonly [what: string, page: Partial<RawPage>, readable: Readable, flags: readonly PageFlag[]])[] = [
  ["a text", { text: frenchText(60) }, "text", []],
  ["a picture alone", { pictureShare: 1, isDrawnOn: true }, "empty", ["scan"]],
  ["lines that form letters", { isDrawnOn: true }, "empty", ["scan"]],
  ["nothing", {}, "empty", ["empty"]],
  ["a stamp on a picture", { text: STAMP, pictureShare: 1, isDrawnOn: true }, "stamp", ["stamp-only"]],
  [
    "wrong letters",
    { text: frenchText(60).replace(/[a-z]/g, (one) => String.fromCharCode(0xf000 + one.charCodeAt(0))) },
    "garbled",
    ["garbled"],
  ],
  ["a bad OCR under a picture", { text: POOR, pictureShare: 0.9, isDrawnOn: true }, "garbled", ["poor-ocr"]],
  ["the same words without a picture", { text: POOR, isDrawnOn: true }, "text", []],
  ["a good OCR under a picture", { text: frenchText(60), pictureShare: 1, isDrawnOn: true }, "text", []],
  ["text beside and hidden text on it", { text: frenchText(60), off: 2, hidden: 1 }, "text", ["hidden-text"]],
  ["one letter beside it", { text: frenchText(60), off: 1 }, "text", []],
  ["joined letters taken apart", { text: frenchText(60), hadLigatures: true }, "text", ["lost-ligatures"]],
];

describe("a page", () => {
  for (const [what, page, readable, flags] of PAGES) {
    it(`that shows ${what} is ${readable}, and says ${flags.join(" and ") || "nothing more"}`, () => {
      assert.deepEqual(judge([raw(page)]), [{ text: page.text ?? "", readable, flags }]);
    });
  }
});

describe("a sheet that lies under several pages", () => {
  const sheet = frenchText(200).replaceAll(" ", "");
  const [left, right] = [frenchText(60), frenchText(60, 3)];

  it("is read once when each page shows a part of it, and nothing of it is called hidden", () => {
    const pages = judge([raw({ text: left, sheet, off: 500 }), raw({ text: right, sheet, off: 500 })]);
    assert.deepEqual(pages, [
      { text: left, readable: "text", flags: ["imposed"] },
      { text: right, readable: "text", flags: ["imposed"] },
    ]);
  });
  it("is read once when every page shows all of it, and OCR is not asked to read it again", () => {
    const pages = judge([raw({ text: left, sheet }), raw({ text: "", isDrawnOn: true }), raw({ text: left, sheet })]);
    assert.deepEqual(
      pages.map((page) => [page.text, page.readable, page.flags]),
      [
        [left, "text", ["imposed"]],
        ["", "empty", ["scan"]],
        ["", "text", ["imposed"]],
      ],
    );
  });
  it("is not seen in two pages that share a title", () => {
    const title = { text: "Budget de la commune pour 2026", sheet: "Budgetdelacommunepour2026" };
    assert.deepEqual(
      judge([raw(title), raw(title)]).map((page) => page.flags.includes("imposed")),
      [false, false],
    );
  });
  it("is cut to what each page shows in a real file", async (t) => {
    const words = (at: number, text: string) =>
      `BT /F1 9 Tf ${at} 700 Td 11 TL ${text
        .match(/.{1,90}(?: |$)/g)
        ?.map((line) => `(${line}) Tj T*`)
        .join(" ")} ET`;
    const content = words(50, frenchText(120)) + words(645, frenchText(120, 5));
    const page = (box: string) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1190 842] /CropBox [${box}] /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> >>`;
    const { pages } = await readPdf(
      rawPdf([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        page("0 0 595 842"),
        page("595 0 1190 842"),
        { dictionary: "", stream: Buffer.from(content, "latin1") },
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
      ]),
      { signal: t.signal },
    );
    assert.deepEqual(
      pages.map(({ text, flags }) => [text.replace(/\s+/g, " ").trim(), flags]),
      [
        [frenchText(120), ["imposed"]],
        [frenchText(120, 5), ["imposed"]],
      ],
    );
  });
});

describe("a document", () => {
  for (const [what, make, isActive] of [
    ["with a script to run on opening", hostile.javascriptOnOpen, true],
    ["with a program attached", hostile.embeddedProgram, true],
    ["with a program to start", launcher, true],
    ["of text alone", () => pdfOf([frenchText(20)]), false],
    ["of a scan alone", () => scanWith(""), false],
  ] as const) {
    it(`${what} is ${isActive ? "" : "not "}called active`, async (t) => {
      assert.equal((await readPdf(await make(), { signal: t.signal })).activeContent, isActive);
    });
  }
});

describe("a page as the file has it", () => {
  it("is a scan when a picture covers it, a drawing when lines do, and empty when nothing is on it", async (t) => {
    const drawing = rawPage({ dictionary: "", stream: "0 0 m 100 100 l S" });
    const white = rawPage({ dictionary: "", stream: "1 g 0 0 595 842 re f" });
    const flags: (readonly PageFlag[] | undefined)[] = [];
    for (const content of [scanWith(""), drawing, white]) flags.push((await readPdf(content, { signal: t.signal })).pages[0]?.flags);
    assert.deepEqual(flags, [["scan"], ["scan"], ["empty"]]);
  });
});

describe("an OCR of bad quality", () => {
  const RIGHT: readonly string[] = [
    frenchText(100),
    "Arrêté n° PM2025-112 du 25/04/2025, article L2212-1 du CGCT, tél. 02.98.70.08.47, mairie@audierne.bzh, www.audierne.fr, RD765, 12h30, A4, 1er, 2ème étage, n°3bis, CO2, m2",
    "Ar c'huzul-kêr en deus asantet labourioù ar c'hae ha re ar sal gouelioù evit ur priz divizet gant ar maer, EELV, SNSM, CCCSPR, McDonald",
  ];
  it("is not seen in good French, in acts with numbers and addresses, or in Breton", () =>
    assert.deepEqual(RIGHT.map(isPoorOcr), [false, false, false]));
  it("is not judged by a few words", () => assert.equal(isPoorOcr("AUD1ERNE PLOUHlNEC"), false));
});
