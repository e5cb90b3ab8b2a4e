import { whole } from "../dialects/dialect.ts";
import type { Reply } from "../http.ts";
import { GOOD } from "../question.ts";
import type { Row } from "../row.ts";
import { failFast, isTwiceAsLong, retried, retryThenFailover } from "./expectations.ts";
import { good } from "./wire.ts";

const who = ["openai"] as const;

/** OpenAI's own envelope, which quotes nothing here and often does. */
export const openaiError = (
  status: number,
  code: string | null,
  type = "invalid_request_error",
  headers: Readonly<Record<string, string>> = {},
): Reply => ({ status, headers, body: JSON.stringify({ error: { message: "It did not work.", type, param: null, code } }) });

const tooMany = (headers: Readonly<Record<string, string>> = {}): Reply => openaiError(429, "rate_limit_exceeded", "requests", headers);
const refusal = "Je suis désolé, mais je ne peux pas vous aider avec ce texte.";

export const OPENAI_ROWS: readonly Row[] = [
  {
    id: "A01",
    what: "the text is too long for the model",
    who,
    does: () => [openaiError(400, "context_length_exceeded")],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "A02",
    what: "it will not read this text",
    who,
    does: () => [openaiError(400, "content_policy_violation")],
    expected: "X refused, stop",
  },
  { id: "A03", what: "the key is wrong", who, does: () => [openaiError(401, "invalid_api_key")], expected: failFast("unauthorized") },
  {
    id: "A04",
    what: "it does not serve this country",
    who,
    does: () => [openaiError(403, "unsupported_country_region_territory", "request_forbidden")],
    expected: failFast("unauthorized"),
  },
  { id: "A05", what: "it has no such model", who, does: () => [openaiError(404, "model_not_found")], expected: failFast("model-missing") },
  {
    id: "A06",
    what: "it asks to wait a second: waited, asked again",
    who,
    does: (dialect) => [tooMany({ "retry-after": "1" }), good(dialect)],
    expected: retried("rate-limited"),
  },
  {
    id: "A06.reset",
    what: "its used-up budget is full again in 800 ms",
    who,
    does: (dialect) => [tooMany({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "800ms" }), good(dialect)],
    expected: retried("rate-limited"),
  },
  {
    id: "A06.long",
    what: "it asks to wait a minute: the next one, and it is left alone",
    who,
    does: () => [tooMany({ "retry-after": "60" })],
    expected: failFast("rate-limited"),
  },
  {
    id: "A06.alone",
    what: "it asks to wait a minute and nobody else is allowed: wait",
    who,
    does: () => [tooMany({ "retry-after": "60" })],
    second: "nobody",
    expected: "X rate-limited, postponed | X skipped cooling-down, postponed",
  },
  {
    id: "A08",
    what: "it fails on its side, always",
    who,
    does: () => [openaiError(500, null, "server_error")],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "A08.once",
    what: "it fails on its side, once",
    who,
    does: (dialect) => [openaiError(500, null, "server_error"), good(dialect)],
    expected: retried("server-error"),
  },
  {
    id: "A08.alone",
    what: "it fails for longer and nobody else is allowed: the job ends by its own attempts, then waits",
    who,
    does: () => [openaiError(500, null, "server_error")],
    second: "nobody",
    expected: "X server-error, X server-error, stop | X skipped cooling-down, postponed",
  },
  {
    id: "A09",
    what: "it is overloaded",
    who,
    does: () => [openaiError(503, "server_is_overloaded", "server_error")],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "A09.slow",
    what: "it asks to slow down: it gets its pause, the next one serves",
    who,
    does: () => [openaiError(429, "slow_down")],
    expected: failFast("rate-limited"),
  },
  {
    id: "A11",
    what: "a refusal written as an ordinary sentence: a person, no second question",
    who,
    does: (dialect) => [whole(dialect, refusal)],
    expected: "X refused, stop",
  },
  {
    id: "A12",
    what: "the answer reached its length limit: once more with twice the room",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 200), { ending: "cut" }), good(dialect)],
    check: isTwiceAsLong,
    expected: retried("truncated"),
  },
  {
    id: "A12.always",
    what: "the answer always reaches its length limit, even with a whole object in it",
    who,
    does: (dialect) => [whole(dialect, GOOD, { ending: "cut" })],
    expected: retryThenFailover("truncated"),
  },
  {
    id: "A13",
    what: "its filter stopped the answer: a person",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 90), { ending: "refused" })],
    expected: "X refused, stop",
  },
  { id: "A14", what: "our schema is wrong", who, does: () => [openaiError(400, "invalid_json_schema")], expected: "X misconfigured, stop" },
];
