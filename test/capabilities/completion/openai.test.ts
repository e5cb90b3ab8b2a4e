import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openai } from "../../../src/capabilities/completion/openai.ts";
import { readConfig } from "../../../src/config.ts";
import cases from "../../contract/cases/openai.ts";
import { ask, assertFault } from "../../contract/observe.ts";
import { eventsOf, sse } from "../../contract/provider-case.ts";
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
      server.reply(cases.answeredBy(model));
      await ask(cases.make(server.url, { OPENAI_MODEL: model }));
      const body = server.requests[0]?.body as { readonly reasoning_effort?: string; readonly temperature?: number };
      assert.equal(body.reasoning_effort, effort);
      assert.equal(body.temperature, undefined);
    });
  }

  it("behind a gateway whose first event has neither model nor choice answers all the same, with its first choice only", async () => {
    const [greeting, ...events] = eventsOf(cases.good('{"a":1}'));
    const filter = sse([{ id: "", object: "", created: 0, model: "", choices: [], prompt_filter_results: [] }]).body;
    const second = sse([{ model: cases.answered.model, choices: [{ index: 1, delta: { content: "no" }, finish_reason: null }] }]).body;
    const headers = { "content-type": "text/event-stream" };
    server.reply({ headers, chunks: [filter, greeting ?? "", second, ...events] });
    const completion = await ask(cases.make(server.url));
    assert.deepEqual(completion, { text: '{"a":1}', finish: "complete", ...cases.answered });
  });

  it("without counts has answered all the same, at unknown costs", async () => {
    const good = cases.good("{}");
    const events = eventsOf(good).filter((event) => !event.includes('"prompt_tokens"'));
    server.reply({ headers: { "content-type": "text/event-stream" }, chunks: events });
    const { finish, tokensIn, tokensOut } = await ask(cases.make(server.url));
    assert.deepEqual([finish, tokensIn, tokensOut], ["complete", undefined, undefined]);
  });

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
