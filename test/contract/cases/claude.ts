import assert from "node:assert/strict";
import { claude } from "../../../src/capabilities/completion/claude.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, testConfig } from "../provider-case.ts";

const MODEL = "claude-haiku-4-5";
const answered = { model: "claude-haiku-4-5-20251001", tokensIn: 412, tokensOut: 57 };

const message = (stop_reason: string | null, text = '{"verdict":"oui"}') => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: answered.model,
  content: [{ type: "text", text }],
  stop_reason,
  stop_sequence: null,
  usage: { input_tokens: answered.tokensIn, output_tokens: answered.tokensOut },
});

const reply = (body: unknown): Reply & { readonly body: string } => ({ body: JSON.stringify(body) });

const error = (status: number, type: string, message: string, headers: Record<string, string> = {}, details?: object): Reply => ({
  status,
  headers,
  body: JSON.stringify({ type: "error", error: { type, message, ...(details && { details }) }, request_id: "req_1" }),
});

const claudeCase: ProviderCase = {
  name: "claude",
  make: (baseUrl, overrides) =>
    claude(testConfig({ ANTHROPIC_API_KEY: "test-key", ANTHROPIC_MODEL: MODEL, ANTHROPIC_BASE_URL: baseUrl }, overrides)),
  path: "/v1/messages",
  auth: { header: "authorization", value: "Bearer test-key" },
  good: (text) => reply(message("end_turn", text)),
  answered,
  assertBody(body, prompt) {
    // Exact: "temperature" must not be there, API version 2026-10-21 answers 400 to it.
    assert.deepEqual(body, {
      model: MODEL,
      max_tokens: prompt.maxTokens,
      system: prompt.system,
      messages: [{ role: "user", content: prompt.user }],
      output_config: { format: { type: "json_schema", schema: prompt.schema } },
    });
  },
  finishes: [
    { word: "end_turn", reply: reply(message("end_turn")), finish: "complete" },
    { word: "max_tokens", reply: reply(message("max_tokens")), finish: "cut" },
    { word: "model_context_window_exceeded", reply: reply(message("model_context_window_exceeded")), finish: "cut" },
    { word: "refusal", reply: reply(message("refusal")), finish: "refused" },
    { word: "stop_sequence", reply: reply(message("stop_sequence")), finish: "other" },
    { word: "tool_use", reply: reply(message("tool_use")), finish: "other" },
    { word: "pause_turn", reply: reply(message("pause_turn")), finish: "other" },
    { word: "null", reply: reply(message(null)), finish: "other" },
    { word: "a word of tomorrow", reply: reply(message("a_word_of_tomorrow")), finish: "other" },
  ],
  faults: [
    { id: "C01", what: "it is overloaded", reply: error(529, "overloaded_error", `Overloaded ${SENTENCE}`), kind: "server-error" },
    {
      id: "C04",
      what: "it asks to wait 12 seconds",
      reply: error(429, "rate_limit_error", `Slow down ${SENTENCE}`, { "retry-after": "12" }),
      kind: "rate-limited",
      retryAfter: 12,
    },
    {
      id: "doc",
      what: "it asks to wait and says not how long",
      reply: error(429, "rate_limit_error", SENTENCE),
      kind: "rate-limited",
    },
    {
      id: "doc",
      what: "the limit that the town set for spending is reached",
      reply: error(429, "rate_limit_error", SENTENCE, {}, { error_code: "enforced_spend_limit_reached" }),
      kind: "quota-exhausted",
    },
    {
      id: "C06",
      what: "the text is too long for the model",
      reply: error(400, "invalid_request_error", `prompt is too long: 212345 tokens > 200000 maximum ${SENTENCE}`),
      kind: "prompt-too-long",
    },
    {
      id: "C07",
      what: "the request is too large for the edge, which answers with a web page",
      reply: { status: 413, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` },
      kind: "prompt-too-long",
    },
    { id: "C08", what: "the key is wrong", reply: error(401, "authentication_error", SENTENCE), kind: "unauthorized" },
    { id: "C08", what: "the account may not", reply: error(403, "permission_error", SENTENCE), kind: "unauthorized" },
    { id: "C12", what: "the model was retired", reply: error(404, "not_found_error", `model: ${SENTENCE}`), kind: "model-missing" },
    {
      id: "doc",
      what: "nobody of that name speaks this interface",
      reply: { status: 404, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` },
      kind: "misconfigured",
    },
    { id: "C13", what: "it fails on its side", reply: error(500, "api_error", SENTENCE), kind: "server-error" },
    { id: "C13", what: "the account is not paid", reply: error(402, "billing_error", SENTENCE), kind: "quota-exhausted" },
    {
      id: "doc",
      what: "the credit is used up, which it says as a wrong request",
      reply: error(400, "invalid_request_error", `Your credit balance is too low to access the Anthropic API. ${SENTENCE}`),
      kind: "quota-exhausted",
    },
    {
      id: "doc",
      what: "the request itself is wrong",
      reply: error(400, "invalid_request_error", `messages: ${SENTENCE}`),
      kind: "misconfigured",
    },
    { id: "doc", what: "it answers a status that nobody foresaw", reply: error(418, SENTENCE, SENTENCE), kind: "unknown" },
  ],
};

export default claudeCase;
