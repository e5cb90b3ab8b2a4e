import assert from "node:assert/strict";
import { openai } from "../../../src/capabilities/completion/openai.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, sse, testConfig } from "../provider-case.ts";

const MODEL = "gpt-6.1-terra";
const answered = { model: "gpt-6.1-terra-2026-09-17", tokensIn: 402, tokensOut: 17 };

const chunk = (delta: object, finish_reason: string | null = null, model = answered.model) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_793_000_000,
  model,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  usage: null,
});

const counts = (model: string) => ({
  ...chunk({}, null, model),
  choices: [],
  usage: {
    prompt_tokens: answered.tokensIn,
    completion_tokens: answered.tokensOut,
    total_tokens: answered.tokensIn + answered.tokensOut,
  },
});

const answer = (finish: string, deltas: readonly object[], model = answered.model) =>
  sse([
    chunk({ role: "assistant", content: "", refusal: null }, null, model),
    ...deltas.map((delta) => chunk(delta, null, model)),
    chunk({}, finish, model),
    counts(model),
    "[DONE]",
  ]);

const said = (text: string) => [{ content: text.slice(0, 3) }, { content: text.slice(3) }];
const VERDICT = '{"verdict":"oui"}';

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
  good: (text) => answer("stop", said(text)),
  answered,
  answeredBy: (model) => answer("stop", said(VERDICT), model),
  // The counts and the goodbye.
  spareEvents: 2,
  idle: [": keep-alive\n\n", sse([chunk({})]).body, sse([chunk({ content: "" })]).body, sse([chunk({ content: " \n" })]).body],
  holes: [
    { id: "T15", what: "an event is damaged", event: `data: {"choices":[{"delta":{"content":"${SENTENCE}\n\n` },
    { id: "T15", what: "a line is no event", event: `dota: ${JSON.stringify(chunk({ content: SENTENCE }))}\n\n` },
    { id: "S10", what: "an event is no completion", event: sse([{ said: SENTENCE }]).body },
    { id: "doc", what: "it fails in mid-answer", event: sse([{ error: { message: SENTENCE, type: "server_error", code: null } }]).body },
    {
      id: "doc",
      what: "the credit ends in mid-answer",
      event: sse([{ error: { message: SENTENCE, type: "insufficient_quota", code: "insufficient_quota" } }]).body,
      kind: "quota-exhausted",
    },
    {
      id: "doc",
      what: "it stops the answer for its content",
      event: sse([{ error: { message: SENTENCE, type: "invalid_request_error", code: "content_filter" } }]).body,
      kind: "refused",
    },
  ],
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
      stream: true,
      stream_options: { include_usage: true },
    });
  },
  finishes: [
    { word: "stop", reply: answer("stop", said(VERDICT)), finish: "complete" },
    {
      word: "stop, with a refusal written as an ordinary sentence (A11), which only the asked shape finds out",
      reply: answer("stop", said("Je suis désolé, je ne peux pas vous aider.")),
      finish: "complete",
    },
    { word: "length (A12)", reply: answer("length", said(VERDICT)), finish: "cut" },
    { word: "content_filter (A13)", reply: answer("content_filter", []), finish: "refused" },
    {
      word: "stop, with a refusal beside it",
      reply: answer("stop", [{ refusal: "I cannot " }, { refusal: "help with that." }]),
      finish: "refused",
    },
    { word: "stop without a word (Q07)", reply: answer("stop", [{ content: " " }]), finish: "other" },
    { word: "tool_calls", reply: answer("tool_calls", []), finish: "other" },
    { word: "a word of tomorrow", reply: answer("a_word_of_tomorrow", said(VERDICT)), finish: "other" },
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
    {
      id: "A06",
      what: "it asks to wait 1500 ms",
      reply: error(429, "rate_limit_exceeded", "requests", { "retry-after-ms": "1500", "retry-after": "2" }),
      kind: "rate-limited",
      retryAfter: 1.5,
    },
    {
      id: "A06",
      what: "it says only when the used-up budget is full again",
      reply: error(429, "rate_limit_exceeded", "tokens", {
        "x-ratelimit-remaining-requests": "58",
        "x-ratelimit-reset-requests": "17m30s",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "1m6.5s",
      }),
      kind: "rate-limited",
      retryAfter: 66.5,
    },
    {
      id: "A06",
      what: "it says when its budgets are full again, and not which one is used up",
      reply: error(429, "rate_limit_exceeded", "tokens", {
        "x-ratelimit-reset-requests": "120ms",
        "x-ratelimit-reset-tokens": "6m0s",
      }),
      kind: "rate-limited",
      retryAfter: 360,
    },
    {
      id: "doc",
      what: "the requests of the day are used up, and it says for how long",
      reply: {
        status: 429,
        headers: { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "7h12m0s" },
        body: JSON.stringify({
          error: {
            message: `Rate limit reached on requests per day (RPD): Limit 200, Used 200, Requested 1. ${SENTENCE}`,
            type: "requests",
            code: "rate_limit_exceeded",
          },
        }),
      },
      kind: "quota-exhausted",
      retryAfter: 25_920,
    },
    {
      id: "A06",
      what: "it names a time that no clock can read",
      reply: error(429, "rate_limit_exceeded", "tokens", { "retry-after": "soon", "x-ratelimit-reset-tokens": "in a while" }),
      kind: "rate-limited",
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
