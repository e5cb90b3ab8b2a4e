import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openai } from "../../../src/capabilities/completion/openai.ts";
import { readConfig } from "../../../src/config.ts";
import cases from "../../contract/cases/openai.ts";
import { ask, assertFault } from "../../contract/observe.ts";
import { type StandIn, startStandIn } from "../../support/stand-in.ts";

let server: StandIn;
beforeEach(async () => {
  server = await startStandIn();
});
afterEach(() => server.stop());

describe("OpenAI", { timeout: 10_000 }, () => {
  for (const [model, effort] of [
    ["gpt-5-mini", "low"],
    ["gpt-6.1-terra", "low"],
    ["o4-mini", "low"],
    ["gpt-4o-mini", undefined],
    ["gpt-5-chat-latest", undefined],
    ["gpt-5-pro", undefined],
  ] as const) {
    it(`${effort === undefined ? "says nothing about hidden reasoning to" : "asks for little hidden reasoning from"} ${model}`, async () => {
      server.reply(cases.answeredBy?.(model) ?? assert.fail());
      await ask(cases.make(server.url, { OPENAI_MODEL: model }));
      const body = server.requests[0]?.body as { readonly reasoning_effort?: string; readonly temperature?: number };
      assert.equal(body.reasoning_effort, effort);
      assert.equal(body.temperature, undefined);
    });
  }

  it("may be asked again at the date it names", async () => {
    const headers = { "retry-after": "Wed, 25 Nov 2026 08:00:00 GMT" };
    server.reply({ status: 429, headers, body: JSON.stringify({ error: { code: "rate_limit_exceeded" } }) });
    const fault = await assertFault(ask(cases.make(server.url)), "rate-limited");
    assert.equal(fault.retryAt?.toISOString(), "2026-11-25T08:00:00.000Z");
  });

  it("is passed over without a key, and says so before anybody asks", () => {
    assert.equal(openai(readConfig({})).unavailable, "no-key");
    assert.equal(openai(readConfig({ OPENAI_API_KEY: "k" })).unavailable, undefined);
  });

  it("counts as the United States", () => {
    assert.deepEqual(openai(readConfig({})).site, { kind: "cloud", country: "US" });
  });
});
