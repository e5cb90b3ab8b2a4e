import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Turn } from "../../src/capabilities/ocr/contract.ts";
import type { Box } from "../../src/documents/analysis.ts";
import { reportHtml } from "../../src/documents/report-html.ts";
import { reportMarkdown } from "../../src/documents/report-markdown.ts";
import { placeSketch, placeWords } from "../../src/documents/report-place.ts";
import { ANALYSED, READ_SCAN } from "./sample-results.ts";

const at = (left: number, top: number, width: number, height: number, turn: Turn = 0): Box => ({ left, top, width, height, turn });

describe("where a quote stands, in words", () => {
  for (const [box, words] of [
    [at(0.1, 0.05, 0.8, 0.04), "en haut de la page"],
    [at(0.1, 0.05, 0.2, 0.04), "en haut de la page, à gauche"],
    [at(0.7, 0.9, 0.2, 0.04), "en bas de la page, à droite"],
    [at(0.4, 0.45, 0.2, 0.1), "au milieu de la page"],
    [at(0.1, 0.1, 0.8, 0.7), "sur presque toute la page"],
    [at(0.1, 0.8, 0.8, 0.1, 90), "en bas de la page, une fois la page redressée"],
  ] as const) {
    it(`is said as "${words}"`, () => assert.equal(placeWords(box), words));
  }
});

describe("the report of a scan", () => {
  const html = reportHtml(READ_SCAN, "../../../documents");
  it("says where each quote with a place stands, beside its page, for eyes and for ears, in the web page and in the text", () => {
    assert.match(html, /<a href="[^"]+#page=1">page 1<\/a>, en haut de la page, à droite<\/figcaption>/);
    assert.match(html, /page 2<\/a>, en bas de la page, à gauche, une fois la page redressée · citation rétablie/);
    assert.match(reportMarkdown(READ_SCAN), /«\u00A0N° PM2026-014\u00A0» \(page 1, en haut de la page, à droite\)/);
  });
  it("has a sketch for each of them, none for a quote whose place is not known, and none in a document with a text of its own", () => {
    assert.equal(html.match(/<svg class="place" [^>]*aria-hidden="true">/g)?.length, 4);
    assert.doesNotMatch(reportHtml(ANALYSED), /<svg|de la page,/);
  });
  it("marks no place outside the sheet, and none too small to be seen", () => {
    for (const box of [at(0, 0, 1, 1), at(0.99, 0.999, 0.01, 0.001), at(0, 0, 0.001, 0.001), at(0.5, 0.5, 0.5, 0.5)]) {
      const [, mark = ""] = placeSketch(box).markup.split('class="mark"');
      const [x = 0, y = 0, width = 0, height = 0] = [...mark.matchAll(/="([\d.]+)"/g)].map((found) => Number(found[1]));
      assert.ok(x >= 1 && y >= 1 && x + width <= 35.01 && y + height <= 49.01 && width >= 2 && height >= 2, mark);
    }
  });
});
