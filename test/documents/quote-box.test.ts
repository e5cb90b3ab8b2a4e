import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { documentResult } from "../../jobs/document-result.ts";
import type { OcrRequest, OcrWord, Turn } from "../../src/capabilities/ocr/contract.ts";
import { tesseract } from "../../src/capabilities/ocr/tesseract.ts";
import { readConfig } from "../../src/config.ts";
import type { Box, DocumentResult, Evidence } from "../../src/documents/analysis.ts";
import { withBoxes } from "../../src/documents/quote-box.ts";
import { type ReadPage, readPages } from "../../src/documents/read-pages.ts";
import { turned } from "../../src/documents/upright.ts";
import { sampleScan } from "../support/scan.ts";

/** Words on lines, each a tenth of the page wide and a twentieth high. */
const wordsOf = (...lines: readonly string[]): readonly OcrWord[] =>
  lines.flatMap((line, row) =>
    line.split(" ").map((text, column): OcrWord => ({ text, confidence: 90, box: [0.1 + column / 10, 0.2 + row / 20, 0.1, 0.04] })),
  );
const pageOf = (words: readonly OcrWord[], text: string, turn: Turn = 0): ReadPage => ({
  number: 1,
  text,
  reading: { page: 1, source: "ocr", confidence: 90, flags: ["scan"] },
  scan: { words, turn },
});
const scanned = (lines: readonly string[], turn?: Turn): ReadPage => pageOf(wordsOf(...lines), lines.join("\n"), turn);

const quoted = (text: string, page = 1) => ({
  act: { kind: "arrete", number: null, date: null, title: null } as const,
  summary: [],
  themes: [],
  claims: [{ about: "lieu", value: "x", evidence: { kind: "found", page, text, edits: 0 }, figures: "no-figures" } as const],
  quotes: { checked: 1, found: 1 },
});
function boxOf(text: string, pages: readonly ReadPage[], page = 1): Box | undefined {
  const evidence = withBoxes(quoted(text, page), pages).claims[0]?.evidence;
  return evidence?.kind === "found" ? evidence.box : undefined;
}

const LINES = ["Le conseil a déli-", "béré le 3 mai", "au port (cale du", "Môle) le 3 juin"];

describe("the place of a quote on a page read by OCR", () => {
  it("is around the words it is made of, and no others", () => {
    assert.deepEqual(boxOf("conseil a", [scanned(LINES)]), { left: 0.2, top: 0.2, width: 0.2, height: 0.04, turn: 0 });
  });
  it("goes over line ends, a word that was cut in two, and half a word at its edge", () => {
    assert.deepEqual(boxOf("délibéré le", [scanned(LINES)]), { left: 0.1, top: 0.2, width: 0.4, height: 0.09, turn: 0 });
    assert.deepEqual(boxOf("cale du Môle", [scanned(LINES)]), { left: 0.1, top: 0.3, width: 0.4, height: 0.09, turn: 0 });
  });
  it("says by which turn of the page it is told", () => assert.equal(boxOf("conseil", [scanned(LINES, 270)])?.turn, 270));
  it("is told upright where the engine read a page that lies on its side or head", () => {
    const upright = scanned(LINES);
    const box = boxOf("conseil a", [upright]);
    for (const turn of [90, 180, 270] as const) {
      const words = wordsOf(...LINES).map((word) => ({ ...word, box: turned(word.box, turn) }));
      assert.deepEqual(boxOf("conseil a", [pageOf(words, upright.text)]), { ...box, turn: 360 - turn });
    }
  });
  it("is not told where the words do not say how they lie", () => {
    const heap = wordsOf("mot").map((word) => ({ ...word, box: [0.5, 0.5, 0.1, 0.1] as const }));
    assert.equal(boxOf("mot", [pageOf(heap, "mot")]), undefined);
  });
  it("is not told of a phrase that stands there twice: it could be either", () => assert.equal(boxOf("le 3", [scanned(LINES)]), undefined));
  it("is not told of a page with a text of its own, nor of another page", () => {
    const { scan: _, ...own } = scanned(LINES);
    assert.equal(boxOf("conseil a", [own]), undefined);
    assert.equal(boxOf("conseil a", [scanned(LINES)], 2), undefined);
  });
  it("is not told where the quote has a mask, which is not what stands on the paper; a quote without one keeps its place", () => {
    const page = pageOf(wordsOf("Jeanne Kervella : je le", "demande au maire"), "Intervenant_1 : je le\ndemande au maire");
    assert.equal(boxOf("Intervenant_1 : je le", [page]), undefined);
    assert.ok(boxOf("je le demande", [page]));
  });
  it("is told of what the act says of itself, of its number and of themes, and changes nothing else", () => {
    const found: Evidence = { kind: "found", page: 1, text: "béré le 3 mai", edits: 0 };
    const fact = { value: "x", page: 1, text: "au port" };
    const none = { author: null, places: [], legalReferences: [], amounts: [] };
    const merged: Pick<DocumentResult, "act" | "stated" | "summary" | "themes" | "claims" | "quotes"> = {
      ...quoted("conseil"),
      act: { kind: "arrete", number: { about: "numero", value: "3", evidence: found, figures: "agree" }, date: null, title: null },
      themes: [{ category: "culture", title: "x", keywords: [], evidence: [found, { kind: "not-found", page: 1 }] }],
      stated: { ...none, deadlines: [fact] },
    };
    const placed = withBoxes(merged, [scanned(LINES)]);
    const withoutBoxes = JSON.parse(JSON.stringify(placed, (key, value: unknown) => (key === "box" ? undefined : value))) as unknown;
    assert.deepEqual(withoutBoxes, merged);
    assert.equal(JSON.stringify(placed).match(/"box":/g)?.length, 4);
    assert.equal(withBoxes(merged, []), merged);
  });
});

describe("the stored result of a document read by OCR", () => {
  it("has the places of its quotes, and the words themselves nowhere", () => {
    const result = documentResult({
      payload: { kind: "document", sha256: "a".repeat(64), files: ["a.pdf"] },
      text: { format: "pdf", bytes: 1, sha256: "a".repeat(64), pages: [], activeContent: false },
      pages: [scanned(LINES)],
      startedAt: new Date("2026-11-25T12:00:00Z"),
      answers: [],
      readBy: [],
      speakersMasked: 0,
      merged: quoted("conseil a"),
    });
    const [claim] = result.claims;
    assert.ok(claim?.evidence.kind === "found" && claim.evidence.box !== undefined);
    assert.doesNotMatch(JSON.stringify(result), /"words"|déli/);
  });
});

describe("a quote of the sample scan, read by the real engine", () => {
  const SENTENCE = "La circulation est interdite rue de la Cale-Neuve";
  const engine = tesseract(readConfig({}));
  const read = (request: OcrRequest) => engine.call(request, { signal: new AbortController().signal });
  let upright: OcrRequest;
  before(async () => {
    upright = await sampleScan();
  });

  /** The picture turned clockwise, or a part of it. */
  async function drawn(
    { png, width, height, dpi }: OcrRequest,
    turn: Turn,
    part: Pick<Box, "left" | "top" | "width" | "height">,
  ): Promise<OcrRequest> {
    const [w, h] = turn % 180 === 0 ? [width, height] : [height, width];
    const canvas = createCanvas(Math.ceil(w * part.width), Math.ceil(h * part.height));
    const context = canvas.getContext("2d");
    context.translate(w / 2 - w * part.left, h / 2 - h * part.top);
    context.rotate((turn * Math.PI) / 180);
    context.drawImage(await loadImage(Buffer.from(png)), -width / 2, -height / 2, width, height);
    return { png: canvas.toBuffer("image/png"), width: canvas.width, height: canvas.height, dpi, languages: ["fra"] };
  }
  const WHOLE = { left: 0, top: 0, width: 1, height: 1 };

  for (const lies of [0, 90, 180] as const) {
    it(`is what one reads in its box, and the box is told upright, on a page that lies turned by ${lies}`, async () => {
      const asLaid = await drawn(upright, lies, WHOLE);
      const outcome = await readPages([{ number: 1, text: "", readable: "empty", flags: ["scan"] }], "pdf", {
        signal: new AbortController().signal,
        pictures: async () => ({ page: (_, turn) => drawn(asLaid, turn, WHOLE), close: async () => {} }),
        ocr: async (request) => ({
          kind: "answered",
          result: await read(request),
          by: { provider: "tesseract", model: "x", site: { kind: "local" }, attempts: [] },
        }),
        once: (_, ask) => ask(),
      });
      assert.ok(outcome.kind === "read");
      const box = boxOf(SENTENCE, outcome.pages);
      assert.ok(box);
      assert.equal(box.turn, (360 - lies) % 360);
      assert.ok(Math.abs(box.left - 0.095) < 0.01 && Math.abs(box.top - 0.389) < 0.01, JSON.stringify(box));
      const margin = 0.004;
      const part = { left: box.left - margin, top: box.top - margin, width: box.width + 2 * margin, height: box.height + 2 * margin };
      const { text } = await read(await drawn(asLaid, box.turn, part));
      assert.ok(text.replace(/\s+/g, " ").includes(SENTENCE), text);
    });
  }
});
