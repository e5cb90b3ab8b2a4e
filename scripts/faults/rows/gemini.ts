import type { Dialect } from "../dialects/dialect.ts";
import { geminiEvent } from "../dialects/gemini.ts";
import type { Reply } from "../http.ts";
import type { Row } from "../row.ts";
import { failFast, retried, retryThenFailover } from "./expectations.ts";
import { good } from "./wire.ts";

const who = ["gemini"] as const;

const error = (code: number, status: string, message = "It did not work.", details?: readonly object[]): Reply => ({
  status: code,
  body: JSON.stringify({ error: { code, message, status, ...(details && { details }) } }),
});
const quota = (per: "Minute" | "Day") => ({
  "@type": "type.googleapis.com/google.rpc.QuotaFailure",
  violations: [
    {
      quotaMetric: "generate_content_free_tier_requests",
      quotaId: `GenerateRequestsPer${per}PerProjectPerModel-FreeTier`,
      quotaValue: "10",
    },
  ],
});
const retryIn = (retryDelay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });
const because = (reason: string) => ({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" });

const events =
  (...lines: readonly string[]) =>
  ({ headers }: Dialect): readonly Reply[] => [{ headers, body: lines }];
const blocked = (blockReason: string) => geminiEvent(undefined, { promptFeedback: { blockReason } });

export const GEMINI_ROWS: readonly Row[] = [
  {
    id: "G01",
    what: "the quota of the minute is full again in 47 seconds",
    who,
    does: () => [error(429, "RESOURCE_EXHAUSTED", undefined, [quota("Minute"), retryIn("47s")])],
    expected: failFast("rate-limited"),
  },
  {
    id: "G01.short",
    what: "the quota of the minute is full again in a second",
    who,
    does: (dialect) => [error(429, "RESOURCE_EXHAUSTED", undefined, [quota("Minute"), retryIn("1s")]), good(dialect)],
    expected: retried("rate-limited"),
  },
  {
    id: "G01.alone",
    what: "the quota of the day is gone, whatever seconds it names, and nobody else is allowed: wait",
    who,
    does: () => [error(429, "RESOURCE_EXHAUSTED", undefined, [quota("Day"), retryIn("1s")])],
    second: "nobody",
    expected: "X quota-exhausted, postponed | X skipped cooling-down, postponed",
  },
  {
    id: "G03",
    what: "it asks to wait and says nothing more: it gets its pause, the next one serves",
    who,
    does: () => [error(429, "RESOURCE_EXHAUSTED")],
    expected: failFast("rate-limited"),
  },
  { id: "G04", what: "the question is blocked, and there is no answer", who, does: events(blocked("SAFETY")), expected: "X refused, stop" },
  {
    id: "G05",
    what: "the answer is blocked without a word",
    who,
    does: events(geminiEvent({ finishReason: "SAFETY" })),
    expected: "X refused, stop",
  },
  {
    id: "G06",
    what: "the answer is prohibited",
    who,
    does: events(geminiEvent({ finishReason: "PROHIBITED_CONTENT" })),
    expected: "X refused, stop",
  },
  {
    id: "G09",
    what: "blocked without a reason, always",
    who,
    does: events(blocked("OTHER")),
    expected: retryThenFailover("invalid-answer"),
  },
  {
    id: "G09.blank",
    what: "an answer of nothing, always",
    who,
    does: events(geminiEvent({ content: { role: "model", parts: [] }, finishReason: "STOP" })),
    expected: retryThenFailover("invalid-answer"),
  },
  {
    id: "G10",
    what: "the key is wrong, which it says as a wrong request",
    who,
    does: () => [error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [because("API_KEY_INVALID")])],
    expected: failFast("unauthorized"),
  },
  {
    id: "G11",
    what: "it does not serve this country",
    who,
    does: () => [error(400, "FAILED_PRECONDITION", "User location is not supported for the API use.")],
    expected: failFast("unauthorized"),
  },
  { id: "G12", what: "the account may not", who, does: () => [error(403, "PERMISSION_DENIED")], expected: failFast("unauthorized") },
  {
    id: "G13",
    what: "it is overloaded",
    who,
    does: () => [error(503, "UNAVAILABLE", "The model is overloaded.")],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "G14",
    what: "it ran out of its own time",
    who,
    does: () => [error(504, "DEADLINE_EXCEEDED")],
    expected: retryThenFailover("server-error"),
  },
  { id: "G14.500", what: "it fails on its side", who, does: () => [error(500, "INTERNAL")], expected: retryThenFailover("server-error") },
  {
    id: "G16",
    what: "the text is too long",
    who,
    does: () => [error(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "G16.model",
    what: "it has no such model",
    who,
    does: () => [error(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta")],
    expected: failFast("model-missing"),
  },
];
