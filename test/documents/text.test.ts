import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutLigatures } from "../../src/documents/ligatures.ts";

describe("the text of a page", () => {
  it("shows the letters that a reader sees where the file joined two or three of them", () =>
    assert.equal(withoutLigatures("AcƟons, aƩenƟon, ﬁnances, aﬀaires"), "Actions, attention, finances, affaires"));
  it("keeps every other letter, œ and ñ included", () => assert.equal(withoutLigatures("cœur, ñ, Ŀ"), "cœur, ñ, Ŀ"));
});
