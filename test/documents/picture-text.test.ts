import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { before, describe, it } from "node:test";
import PDFDocument from "pdfkit";
import { acceptOcr, type OcrRequest, type OcrWord } from "../../src/capabilities/ocr/contract.ts";
import { tesseract } from "../../src/capabilities/ocr/tesseract.ts";
import { readConfig } from "../../src/config.ts";
import type { PageFlag } from "../../src/documents/page.ts";
import { bareShare } from "../../src/documents/pdf/bare-pictures.ts";
import { readPdf } from "../../src/documents/pdf.ts";
import { pictureText } from "../../src/documents/picture-text.ts";
import { readPages } from "../../src/documents/read-pages.ts";
import { openPictures } from "../../src/documents/render.ts";
import { frenchText } from "../support/pdf.ts";
import { sampleScan } from "../support/scan.ts";

const CAPTION =
  "Annexe à la délibération du conseil municipal de Port-Kerelec. Les habitants trouvent ci-dessous l’arrêté que le maire a pris";
const TYPED = `${CAPTION} pour la rue de la Cale-Neuve, tel qu’il a été affiché à la mairie.`;
let order: OcrRequest;
before(async () => {
  order = await sampleScan();
});

/** A page with typed words at its head, and a picture below them. */
async function pageWith(typed: string, fit: readonly [number, number], top: number): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  const bytes = buffer(document);
  document.addPage({ size: "A4" }).image(Buffer.from(order.png), 0, top, { fit });
  document.text(typed, 50, 40, { width: 480 });
  document.end();
  return await bytes;
}

/** The order as a picture that was turned by a quarter before it came into the file. */
async function onItsSide(): Promise<Buffer> {
  const upright = await pageWith("", [595, 842], 0);
  const opened = await openPictures(upright, { signal: new AbortController().signal });
  const { png } = await opened.render({ page: 1, turn: 90 }, new AbortController().signal).finally(opened.close);
  const document = new PDFDocument({ autoFirstPage: false });
  const bytes = buffer(document);
  document.addPage({ size: "A4", layout: "landscape" }).image(Buffer.from(png), 0, 0, { fit: [842, 595] });
  document.end();
  return await bytes;
}

/** Read as the product reads it, by the packaged Tesseract. */
async function readAsItIs(content: Buffer, signal: AbortSignal) {
  const { pages } = await readPdf(content, { signal });
  const engine = tesseract(readConfig({ TESSERACT_BIN: "packaged" }));
  const steps: string[] = [];
  const read = await readPages(
    pages.map((page, index) => ({ number: index + 1, ...page })),
    "pdf",
    {
      signal,
      pictures: async () => {
        const opened = await openPictures(content, { signal });
        return { page: (page, turn) => opened.render({ page, turn }, signal), close: opened.close };
      },
      async ocr(request) {
        const result = acceptOcr(await engine.call(request, { signal }));
        return { kind: "answered", result, by: { provider: engine.name, model: result.model, site: engine.site, attempts: [] } };
      },
      once: (step, ask) => {
        steps.push(step);
        return ask();
      },
    },
  );
  assert.ok(read.kind === "read");
  const [page] = read.pages;
  assert.ok(page !== undefined);
  return { page, steps };
}

describe("a page with a text of its own", () => {
  for (const [what, typed, fit, top] of [
    ["an order that was scanned in below typed words", TYPED, [595, 720], 110],
    ["an order whose scan lies under typed words", TYPED, [595, 842], 0],
    ["a poster under a title", "Affiche de la fête du port", [420, 560], 200],
  ] as const) {
    it(`and ${what}: both are read, the typed words once and first`, async (test) => {
      const { page, steps } = await readAsItIs(await pageWith(typed, fit, top), test.signal);
      assert.deepEqual([page.reading.source, steps.map((step) => step.replace(/^ocr-\d+-/, ""))], ["both", ["picture-on-page-1"]]);
      assert.match(page.text, /La circulation est interdite rue de la Cale-Neuve, entre le quai des Goémoniers/);
      assert.equal(page.text.split(typed.slice(0, 24)).length, 2);
      assert.ok(page.text.startsWith(typed.slice(0, 24)));
      assert.ok((page.reading.confidence ?? 0) > 80);
      // What OCR thinks of the typed words is no reason to doubt them.
      assert.ok(!page.scan?.words.some(({ text }) => text.includes(typed.split(" ")[0] ?? "")));
    });
  }

  it("and a small picture is read by nobody else", async (test) => {
    const { page, steps } = await readAsItIs(await pageWith(TYPED, [150, 200], 200), test.signal);
    assert.deepEqual([page.reading.source, steps], ["text-layer", []]);
  });
});

describe("what a picture says beyond the text", () => {
  const word = (text: string, confidence = 92): OcrWord => ({ text, confidence, box: [0, 0, 0.1, 0.02] });
  const scanOf = (lines: readonly string[], confidence?: number) => ({
    text: lines.join("\n"),
    words: lines.flatMap((line) => line.split(" ").map((one) => word(one, confidence))),
  });
  const POSTER = [
    "Fête du port, samedi 8 août 2026",
    "Régate des vieux gréements à quatorze heures",
    "Entrée libre, repas sur réservation",
  ];

  it("is its lines, in order", () =>
    assert.deepEqual(pictureText(frenchText(40), scanOf(POSTER)), {
      text: POSTER.join("\n"),
      confidence: 92,
      words: scanOf(POSTER).words,
    }));
  it("is nothing when the text has those lines already, a misread word in each or not", () => {
    const own = `${frenchText(20)}\n${POSTER.join("\n")}`;
    assert.equal(pictureText(own, scanOf(POSTER)), undefined);
    assert.equal(pictureText(own, scanOf(POSTER.map((line) => line.replace("e", "c")))), undefined);
  });
  it("has a line that only shares its words with the text", () => {
    const own = "repas du samedi, entrée du port, sur quatorze vieux gréements: réservation libre, régate en fête des 8 heures à août 2026";
    assert.equal(pictureText(own, scanOf(POSTER))?.text, POSTER.join("\n"));
  });
  it("is nothing of a photograph: few words, or words of which the engine is not sure", () => {
    assert.equal(pictureText(frenchText(40), scanOf(["BAR DU PORT", "MAIRIE"])), undefined);
    assert.equal(pictureText(frenchText(40), scanOf(POSTER, 55)), undefined);
    assert.equal(pictureText(frenchText(40), scanOf(Array.from({ length: 40 }, (_, at) => `~ | ${at}`))), undefined);
  });
});

describe("what pictures cover and no letter stands on", () => {
  const view = [0, 0, 320, 320] as const;
  const letters = Array.from({ length: 1_024 }, (_, at) => [(at % 32) * 10 + 5, Math.floor(at / 32) * 10 + 5] as const);
  it("is half of a page for a picture in its lower half, and is not counted twice", () => {
    assert.equal(bareShare([[0, 0, 320, 160]], [], view), 0.5);
    assert.equal(
      bareShare(
        [
          [0, 0, 320, 160],
          [0, 0, 320, 160],
        ],
        [],
        view,
      ),
      0.5,
    );
  });
  it("is nothing for the paper behind a text, and for no picture", () => {
    assert.equal(bareShare([[0, 0, 320, 320]], letters, view), 0);
    assert.equal(bareShare([], letters, view), 0);
  });
  it("is what lies below the text of a page that a picture covers", () => {
    const share = bareShare(
      [[-50, -50, 900, 900]],
      letters.filter(([, y]) => y > 240),
      view,
    );
    assert.ok(share > 0.7 && share < 0.75, `${share}`);
  });
  it("is nothing on a page without an area, and of a picture beside the page", () => {
    assert.equal(bareShare([[0, 0, 9, 9]], [], [0, 0, 0, 0]), 0);
    assert.equal(bareShare([[400, 400, 900, 900]], [], view), 0);
  });
});

it("a scan on its side that the engine turns by itself is read, and said to be turned", async (test) => {
  const { page } = await readAsItIs(await onItsSide(), test.signal);
  assert.match(page.text, /La circulation est interdite rue de la Cale-Neuve/);
  assert.deepEqual([page.reading.source, page.reading.flags], ["ocr", ["scan", "rotated"]]);
});

it("only a page whose text counts is said to have a large picture", async (test) => {
  const flags: (readonly PageFlag[] | undefined)[] = [];
  for (const typed of [TYPED, "Annexe"]) {
    const { pages } = await readPdf(await pageWith(typed, [595, 720], 110), { signal: test.signal });
    flags.push(pages[0]?.flags);
  }
  assert.deepEqual(flags, [["large-picture"], ["stamp-only"]]);
});
