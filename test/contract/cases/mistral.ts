import assert from "node:assert/strict";
import { mistral } from "../../../src/capabilities/completion/mistral.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, sse, testConfig } from "../provider-case.ts";

const MODEL = "mistral-small-latest";
const answered = { model: "mistral-small-2603", tokensIn: 388, tokensOut: 41 };

const chunk = (content: unknown, finish_reason: string | null = null, model = answered.model) => ({
  id: "cmpl-1",
  object: "chat.completion.chunk",
  created: 1_793_000_000,
  model,
  choices: [{ index: 0, delta: { content }, finish_reason }],
});

/** The finish word and the counts come with the last piece. */
export const answer = (
  finish: string,
  pieces: readonly unknown[],
  { model = answered.model, usage = {} }: { model?: string; usage?: object } = {},
) =>
  sse([
    { ...chunk("", null, model), choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] },
    ...pieces.map((piece) => chunk(piece, null, model)),
    { ...chunk("", finish, model), usage: { ...COUNTS, ...usage } },
    "[DONE]",
  ]);

const COUNTS = {
  prompt_tokens: answered.tokensIn,
  completion_tokens: answered.tokensOut,
  total_tokens: answered.tokensIn + answered.tokensOut,
};

const said = (text: string) => [text.slice(0, 3), text.slice(3)];
const VERDICT = '{"verdict":"oui"}';

const error = (status: number, type: string, code: string | null, message: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: JSON.stringify({ object: "error", message, type, param: null, code, raw_status_code: status }),
});

const mistralCase: ProviderCase = {
  name: "mistral",
  make: (baseUrl, overrides) =>
    mistral(testConfig({ MISTRAL_API_KEY: "test-key", MISTRAL_MODEL: MODEL, MISTRAL_BASE_URL: baseUrl }, overrides)),
  path: "/v1/chat/completions",
  auth: { header: "authorization", value: "Bearer test-key" },
  good: (text) => answer("stop", said(text)),
  answered,
  answeredBy: (model) => answer("stop", said(VERDICT), { model }),
  // The goodbye.
  spareEvents: 1,
  idle: [": keep-alive\n\n", sse([chunk("")]).body, sse([chunk([{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }])]).body],
  holes: [
    { id: "T15", what: "an event is damaged", event: `data: {"choices":[{"delta":{"content":"${SENTENCE}\n\n` },
    { id: "T15", what: "a line is no event", event: `dota: ${JSON.stringify(chunk(SENTENCE))}\n\n` },
    { id: "S10", what: "an event is no completion", event: sse([{ said: SENTENCE }]).body },
    {
      id: "doc",
      what: "it fails in mid-answer",
      event: sse([{ object: "error", message: SENTENCE, type: "internal_server_error", param: null, code: "1000" }]).body,
    },
    {
      id: "M04",
      what: "its machines are full in mid-answer",
      event: sse([{ object: "error", message: `Service tier capacity exceeded for this model. ${SENTENCE}`, type: "x", code: "3505" }])
        .body,
      kind: "rate-limited",
    },
  ],
  assertBody(body, prompt) {
    assert.deepEqual(body, {
      model: MODEL,
      temperature: 0,
      max_tokens: prompt.maxTokens,
      stream: true,
      messages: [
        { role: "system", content: prompt.system },
        { role: "user", content: prompt.user },
      ],
      response_format: { type: "json_schema", json_schema: { name: prompt.schemaName, schema: prompt.schema, strict: true } },
    });
  },
  finishes: [
    { word: "stop", reply: answer("stop", said(VERDICT)), finish: "complete" },
    { word: "length (M07)", reply: answer("length", said(VERDICT)), finish: "cut" },
    { word: "model_length (M07)", reply: answer("model_length", said(VERDICT)), finish: "cut" },
    { word: "error", reply: answer("error", said(VERDICT)), finish: "other" },
    { word: "tool_calls", reply: answer("tool_calls", said(VERDICT)), finish: "other" },
    { word: "a word of tomorrow", reply: answer("a_word_of_tomorrow", said(VERDICT)), finish: "other" },
  ],
  faults: [
    {
      id: "M01",
      what: "it does not know a field of ours, and quotes the letter in saying so",
      reply: error(422, "invalid_request_error", null, {
        detail: [{ type: "extra_forbidden", loc: ["body", "x"], msg: SENTENCE, input: SENTENCE }],
      }),
      kind: "misconfigured",
    },
    {
      id: "M01",
      what: "it quotes the letter in another shape",
      reply: { status: 422, body: JSON.stringify({ detail: [{ loc: ["body", 1], msg: SENTENCE, type: "value_error", input: SENTENCE }] }) },
      kind: "misconfigured",
    },
    {
      id: "M03",
      what: "it asks to wait",
      reply: error(429, "rate_limited", "1300", `Rate limit exceeded ${SENTENCE}`),
      kind: "rate-limited",
    },
    {
      id: "M03",
      what: "it asks to wait 9 seconds",
      reply: error(429, "rate_limited", "1300", SENTENCE, { "retry-after": "9" }),
      kind: "rate-limited",
      retryAfter: 9,
    },
    {
      id: "M03",
      what: "it says only when the used-up budget is full again",
      reply: error(429, "rate_limited", "1300", SENTENCE, { "ratelimitbysize-remaining": "0", "ratelimitbysize-reset": "28" }),
      kind: "rate-limited",
      retryAfter: 28,
    },
    {
      id: "doc",
      what: "the tokens of the month are used up, although a header promises 2 seconds",
      reply: error(429, "rate_limited", "1300", SENTENCE, { "retry-after": "2", "x-ratelimit-remaining-tokens-month": "0" }),
      kind: "quota-exhausted",
    },
    {
      id: "M04",
      what: "its machines are full, and a header that promises a time is not believed",
      reply: error(429, "invalid_request_error", null, `Service tier capacity exceeded for this model. ${SENTENCE}`, {
        "retry-after": "9",
      }),
      kind: "rate-limited",
    },
    {
      id: "M04",
      what: "its machines are full, said with 503",
      reply: error(503, "service_tier_capacity_exceeded", "3505", "Service tier capacity exceeded for this model."),
      kind: "rate-limited",
    },
    {
      id: "M06",
      what: "the text is too long for the model",
      reply: error(
        400,
        "invalid_request_prompt",
        "3051",
        "Prompt contains 300000 tokens, too large for model with 131072 maximum context length",
      ),
      kind: "prompt-too-long",
    },
    { id: "M08", what: "the account is not paid", reply: error(402, "payment_required", null, SENTENCE), kind: "quota-exhausted" },
    {
      id: "M10",
      what: "it has no such model",
      reply: error(400, "invalid_model", "1500", `Invalid model: ${SENTENCE}`),
      kind: "model-missing",
    },
    { id: "doc", what: "it has no such model any more", reply: error(404, "not_found", null, SENTENCE), kind: "model-missing" },
    {
      id: "doc",
      what: "it has no such address",
      reply: { status: 404, body: JSON.stringify({ detail: "Not Found" }) },
      kind: "misconfigured",
    },
    { id: "doc", what: "the key is wrong", reply: { status: 401, body: JSON.stringify({ detail: "Unauthorized" }) }, kind: "unauthorized" },
    { id: "doc", what: "the account may not", reply: { status: 403, body: JSON.stringify({ message: SENTENCE }) }, kind: "unauthorized" },
    {
      id: "doc",
      what: "the request is too large for the edge, which answers with a web page",
      reply: { status: 413, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` },
      kind: "prompt-too-long",
    },
    { id: "doc", what: "the request itself is wrong", reply: error(400, "invalid_request_error", null, SENTENCE), kind: "misconfigured" },
    { id: "doc", what: "it fails on its side", reply: error(500, "internal_server_error", "1000", SENTENCE), kind: "server-error" },
    { id: "doc", what: "it answers a status that nobody foresaw", reply: error(418, SENTENCE, null, SENTENCE), kind: "unknown" },
  ],
};

export default mistralCase;
