import assert from "node:assert/strict";
import { claude } from "../../../src/capabilities/completion/claude.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, sse, testConfig } from "../provider-case.ts";

const MODEL = "claude-haiku-4-5";
const answered = { model: "claude-haiku-4-5-20251001", tokensIn: 412, tokensOut: 57 };

const named = (type: string, more: object = {}): readonly [string, object] => [type, { type, ...more }];
const delta = (more: object, index = 0) => named("content_block_delta", { index, delta: more });
const start = (model: string, usage: object = { input_tokens: answered.tokensIn, output_tokens: 1 }) =>
  named("message_start", {
    message: { id: "msg_1", type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null, usage },
  });

export const block = (type: string, deltas: readonly object[], index = 0) => [
  named("content_block_start", { index, content_block: type === "text" ? { type, text: "" } : { type, thinking: "", signature: "" } }),
  ...deltas.map((more) => delta(more, index)),
  named("content_block_stop", { index }),
];

export const answer = (
  stop_reason: string | null,
  blocks = block("text", said(VERDICT)),
  { model = answered.model, counts = true }: { model?: string; counts?: boolean } = {},
) =>
  sse([
    start(model, counts ? undefined : {}),
    named("ping"),
    ...blocks,
    named("message_delta", {
      delta: { stop_reason, stop_sequence: null },
      ...(counts && { usage: { output_tokens: answered.tokensOut } }),
    }),
    named("message_stop"),
  ]);

const said = (text: string) => [
  { type: "text_delta", text: text.slice(0, 3) },
  { type: "text_delta", text: text.slice(3) },
];
const VERDICT = '{"verdict":"oui"}';

const error = (status: number, type: string, message: string, headers: Record<string, string> = {}, details?: object): Reply => ({
  status,
  headers,
  body: JSON.stringify({ type: "error", error: { type, message, ...(details && { details }) }, request_id: "req_1" }),
});

const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

const claudeCase: ProviderCase = {
  name: "claude",
  make: (baseUrl, overrides) =>
    claude(testConfig({ ANTHROPIC_API_KEY: "test-key", ANTHROPIC_MODEL: MODEL, ANTHROPIC_BASE_URL: baseUrl }, overrides)),
  path: "/v1/messages",
  auth: { header: "authorization", value: "Bearer test-key" },
  good: (text) => answer("end_turn", block("text", said(text))),
  answered,
  answeredBy: (model) => answer("end_turn", undefined, { model }),
  idle: [
    ": keep-alive\n\n",
    sse([named("ping")]).body,
    sse([delta({ type: "thinking_delta", thinking: "hm" })]).body,
    sse([delta({ type: "text_delta", text: "" })]).body,
    sse([named("an_event_of_tomorrow", { text: "hm" })]).body,
  ],
  holes: [
    { id: "T15", what: "an event is damaged", event: `event: content_block_delta\ndata: {"delta":{"text":"${SENTENCE}\n\n` },
    {
      id: "T15",
      what: "an event has lost its name, without which the SDK skips it",
      event: sse([delta({ type: "text_delta", text: SENTENCE })[1]]).body,
    },
    { id: "T15", what: "a line is no event", event: `dota: ${SENTENCE}\n\n` },
    { id: "S10", what: "an event has lost its content", event: sse([named("content_block_delta", { index: 0 })]).body },
    {
      id: "C03",
      what: "it is overloaded in mid-answer",
      event: sse([named("error", { error: { type: "overloaded_error", message: SENTENCE } })]).body,
    },
    {
      id: "doc",
      what: "it asks to wait in mid-answer",
      event: sse([named("error", { error: { type: "rate_limit_error", message: SENTENCE } })]).body,
      kind: "rate-limited",
    },
    { id: "doc", what: "an error is no JSON", event: `event: error\ndata: ${SENTENCE}\n\n` },
  ],
  assertBody(body, prompt) {
    // Exact: "temperature" must not be there, API version 2026-10-21 answers 400 to it.
    assert.deepEqual(body, {
      model: MODEL,
      max_tokens: prompt.maxTokens,
      system: prompt.system,
      messages: [{ role: "user", content: prompt.user }],
      output_config: { format: { type: "json_schema", schema: prompt.schema } },
      stream: true,
    });
  },
  finishes: [
    { word: "end_turn", reply: answer("end_turn"), finish: "complete" },
    { word: "max_tokens (C10)", reply: answer("max_tokens"), finish: "cut" },
    { word: "model_context_window_exceeded", reply: answer("model_context_window_exceeded"), finish: "cut" },
    { word: "refusal (C09)", reply: answer("refusal"), finish: "refused" },
    { word: "stop_sequence", reply: answer("stop_sequence"), finish: "other" },
    { word: "tool_use", reply: answer("tool_use"), finish: "other" },
    { word: "pause_turn", reply: answer("pause_turn"), finish: "other" },
    { word: "a word of tomorrow", reply: answer("a_word_of_tomorrow"), finish: "other" },
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
      id: "C04",
      what: "it says only when the used-up budgets are full again",
      // Dates: written when they are sent.
      get reply() {
        return error(429, "rate_limit_error", SENTENCE, {
          "anthropic-ratelimit-requests-remaining": "49",
          "anthropic-ratelimit-requests-reset": inSeconds(900),
          "anthropic-ratelimit-input-tokens-remaining": "0",
          "anthropic-ratelimit-input-tokens-reset": inSeconds(60),
          "anthropic-ratelimit-tokens-remaining": "0",
          "anthropic-ratelimit-tokens-reset": inSeconds(40),
        });
      },
      kind: "rate-limited",
      retryAfter: 60,
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
      what: "the limit that the town set for spending is reached, and it names the day when it is lifted",
      get reply() {
        const [day, time] = inSeconds(86_400).split("T");
        const until = `${day} at ${time?.slice(0, 5)} UTC`;
        return error(
          400,
          "invalid_request_error",
          `You have reached your specified workspace API usage limits. You will regain access on ${until}. ${SENTENCE}`,
        );
      },
      kind: "quota-exhausted",
      retryAfter: 86_340,
      within: 62,
    },
    {
      id: "doc",
      what: "the account is closed, which it says as a wrong request",
      reply: error(400, "invalid_request_error", `This organization has been disabled. ${SENTENCE}`),
      kind: "unauthorized",
    },
    {
      id: "C07",
      what: "the request is too large for it",
      reply: error(413, "request_too_large", SENTENCE),
      kind: "prompt-too-long",
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
