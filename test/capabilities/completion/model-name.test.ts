import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkModel, isAskedModel } from "../../../src/capabilities/completion/model-name.ts";
import { Fault } from "../../../src/core/fault.ts";

describe("the model that answered", () => {
  for (const [asked, answered] of [
    ["gpt-5-mini", "gpt-5-mini"],
    ["gpt-5-mini", "gpt-5-mini-2025-08-07"],
    ["gpt-4", "gpt-4-0613"],
    ["claude-haiku-4-5", "claude-haiku-4-5-20251001"],
    ["claude-haiku-4-5", "claude-haiku-4-5@20251001"],
    ["gemini-2.5-flash", "gemini-2.5-flash-001"],
    ["gemini-2.5-flash", "models/gemini-2.5-flash-preview-09-2025"],
    ["mistral-small-latest", "mistral-small-latest"],
    ["mistral-small-latest", "mistral-small-2603"],
    ["mistral-medium-latest", "mistral-medium-3-5"],
    ["gemini-flash-latest", "gemini-3.8-flash-preview"],
    ["gpt-5-chat-latest", "gpt-5-chat-2025-08-07"],
    ["ft:gpt-4o-mini-2024-07-18:mairie::abc", "ft:gpt-4o-mini-2024-07-18:mairie::abc"],
  ] as const) {
    it(`is the asked one: ${answered} for ${asked}`, () => assert.ok(isAskedModel(asked, answered)));
  }

  for (const [asked, answered] of [
    ["gpt-5", "gpt-5-pro"],
    ["gpt-5", "gpt-5-mini-2025-08-07"],
    ["gpt-5", "gpt-5.6-sol"],
    ["gpt-5-mini", "gpt-5"],
    ["gpt-5-mini-2025-08-07", "gpt-5-mini-2026-01-01"],
    ["gpt-5-mini", "gpt-5-mini-2025-08-07-secret"],
    ["claude-sonnet-5", "claude-sonnet-5-5"],
    ["gemini-2.5-flash", "gemini-2.5-flash-lite"],
    ["gemini-2.5-flash", "gemini-2.5-flash-image-001"],
    ["mistral-small-latest", "mistral-medium-2508"],
    ["mistral-small-2603", "mistral-small-latest"],
    ["gemini-flash-latest", "gemini-3.5-flash-lite"],
    ["gpt-5-mini", ""],
  ] as const) {
    it(`is another one: ${answered || "no name"} for ${asked}`, () => assert.ok(!isAskedModel(asked, answered)));
  }

  it("is named when it is another one, but for a name that no vendor would give", () => {
    const fault = (answered: string) => {
      try {
        checkModel("openai", "gpt-5-mini", answered);
      } catch (error) {
        assert.ok(error instanceof Fault && error.kind === "model-missing");
        return error.message;
      }
      return assert.fail("it passed");
    };
    assert.match(fault("gpt-4o"), /gpt-4o answer in place of gpt-5-mini/);
    assert.doesNotMatch(fault("Madame Le Gall écrit"), /Le Gall/);
  });
});
