import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { costEur, PRICES_READ_ON } from "../../../src/capabilities/completion/models.ts";
import { EUR_PER_USD } from "../../../src/capabilities/euro.ts";
import { readConfig } from "../../../src/config.ts";

describe("the price of an answer", () => {
  it("is tokens in and tokens out, each at its own price, in euros", () => {
    assert.equal(costEur("claude-haiku-4-5", 1_000_000, 0), 1 * EUR_PER_USD);
    assert.equal(costEur("claude-haiku-4-5", 0, 1_000_000), 5 * EUR_PER_USD);
    const cost = costEur("mistral-small-latest", 3_000, 500);
    assert.ok(cost !== undefined && Math.abs(cost - 0.000645) < 1e-9, `${cost}`);
  });

  it("is the same for a dated name of the same model", () => {
    for (const [dated, plain] of [
      ["gpt-5-mini-2025-08-07", "gpt-5-mini"],
      ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
      ["gemini-2.5-flash-001", "gemini-2.5-flash"],
    ] as const) {
      assert.notEqual(costEur(plain, 1_000, 1_000), undefined);
      assert.equal(costEur(dated, 1_000, 1_000), costEur(plain, 1_000, 1_000));
    }
  });

  it("is unknown, never zero, for a model that is not in the table, however alike its name", () => {
    for (const model of [
      "gpt-5-pro",
      "gpt-5.9-sol",
      "claude-haiku-9",
      "mistral-small",
      "mistral-small-2506",
      "gemini-2.5-flash-image",
      "",
    ]) {
      assert.equal(costEur(model, 1_000, 1_000), undefined, model);
    }
  });

  it("is unknown when the vendor did not count, or the text is so long that another price applies", () => {
    assert.equal(costEur("gpt-5-mini", undefined, 5), undefined);
    assert.equal(costEur("gpt-5-mini", 5, undefined), undefined);
    assert.equal(costEur("claude-haiku-5-5", 100_001, 5), undefined);
  });

  it("is known for every model that is asked by default", () => {
    const { OPENAI_MODEL, ANTHROPIC_MODEL, MISTRAL_MODEL, GEMINI_MODEL } = readConfig({});
    for (const model of [OPENAI_MODEL, ANTHROPIC_MODEL, MISTRAL_MODEL, GEMINI_MODEL]) assert.ok(costEur(model, 1, 1), model);
  });

  it("says on which day the prices were read", () => {
    assert.match(PRICES_READ_ON, /^2026-\d\d-\d\d$/);
  });
});
