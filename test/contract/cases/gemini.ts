import assert from "node:assert/strict";
import { gemini } from "../../../src/capabilities/completion/gemini.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, sse, testConfig } from "../provider-case.ts";

const MODEL = "gemini-2.5-flash";
const answered = { model: "gemini-2.5-flash-001", tokensIn: 401, tokensOut: 33 };

const about = {
  usageMetadata: { promptTokenCount: answered.tokensIn, candidatesTokenCount: answered.tokensOut, totalTokenCount: 434 },
  modelVersion: answered.model,
  responseId: "r1",
};

const parts = (...pieces: readonly object[]) => ({ content: { role: "model", parts: pieces }, index: 0 });
const event = (candidate: object | undefined, more: object = {}) => ({ ...(candidate && { candidates: [candidate] }), ...about, ...more });

/** The last event has the finish word, with a piece of text or without. */
const answer = (finishReason: string, text = '{"verdict":"oui"}', more: object = {}) =>
  sse([
    event(parts({ text: text.slice(0, 3) }), { usageMetadata: { promptTokenCount: answered.tokensIn }, ...more }),
    event(parts({ text: text.slice(3, 6) }), { usageMetadata: { promptTokenCount: answered.tokensIn }, ...more }),
    event({ ...parts({ text: text.slice(6) }), finishReason }, more),
  ]);

const blocked = (blockReason: string) => sse([event(undefined, { promptFeedback: { blockReason } })]);
const refused = (word: string) => ({
  word: `${word} (${word === "PROHIBITED_CONTENT" ? "G06" : "G05"})`,
  reply: sse([event({ finishReason: word, index: 0 })]),
  finish: "refused" as const,
});
const other = (word: string) => ({ word, reply: answer(word), finish: "other" as const });

const error = (code: number, status: string, message: string, details?: readonly object[]): Reply => ({
  status: code,
  body: JSON.stringify({ error: { code, message, status, ...(details && { details }) } }),
});

const quota = (quotaId: string, quotaValue = "10") => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [{ quotaMetric: "generativelanguage.googleapis.com/generate_content_free_tier_requests", quotaId, quotaValue }],
});
const retryIn = (retryDelay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });
const because = (reason: string) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
  metadata: { said: SENTENCE },
});

const geminiCase: ProviderCase = {
  name: "gemini",
  make: (baseUrl, overrides) =>
    gemini(testConfig({ GEMINI_API_KEY: "test-key", GEMINI_MODEL: MODEL, GEMINI_BASE_URL: baseUrl }, overrides)),
  path: `/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`,
  auth: { header: "x-goog-api-key", value: "test-key" },
  good: (text) => answer("STOP", text),
  answered,
  answeredBy: (modelVersion) => answer("STOP", undefined, { modelVersion }),
  endsWithConnection: true,
  needsLastLine: "the legacy SDK takes it for a break",
  idle: [
    sse([event(parts({ text: "" }))]).body,
    sse([event(parts({ text: "hm", thought: true }))]).body,
    sse([event(parts())]).body,
    sse([event(undefined)]).body,
  ],
  holes: [
    { id: "T15", what: "an event is damaged", event: `data: {"candidates":[{"content":{"parts":[{"text":"${SENTENCE}\n\n` },
    { id: "T15", what: "a line is no event", event: `dota: ${SENTENCE}\n\n`, isSeenLate: true },
    { id: "S10", what: "an event is nothing of Google's", event: sse([{ said: SENTENCE }]).body },
    { id: "S10", what: "an event is null", event: "data: null\n\n" },
    {
      id: "G13",
      what: "it is overloaded in mid-answer, which the SDK's own sum of the answer leaves out",
      event: sse([{ error: { code: 503, message: SENTENCE, status: "UNAVAILABLE" } }]).body,
    },
    {
      id: "G01",
      what: "the quota of the minute ends in mid-answer",
      event: sse([{ error: { code: 429, message: SENTENCE, status: "RESOURCE_EXHAUSTED" } }]).body,
      kind: "rate-limited",
    },
    {
      id: "doc",
      what: "an error comes outside of any event",
      event: `{"error":{"code":500,"message":"${SENTENCE}"}}\n\n`,
      isSeenLate: true,
    },
  ],
  assertBody(body, prompt) {
    assert.deepEqual(body, {
      generationConfig: {
        maxOutputTokens: prompt.maxTokens,
        temperature: 0,
        responseMimeType: "application/json",
        // No "additionalProperties": Google answers 400 to it.
        responseSchema: {
          type: "OBJECT",
          properties: { verdict: { type: "STRING", format: "enum", enum: ["oui", "non"], description: SENTENCE } },
          propertyOrdering: ["verdict"],
          required: ["verdict"],
        },
        thinkingConfig: { thinkingBudget: 0 },
      },
      safetySettings: [],
      systemInstruction: { role: "system", parts: [{ text: prompt.system }] },
      contents: [{ role: "user", parts: [{ text: prompt.user }] }],
    });
  },
  finishes: [
    { word: "STOP", reply: answer("STOP"), finish: "complete" },
    { word: "MAX_TOKENS", reply: answer("MAX_TOKENS"), finish: "cut" },
    ...["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"].map(refused),
    ...["LANGUAGE", "MALFORMED_FUNCTION_CALL", "OTHER", "FINISH_REASON_UNSPECIFIED", "A_WORD_OF_TOMORROW"].map(other),
    { word: "STOP without a word of text (G09)", reply: answer("STOP", " \n"), finish: "other" },
    { word: "STOP without content (G09)", reply: sse([event({ finishReason: "STOP", index: 0 })]), finish: "other" },
    { word: "blockReason SAFETY (G04)", reply: blocked("SAFETY"), finish: "refused" },
    { word: "blockReason PROHIBITED_CONTENT (G04)", reply: blocked("PROHIBITED_CONTENT"), finish: "refused" },
    { word: "blockReason BLOCKLIST (G04)", reply: blocked("BLOCKLIST"), finish: "refused" },
    { word: "blockReason OTHER (G09)", reply: blocked("OTHER"), finish: "other" },
  ],
  faults: [
    {
      id: "G01",
      what: "the quota of the minute is used up for 47 seconds",
      reply: error(429, "RESOURCE_EXHAUSTED", SENTENCE, [quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"), retryIn("47s")]),
      kind: "rate-limited",
      retryAfter: 47,
    },
    {
      id: "G02",
      what: "the quota of the day is gone, although it names a wait of 53 seconds",
      reply: error(429, "RESOURCE_EXHAUSTED", SENTENCE, [quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), retryIn("53s")]),
      kind: "quota-exhausted",
    },
    {
      id: "doc",
      what: "the account does not get this model at all, although it names a wait of 57 seconds",
      reply: error(429, "RESOURCE_EXHAUSTED", SENTENCE, [
        quota("GenerateContentInputTokensPerModelPerMinute-FreeTier", "0"),
        retryIn("57.315865302s"),
      ]),
      kind: "quota-exhausted",
    },
    {
      id: "doc",
      what: "the credit is used up",
      reply: error(429, "RESOURCE_EXHAUSTED", `Your prepayment credits are depleted. ${SENTENCE}`),
      kind: "quota-exhausted",
    },
    {
      id: "doc",
      what: "the limit that the town set for spending is reached",
      reply: error(429, "RESOURCE_EXHAUSTED", `Your project has exceeded its monthly spending cap. ${SENTENCE}`),
      kind: "quota-exhausted",
    },
    {
      id: "G01",
      what: "the tokens of the minute are used up, with a wait in fractions of a second",
      reply: error(429, "RESOURCE_EXHAUSTED", SENTENCE, [
        quota("GenerateContentInputTokensPerModelPerMinute-FreeTier"),
        retryIn("57.315865302s"),
      ]),
      kind: "rate-limited",
      retryAfter: 57,
    },
    { id: "G03", what: "it asks to wait and says not how long", reply: error(429, "RESOURCE_EXHAUSTED", SENTENCE), kind: "rate-limited" },
    {
      id: "G10",
      what: "the key is wrong, which it says as a wrong request",
      reply: error(400, "INVALID_ARGUMENT", `API key not valid. ${SENTENCE}`, [because("API_KEY_INVALID")]),
      kind: "unauthorized",
    },
    {
      id: "G11",
      what: "it does not serve this country",
      reply: error(400, "FAILED_PRECONDITION", `User location is not supported for the API use. ${SENTENCE}`),
      kind: "unauthorized",
    },
    { id: "G12", what: "the account may not", reply: error(403, "PERMISSION_DENIED", SENTENCE), kind: "unauthorized" },
    { id: "doc", what: "no key came with the request", reply: error(401, "UNAUTHENTICATED", SENTENCE), kind: "unauthorized" },
    { id: "G13", what: "it is overloaded", reply: error(503, "UNAVAILABLE", SENTENCE), kind: "server-error" },
    { id: "G14", what: "it ran out of its own time", reply: error(504, "DEADLINE_EXCEEDED", SENTENCE), kind: "server-error" },
    { id: "G14", what: "it fails on its side", reply: error(500, "INTERNAL", SENTENCE), kind: "server-error" },
    {
      id: "G16",
      what: "the text is too long for the model",
      reply: error(
        400,
        "INVALID_ARGUMENT",
        `The input token count (1200000) exceeds the maximum number of tokens allowed (1048576). ${SENTENCE}`,
      ),
      kind: "prompt-too-long",
    },
    { id: "G16", what: "it has no such model", reply: error(404, "NOT_FOUND", `models/x is not found ${SENTENCE}`), kind: "model-missing" },
    {
      id: "doc",
      what: "nobody of that name speaks this interface",
      reply: { status: 404, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` },
      kind: "misconfigured",
    },
    {
      id: "doc",
      what: "the request is too large for the edge, which answers with a web page",
      reply: { status: 413, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` },
      kind: "prompt-too-long",
    },
    { id: "doc", what: "the request itself is wrong", reply: error(400, "INVALID_ARGUMENT", SENTENCE), kind: "misconfigured" },
    { id: "doc", what: "it answers a status that nobody foresaw", reply: error(418, "TEAPOT", SENTENCE), kind: "unknown" },
  ],
  resetKind: "unreachable",
  followsRedirects: "the legacy SDK calls the global fetch and lets no option but the signal through",
};

export default geminiCase;
