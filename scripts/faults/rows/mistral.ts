import { whole } from "../dialects/dialect.ts";
import type { Reply } from "../http.ts";
import { GOOD } from "../question.ts";
import type { Row } from "../row.ts";
import { failFast, isTwiceAsLong, retried } from "./expectations.ts";
import { good } from "./wire.ts";

const who = ["mistral"] as const;

const error = (
  status: number,
  type: string,
  code: string | null,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({
  status,
  headers,
  body: JSON.stringify({ object: "error", message, type, param: null, code, raw_status_code: status }),
});
const extra = { detail: [{ type: "extra_forbidden", loc: ["body", "store"], msg: "Extra inputs are not permitted", input: false }] };
const full = "Service tier capacity exceeded for this model.";

export const MISTRAL_ROWS: readonly Row[] = [
  {
    id: "M01",
    what: "a field of another vendor is in our request",
    who,
    does: () => [error(422, "invalid_request_error", null, extra)],
    expected: "X misconfigured, stop",
  },
  {
    id: "M03",
    what: "it asks to wait and does not say how long: it gets its pause, the next one serves",
    who,
    does: () => [error(429, "rate_limited", "1300", "Rate limit exceeded")],
    expected: failFast("rate-limited"),
  },
  {
    id: "M03.short",
    what: "it asks to wait a second",
    who,
    does: (dialect) => [error(429, "rate_limited", "1300", "Rate limit exceeded", { "retry-after": "1" }), good(dialect)],
    expected: retried("rate-limited"),
  },
  {
    id: "M04",
    what: "its machines are full: the next one at once, whatever a header promises",
    who,
    does: () => [error(429, "invalid_request_error", "3505", full, { "retry-after": "1" })],
    expected: failFast("rate-limited"),
  },
  {
    id: "M04.503",
    what: "its machines are full, said with 503",
    who,
    does: () => [error(503, "service_tier_capacity_exceeded", "3505", full)],
    expected: failFast("rate-limited"),
  },
  {
    id: "M06",
    what: "the text is too long",
    who,
    does: () => [
      error(400, "invalid_request_prompt", "3051", "Prompt contains 300000 tokens, too large for model with 131072 maximum context length"),
    ],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "M07",
    what: "the answer reached its length limit",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 200), { ending: "cut" }), good(dialect)],
    check: isTwiceAsLong,
    expected: retried("truncated"),
  },
  {
    id: "M07.model",
    what: "the answer reached the model's own limit",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 200), { word: "model_length" }), good(dialect)],
    check: isTwiceAsLong,
    expected: retried("truncated"),
  },
  {
    id: "M08",
    what: "it wants to be paid",
    who,
    does: () => [error(402, "payment_required", null, "Payment required")],
    expected: failFast("quota-exhausted"),
  },
  {
    id: "M10",
    what: "it has no such model",
    who,
    does: () => [error(400, "invalid_model", "1500", "Invalid model: mistral-tiny-9")],
    expected: failFast("model-missing"),
  },
];
