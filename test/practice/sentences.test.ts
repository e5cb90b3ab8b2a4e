import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quoteAround, sentencesOf } from "../../src/practice/sentences.ts";

describe("a sentence", () => {
  for (const [what, text] of [
    ["a title before a name", "Vice-présidé par M. Le Goff et Mme. Kerzolen, le conseil est ouvert."],
    ["a number", "La maison du n° 12 et celle du no. 14 sont vendues."],
    ["a reference to the law", "L'art. L. 2212-2 du code s'applique."],
    ["a decimal point or an hour", "Il a coûté 12.500 € et ouvre à 8 h. 30 le lundi."],
    ["a wrapped line", "La circulation est interdite sur le quai des pêcheurs et dans la rue de\nla Cale-Neuve pendant la fête."],
    [
      "a wrapped line that goes on with a name",
      "La circulation est interdite sur le quai et sur les parkings de la ville de\nPort-Kerelec pendant la fête.",
    ],
    ["an item's number", "1. Approbation du procès-verbal de la séance."],
  ] as const) {
    it(`is not broken by ${what}`, () => assert.deepEqual(sentencesOf(text), [text]));
  }
  it("ends at full stops, question marks, blank lines, headings and list items", () => {
    assert.deepEqual(sentencesOf("Un. Deux ? « Trois ! » Quatre\n\ncinq\n- six\n# Sept\nArticle 2\nHuit"), [
      "Un.",
      "Deux ?",
      "« Trois ! »",
      "Quatre",
      "cinq",
      "- six",
      "# Sept",
      "Article 2",
      "Huit",
    ]);
  });
});

describe("a heading in capitals", () => {
  it("is no part of the line above it, however long that is", () => {
    const address = "Police municipale – 4, place du Phare-Vert – Tél. 02 99 00 00 12";
    assert.deepEqual(sentencesOf(`${address}\nARRÊTÉ DU MAIRE N° 12\nportant règlement`), [
      address,
      "ARRÊTÉ DU MAIRE N° 12\nportant règlement",
    ]);
  });
});

describe("a quote from a long sentence", () => {
  const sentence = Array.from({ length: 200 }, (_, number) => `mot${number}`).join(" ");
  it("is cut between words, at most 300 characters, and stands there letter for letter", () => {
    const quote = quoteAround(sentence);
    assert.ok(quote.length <= 300 && quote.length > 280);
    assert.ok(sentence.startsWith(`${quote} `));
  });
  it("holds the words it was asked for, wherever they stand", () => {
    const at = sentence.indexOf("mot150");
    const quote = quoteAround(sentence, at, at + 6);
    assert.ok(quote.includes("mot150") && sentence.includes(` ${quote} `));
  });
  it("does not end in the middle of a hyphenated line end or of a character", () => {
    assert.doesNotMatch(quoteAround(`${"x".repeat(290)} déli-\nbéré ${"y".repeat(300)}`), /-$/);
    assert.ok(quoteAround("🌊".repeat(400)).isWellFormed());
  });
});
