import { claudeErrorEvent } from "../dialects/claude.ts";
import { firstPieces, whole } from "../dialects/dialect.ts";
import type { Reply } from "../http.ts";
import { GOOD } from "../question.ts";
import type { Row } from "../row.ts";
import { failFast, isTwiceAsLong, retried, retryThenFailover } from "./expectations.ts";
import { good } from "./wire.ts";

const who = ["claude"] as const;

const error = (status: number, type: string, message = "It did not work.", headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" }),
});

export const CLAUDE_ROWS: readonly Row[] = [
  {
    id: "C01",
    what: "it is overloaded",
    who,
    does: () => [error(529, "overloaded_error", "Overloaded")],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "C01.once",
    what: "it is overloaded for a moment",
    who,
    does: (dialect) => [error(529, "overloaded_error", "Overloaded"), good(dialect)],
    expected: retried("server-error"),
  },
  {
    id: "C03",
    what: "an error event after some words: discarded",
    who,
    does: (dialect) => [
      { headers: dialect.headers, body: [...firstPieces(dialect, GOOD), claudeErrorEvent("overloaded_error", "Overloaded")] },
    ],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "C04",
    what: "it asks to wait a second",
    who,
    does: (dialect) => [error(429, "rate_limit_error", undefined, { "retry-after": "1" }), good(dialect)],
    expected: retried("rate-limited"),
  },
  {
    id: "C04.long",
    what: "it asks to wait a minute",
    who,
    does: () => [error(429, "rate_limit_error", undefined, { "retry-after": "60" })],
    expected: failFast("rate-limited"),
  },
  {
    id: "C06",
    what: "the text is too long",
    who,
    does: () => [error(400, "invalid_request_error", "prompt is too long: 200256 tokens > 199999 maximum")],
    expected: "X prompt-too-long, stop",
  },
  { id: "C07", what: "the request is too large", who, does: () => [error(413, "request_too_large")], expected: "X prompt-too-long, stop" },
  {
    id: "C07.edge",
    what: "the request is too large for the edge, which sends a web page",
    who,
    does: () => [{ status: 413, headers: { "content-type": "text/html" }, body: "<html>413</html>" }],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "C08",
    what: "the key is wrong",
    who,
    does: () => [error(401, "authentication_error", "invalid x-api-key")],
    expected: failFast("unauthorized"),
  },
  {
    id: "C08.permission",
    what: "the account may not",
    who,
    does: () => [error(403, "permission_error")],
    expected: failFast("unauthorized"),
  },
  {
    id: "C09",
    what: "it will not answer this text",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 90), { ending: "refused" })],
    expected: "X refused, stop",
  },
  {
    id: "C10",
    what: "the answer reached its length limit",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 200), { ending: "cut" }), good(dialect)],
    check: isTwiceAsLong,
    expected: retried("truncated"),
  },
  {
    id: "C12",
    what: "the model is retired",
    who,
    does: () => [error(404, "not_found_error", "model: claude-haiku-4-5")],
    expected: failFast("model-missing"),
  },
  { id: "C13", what: "it fails on its side", who, does: () => [error(500, "api_error")], expected: retryThenFailover("server-error") },
  {
    id: "C13.billing",
    what: "the bill is not paid",
    who,
    does: () => [error(402, "billing_error")],
    expected: failFast("quota-exhausted"),
  },
];
