import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { mistral } from "../../../src/capabilities/completion/mistral.ts";
import { Fault } from "../../../src/core/fault.ts";
import mistralCase, { answer } from "../../contract/cases/mistral.ts";
import { PROMPT, SENTENCE, testConfig } from "../../contract/provider-case.ts";
import { type StandIn, startStandIn } from "../../support/stand-in.ts";

const { signal } = new AbortController();

describe("Mistral", () => {
  let server: StandIn;
  beforeEach(async () => {
    server = await startStandIn();
  });
  afterEach(() => server.stop());

  it("is passed over without a key", () => {
    assert.equal(mistral(testConfig({})).unavailable, "no-key");
    assert.equal(mistralCase.make(server.url).unavailable, undefined);
  });

  for (const [address, country] of [
    ["https://api.eu.mistral.ai", "EU"],
    ["https://api.eu.mistral.ai/", "EU"],
    ["https://api.mistral.ai", "ZZ"],
    ["https://api.eu.mistral.ai.example.com", "ZZ"],
    ["https://api.eu.mistral.ai:8443", "ZZ"],
    ["https://api.eu.mistral.ai@example.com", "ZZ"],
    ["https://example.com/api.eu.mistral.ai", "ZZ"],
    ["http://api.eu.mistral.ai", "ZZ"],
  ] as const) {
    it(`at ${address} counts as ${country === "EU" ? "in" : "outside"} the European Union`, () => {
      assert.deepEqual(mistral(testConfig({ MISTRAL_BASE_URL: address })).site, { kind: "cloud", country });
    });
  }

  it("is in the European Union unless the settings say otherwise", () => {
    assert.deepEqual(mistral(testConfig({})).site, { kind: "cloud", country: "EU" });
  });

  it("answers in pieces with a reasoning model, and its reasoning is not part of the answer", async () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: "hm" }] };
    const texts = [
      { type: "text", text: '{"verdict":' },
      { type: "text", text: '"oui"}' },
    ];
    server.reply(answer("stop", [[thinking], [thinking, ...texts]]));
    assert.equal((await mistralCase.make(server.url).call(PROMPT, { signal })).text, '{"verdict":"oui"}');
  });

  it("that names no costs has unknown costs, not free answers", async () => {
    server.reply(answer("stop", ["{}"], { usage: { prompt_tokens: undefined, completion_tokens: undefined, total_tokens: undefined } }));
    const completion = await mistralCase.make(server.url).call(PROMPT, { signal });
    assert.deepEqual([completion.tokensIn, completion.tokensOut], [undefined, undefined]);
  });

  it("that quotes the letter in an error of any shape leaves none of it in the fault", async () => {
    const quoting = { loc: ["body"], msg: SENTENCE, type: SENTENCE, input: SENTENCE };
    for (const error of [{ detail: SENTENCE }, { detail: [quoting] }, { message: quoting, type: SENTENCE, code: SENTENCE }, SENTENCE]) {
      server.reply({ status: 422, body: JSON.stringify(error) });
      await assert.rejects(mistralCase.make(server.url).call(PROMPT, { signal }), (fault) => {
        assert.ok(fault instanceof Fault);
        assert.equal(fault.kind, "misconfigured");
        assert.doesNotMatch(`${fault.message} ${fault.causes} ${fault.stack} ${JSON.stringify(fault)}`, new RegExp(SENTENCE));
        return true;
      });
    }
  });
});
