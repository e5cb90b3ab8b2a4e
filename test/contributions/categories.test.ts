import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { categoryNamed } from "../../src/contributions/categories.ts";

describe("the name of a category", () => {
  for (const [name, category] of [
    ["environnement", "ecologie"],
    ["École", "jeunesse"],
    ["école-jeunesse", "jeunesse"],
    ["Économies", "economie"],
    ["association", "associations"],
    ["urbanisme", "logement"],
    ["alimentation-bienetre-soin", "alimentation-bien-etre-soins"],
    ["culture", "culture"],
  ] as const) {
    it(`takes "${name}" for ${category}`, () => assert.equal(categoryNamed(name), category));
  }
  it("is not guessed when nobody knows it", () => assert.equal(categoryNamed("sport"), undefined));
});
