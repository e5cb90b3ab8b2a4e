import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readAct } from "../../../src/documents/act/read-act.ts";
import type { ActPage } from "../../../src/documents/act/sheet.ts";
import type { MergedAnalysis } from "../../../src/documents/merge.ts";
import { actPageOf, withStated } from "../../../src/documents/stated.ts";
import { order } from "./pages.ts";

/** A page as OCR read it, sure of all words but those that are named. */
function scanned(text: string, unsure: Readonly<Record<string, number>>): ActPage {
  const words = (text.match(/\S+/g) ?? []).map((word) => ({ text: word, confidence: unsure[word] ?? 93 }));
  return { number: 1, text, source: "ocr", confidence: 91, words };
}

describe("figures that OCR read badly", () => {
  const stamped = order({ foot: "Port-Kerelec, le 29 décembre 2031\nLe maire," });

  it("are no day of an act: a rubber stamp's is not told from another", () => {
    assert.equal(readAct([scanned(stamped, {})]).date?.value, "2031-12-29");
    assert.equal(readAct([scanned(stamped, { "29": 27 })]).date, null);
  });
  it("are no number, no amount and no deadline", () => {
    assert.equal(readAct([scanned(order(), { "PM2031-042": 40 })]).number, null);
    const paid = order({ body: "Article 1 : La somme de 850 € est due avant le 12 mars 2031." });
    assert.deepEqual(
      readAct([scanned(paid, {})]).amounts.map(({ value }) => value),
      [850],
    );
    assert.deepEqual(readAct([scanned(paid, { "850": 30 })]).amounts, []);
  });
  it("are believed where they stand a second time and were read well", () => {
    const page = scanned(`${stamped}\nPort-Kerelec, le 29 décembre 2031`, {});
    const words = page.words ?? [];
    const first = words.findIndex(({ text }) => text === "29");
    const doubtful = words.map((word, index) => (index === first ? { ...word, confidence: 20 } : word));
    assert.equal(readAct([{ ...page, words: doubtful }]).date?.value, "2031-12-29");
  });
  it("are believed of a text layer, which has no words of an OCR", () => {
    const { words: _, ...page } = scanned(stamped, { "29": 27 });
    assert.equal(readAct([{ ...page, source: "text-layer" }]).date?.value, "2031-12-29");
  });
  it("are doubted where OCR added them to a page, and its own text is believed", () => {
    const added = "Fait à Port-Kerelec, le 30 avril 2031";
    const words = (scanned(added, { "30": 27 }).words ?? []).map((word) => ({ ...word, box: [0, 0, 1, 1] as const }));
    const reading = { page: 1, source: "both", confidence: 91, flags: [] } as const;
    const dateOf = (text: string) => readAct([actPageOf({ number: 1, text, reading, scan: { words, turn: 0 } })]).date;
    assert.equal(dateOf(`${order({ foot: "" })}\n\n${added}`), null);
    assert.equal(dateOf(`${order()}\n\nUne affiche`)?.value, "2031-02-18");
  });
  it("are not taken from a model either, which read the same letters", () => {
    const evidence = { kind: "found", page: 1, text: "le 29 décembre 2031", edits: 0 } as const;
    const date = { about: "date-acte", value: "2031-12-29", evidence, figures: "agree" } as const;
    const merged: MergedAnalysis = {
      act: { kind: "arrete", number: null, date, title: null },
      ...{ summary: [], themes: [], claims: [], quotes: { checked: 1, found: 1 } },
    };
    assert.equal(withStated(merged, [scanned(stamped, { "29": 27 })]).act.date, null);
    assert.equal(withStated(merged, [scanned("Un texte, le 29 décembre 2031", {})]).act.date?.value, "2031-12-29");
  });
});
