import assert from "node:assert/strict";
import { openai } from "../../../src/capabilities/completion/openai.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, testConfig } from "../provider-case.ts";

const MODEL = "gpt-5-mini";
const answered = { model: "gpt-5-mini-2025-08-07", tokensIn: 402, tokensOut: 17 };

const completion = (finish_reason: string, message: object = { content: '{"verdict":"oui"}', refusal: null }) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_793_000_000,
  model: answered.model,
  choices: [{ index: 0, message: { role: "assistant", annotations: [], ...message }, logprobs: null, finish_reason }],
  usage: {
    prompt_tokens: answered.tokensIn,
    completion_tokens: answered.tokensOut,
    total_tokens: answered.tokensIn + answered.tokensOut,
  },
});

const reply = (body: unknown): Reply & { readonly body: string } => ({ body: JSON.stringify(body) });

const error = (status: number, code: string | null, type = "invalid_request_error", headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: JSON.stringify({ error: { message: `It says: ${SENTENCE}`, type, param: null, code } }),
});

const openaiCase: ProviderCase = {
  name: "openai",
  make: (baseUrl, overrides) =>
    openai(testConfig({ OPENAI_API_KEY: "test-key", OPENAI_MODEL: MODEL, OPENAI_BASE_URL: `${baseUrl}/v1` }, overrides)),
  path: "/v1/chat/completions",
  auth: { header: "authorization", value: "Bearer test-key" },
  good: (text) => reply(completion("stop", { content: text, refusal: null })),
  answered,
  assertBody(body, prompt) {
    assert.deepEqual(body, {
      model: MODEL,
      messages: [
        { role: "system", content: prompt.system },
        { role: "user", content: prompt.user },
      ],
      max_completion_tokens: prompt.maxTokens,
      reasoning_effort: "low",
      response_format: { type: "json_schema", json_schema: { name: prompt.schemaName, strict: true, schema: prompt.schema } },
      store: false,
    });
  },
  finishes: [
    { word: "stop", reply: reply(completion("stop")), finish: "complete" },
    { word: "length (A12)", reply: reply(completion("length")), finish: "cut" },
    { word: "content_filter (A13)", reply: reply(completion("content_filter", { content: null })), finish: "refused" },
    {
      word: "stop, with a refusal beside it",
      reply: reply(completion("stop", { content: null, refusal: "I cannot help with that." })),
      finish: "refused",
    },
    { word: "tool_calls", reply: reply(completion("tool_calls", { content: null })), finish: "other" },
    { word: "a word of tomorrow", reply: reply(completion("a_word_of_tomorrow")), finish: "other" },
  ],
  faults: [
    { id: "A01", what: "the text is too long for the model", reply: error(400, "context_length_exceeded"), kind: "prompt-too-long" },
    { id: "doc", what: "the text is too long for the API", reply: error(400, "string_above_max_length"), kind: "prompt-too-long" },
    { id: "A02", what: "it will not read this text", reply: error(400, "content_policy_violation"), kind: "refused" },
    { id: "doc", what: "it suspects the text of breaking its rules", reply: error(400, "invalid_prompt"), kind: "refused" },
    { id: "A03", what: "the key is wrong", reply: error(401, "invalid_api_key"), kind: "unauthorized" },
    {
      id: "A04",
      what: "it does not serve this country",
      reply: error(403, "unsupported_country_region_territory", "request_forbidden"),
      kind: "unauthorized",
    },
    { id: "A05", what: "it has no such model", reply: error(404, "model_not_found"), kind: "model-missing" },
    { id: "A05", what: "our project may not use the model", reply: error(403, "model_not_found"), kind: "model-missing" },
    { id: "doc", what: "it has no such address", reply: error(404, null), kind: "misconfigured" },
    {
      id: "A06",
      what: "it asks to wait 20 seconds",
      reply: error(429, "rate_limit_exceeded", "requests", { "retry-after": "20" }),
      kind: "rate-limited",
      retryAfter: 20,
    },
    { id: "A06", what: "it asks to wait and names no time", reply: error(429, "rate_limit_exceeded", "tokens"), kind: "rate-limited" },
    { id: "doc", what: "the credit is used up", reply: error(429, "insufficient_quota", "insufficient_quota"), kind: "quota-exhausted" },
    { id: "doc", what: "the account is not paid", reply: error(429, "billing_not_active"), kind: "quota-exhausted" },
    { id: "A08", what: "it fails on its side", reply: error(500, null, "server_error"), kind: "server-error" },
    { id: "A09", what: "it is overloaded", reply: error(503, "server_is_overloaded", "server_error"), kind: "server-error" },
    { id: "A09", what: "it asks to slow down", reply: error(429, "slow_down"), kind: "rate-limited" },
    { id: "A14", what: "our schema is wrong", reply: error(400, "invalid_schema"), kind: "misconfigured" },
    {
      id: "T14",
      what: "a proxy in front of it is down",
      reply: { status: 502, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` },
      kind: "server-error",
    },
    { id: "doc", what: "it answers a status that nobody foresaw", reply: error(418, SENTENCE, SENTENCE), kind: "unknown" },
  ],
};

export default openaiCase;
