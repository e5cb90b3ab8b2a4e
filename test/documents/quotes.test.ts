import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { verifyQuote } from "../../src/documents/quotes.ts";

const PAGE =
  "Le conseil municipal, après en avoir déli-\nbéré, approuve l’octroi d’une subvention de 12 500 € à\nl'école de voile de Port-Kerelec.";

describe("a quote", () => {
  it("is found across a hyphenated line end and other apostrophes and spaces", () => {
    const evidence = verifyQuote("après en avoir délibéré, approuve l'octroi d'une subvention de 12 500 €", 3, PAGE);
    assert.deepEqual({ kind: evidence.kind, page: evidence.page }, { kind: "found", page: 3 });
  });
  it("is found with a small reading error, and says how many edits that took", () => {
    const evidence = verifyQuote("approuve l'octroi d'une subvcntion de 12 500 € à l'école", 1, PAGE);
    assert.equal(evidence.kind === "found" && evidence.edits, 1);
  });
  for (const [what, quote] of [
    ["with another amount", "approuve l'octroi d'une subvention de 13 500 € à l'école de voile"],
    ["that says the contrary in other words", "le conseil municipal refuse la subvention demandée par l'école"],
    ["that is empty", "  "],
  ] as const) {
    it(`${what} is not found`, () => assert.equal(verifyQuote(quote, 1, PAGE).kind, "not-found"));
  }
  it("is not found on a page that does not exist", () => assert.equal(verifyQuote("Le conseil municipal", 9, undefined).kind, "not-found"));
});
