import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acceptOcr, type OcrAnswer, type OcrWord } from "../../../src/capabilities/ocr/contract.ts";
import { readingOf } from "../../../src/capabilities/ocr/layout.ts";
import { readTsv } from "../../../src/capabilities/ocr/tsv.ts";
import { Fault } from "../../../src/core/fault.ts";

const word = (over: Partial<OcrWord> = {}): OcrWord => ({ text: "arrêté", confidence: 91, box: [0.1, 0.1, 0.2, 0.02], ...over });
const answer = (over: Partial<OcrAnswer> = {}): OcrAnswer => ({
  text: "arrêté\n",
  confidence: 91,
  words: [word()],
  model: "an engine",
  tokensIn: undefined,
  tokensOut: undefined,
  ...over,
});
const boxed = (...box: [number, number, number, number]): OcrAnswer => answer({ words: [word({ box })] });

describe("what is believed of an engine that read a page", () => {
  it("is a page with its words on it, an empty page, and a word at the very edge", () => {
    const edge = boxed(0.9, 0.98, 0.1, 0.02);
    const empty = answer({ text: "", words: [], confidence: 0 });
    for (const good of [answer(), empty, edge]) assert.equal(acceptOcr(good), good);
  });

  const NONSENSE: Readonly<Record<string, OcrAnswer>> = {
    "a box that is no number": boxed(Number.NaN, 0.1, 0.2, 0.02),
    "a box left of the picture": boxed(-0.1, 0.1, 0.2, 0.02),
    "a box that reaches over the right edge": boxed(0.9, 0.1, 0.2, 0.02),
    "a box that reaches over the lower edge": boxed(0.1, 0.99, 0.2, 0.02),
    "a box without a width": boxed(0.1, 0.1, 0, 0.02),
    "a word that is surer than sure": answer({ words: [word({ confidence: 101 })] }),
    "a word that is less than unsure": answer({ words: [word({ confidence: -1 })] }),
    "a word whose confidence is no number": answer({ words: [word({ confidence: Number.NaN })] }),
    "a mean that is no number": answer({ confidence: Number.NaN }),
    "a word without a letter or sign": answer({ words: [word(), word({ text: " " })] }),
    "a text that says more than its words": answer({ text: "arrêté municipal\n" }),
    "words that the text does not have": answer({ text: "" }),
    "more words than any page has": answer({ text: "a".repeat(20_001), words: Array(20_001).fill(word({ text: "a" })) }),
  };
  for (const [what, bad] of Object.entries(NONSENSE)) {
    it(`is not ${what}`, () => {
      assert.throws(
        () => acceptOcr(bad),
        (fault) => fault instanceof Fault && fault.kind === "invalid-answer" && !fault.message.includes("arrêté"),
      );
    });
  }
});

describe("how a page is put together", () => {
  it("ends each line, leaves a blank line between blocks, and keeps the order", () => {
    const of = (text: string): OcrWord => word({ text });
    const { text, words } = readingOf([[[of("Le"), of("Maire")], [], [of("arrête")]], [], [[of("Fait")]]]);
    assert.equal(text, "Le Maire\narrête\n\nFait\n");
    assert.deepEqual(words.map((one) => one.text).join(" "), "Le Maire arrête Fait");
  });
  it("counts how sure an engine is by letters, so that dots and rules do not make a page well read", () => {
    const layout = [
      [[word({ text: "abcdefgh9", confidence: 40 }), word({ text: "à", confidence: 90 }), word({ text: "....", confidence: 99 })]],
    ];
    assert.equal(readingOf(layout).confidence, 45);
    assert.equal(readingOf([[[word({ text: "—", confidence: 99 })]]]).confidence, 0);
  });
});

const HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext";
const tsv = (...rows: readonly string[]): string => [HEAD, ...rows.map((row) => row.replaceAll(" ", "\t")), ""].join("\n");

describe("Tesseract's table of a page", () => {
  it("gives blocks of lines of words, each with its share of the picture", () => {
    const table = tsv(
      "1 1 0 0 0 0 0 0 1000 2000 -1 ",
      "5 1 1 1 1 1 100 200 50 20 96.5 ARRÊTÉ",
      "5 1 1 1 2 1 100 240 50 20 90 n°",
      "5 1 1 2 1 1 100 280 50 20 90 Vu",
      "5 1 2 1 1 1 990 1990 20 20 12 |",
      "5 1 3 1 1 1 0 0 9 9 95  ",
    );
    const layout = readTsv(table);
    assert.deepEqual(
      layout?.map((lines) => lines.map((words) => words.map(({ text }) => text))),
      [[["ARRÊTÉ"], ["n°"], ["Vu"]], [["|"]]],
    );
    assert.deepEqual(layout?.[0]?.[0]?.[0], {
      text: "ARRÊTÉ",
      confidence: 96.5,
      box: [0.1, 0.1, 0.05, 0.01].map((x, i) => (i === 2 ? 0.15 - 0.1 : i === 3 ? 0.11 - 0.1 : x)),
    });
    // Over the edge by ten pixels, as Tesseract does it.
    const [left = 0, top = 0, width = 0, height = 0] = layout?.[1]?.[0]?.[0]?.box ?? [];
    assert.ok(left + width <= 1 && top + height <= 1);
  });
  it("is no table without its first row, or with two pictures in it", () => {
    const page = "1 1 0 0 0 0 0 0 10 10 -1 ";
    assert.equal(readTsv(""), undefined);
    assert.equal(readTsv(tsv("5 1 1 1 1 1 1 1 1 1 90 mot")), undefined);
    assert.equal(readTsv(tsv(page, page)), undefined);
    assert.deepEqual(readTsv(tsv(page)), []);
  });
});
