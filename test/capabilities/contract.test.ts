import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acceptCompletion, type Completion, wireSchema } from "../../src/capabilities/completion/contract.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { Fault } from "../../src/core/fault.ts";
import { ChunkAnswer } from "../../src/documents/analysis.ts";

const VERDICT = { is_valid: true, category: "culture", violations: [], encouraged_aspects: [], reasoning: "r", confidence: 0.9 };
const said = (text: string, finish: Completion["finish"] = "complete"): Completion => ({
  text,
  finish,
  model: "m",
  tokensIn: 1,
  tokensOut: 1,
});

describe("an answer", () => {
  it("is taken when it has exactly the asked shape, in fences or not", () => {
    assert.deepEqual(acceptCompletion(said(JSON.stringify(VERDICT)), CharterAnswer), VERDICT);
    assert.deepEqual(acceptCompletion(said(`\`\`\`json\n${JSON.stringify(VERDICT)}\n\`\`\``), CharterAnswer), VERDICT);
  });

  for (const [what, completion, kind] of [
    ["cut at its length limit, even when it parses", said(JSON.stringify(VERDICT), "cut"), "truncated"],
    ["refused by the vendor", said(JSON.stringify(VERDICT), "refused"), "refused"],
    ["ended for no known reason", said(JSON.stringify(VERDICT), "other"), "invalid-answer"],
    ["empty", said(" \n"), "invalid-answer"],
    ["a web page", said("<html>SENTENCE</html>"), "invalid-answer"],
    ["an empty object", said("{}"), "invalid-answer"],
    ["without its verdict", said(JSON.stringify({ ...VERDICT, is_valid: undefined })), "invalid-answer"],
    ["in a category nobody has", said(JSON.stringify({ ...VERDICT, category: "SENTENCE" })), "invalid-answer"],
    ["surer than sure", said(JSON.stringify({ ...VERDICT, confidence: 7 })), "invalid-answer"],
    ["with a key nobody asked for", said(JSON.stringify({ ...VERDICT, extra: "SENTENCE" })), "invalid-answer"],
  ] as const) {
    it(`that is ${what} becomes no verdict, and is not quoted`, () => {
      assert.throws(
        () => acceptCompletion(completion, CharterAnswer),
        (error: unknown) => error instanceof Fault && error.kind === kind && !error.message.includes("SENTENCE"),
      );
    });
  }
});

describe("the schema sent to a vendor", () => {
  it("has every property required and none of the bounds that decoders choke on", () => {
    const text = JSON.stringify(wireSchema(ChunkAnswer));
    assert.doesNotMatch(text, /\$schema|"maxLength"|"minimum"|"maxItems"|"pattern"/);
    const schema = wireSchema(ChunkAnswer) as { properties: object; required: string[] };
    assert.deepEqual(schema.required, Object.keys(schema.properties));
  });
});
