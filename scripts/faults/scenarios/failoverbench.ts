import { readConfig } from "../../../src/config.ts";
import { claudeDialect } from "../dialects/claude.ts";
import { at, firstPieces, whole } from "../dialects/dialect.ts";
import { openaiDialect } from "../dialects/openai.ts";
import type { Question, Reply } from "../http.ts";
import { GOOD } from "../question.ts";
import { openaiError } from "../rows/openai.ts";
import type { Scenario, Seen } from "./wall.ts";

const FRESH = readConfig({});

const good = (more: Partial<Reply> = {}): Reply => ({ ...whole(openaiDialect, GOOD), ...more });
const firstPart = (share: number): Reply => ({ headers: openaiDialect.headers, body: firstPieces(openaiDialect, GOOD, share) });
const overloaded = openaiError(503, "server_is_overloaded", "server_error");

const atMost =
  (count: number, withinS = Number.POSITIVE_INFINITY) =>
  ({ primaryAtS }: Seen): string | undefined => {
    const attempts = primaryAtS.filter((second) => second <= withinS).length;
    return attempts <= count ? undefined : `${attempts} attempts on the first provider`;
  };
const atLeastTwo = ({ primaryAtS }: Seen): string | undefined => (primaryAtS.length >= 2 ? undefined : "not asked again");
const within =
  (limitS: number) =>
  ({ totalS, walked }: Seen): string | undefined =>
    totalS <= limitS ? undefined : `took ${totalS.toFixed(1)} s: ${walked.said}`;
const hasUsage = ({ walked }: Seen): string | undefined => {
  const answered = walked.entries.find((entry) => entry.event === "answered");
  return answered?.event === "answered" && answered.tokensIn !== undefined && answered.tokensOut !== undefined ? undefined : "no usage";
};
const all =
  (...checks: readonly ((seen: Seen) => string | undefined)[]) =>
  (seen: Seen): string | undefined =>
    checks.map((check) => check(seen)).find((word) => word !== undefined);

/** S01's two attempts lie at least 1.8 s apart. */
const keepsApart = ({ primaryAtS: [first = 0, second] }: Seen): string | undefined =>
  second !== undefined && second - first >= 1.8 ? undefined : "not asked again after the time it named";

const isFallbackModel = ({ walked: { outcome } }: Seen): string | undefined =>
  outcome.kind === "answered" && outcome.by.model === claudeDialect.model ? undefined : "another model is reported";

/** A client that goes on where another model stopped ends the messages with the assistant's. */
function rejectsPrefill({ body }: Question): Reply {
  const messages = at(body, "messages");
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (at(last, "role") !== "assistant") return whole(claudeDialect, GOOD);
  return { status: 400, body: '{"type":"error","error":{"type":"invalid_request_error","message":"invalid_prefill"}}' };
}

/** Written from the scenario table of faults.md. S15 is a file of its own. */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: "S01",
    what: "429 with Retry-After: 2, once",
    upstream: ({ nth }) => (nth === 0 ? openaiError(429, "rate_limit_exceeded", "rate_limit_error", { "retry-after": "2" }) : good()),
    required: atMost(2, 1.5),
    advised: keepsApart,
    hardStopS: 20,
  },
  {
    id: "S02",
    what: "429 always, no header",
    upstream: () => openaiError(429, "rate_limit_exceeded", "rate_limit_error"),
    required: all(atMost(4, 3), atMost(6)),
    hardStopS: 40,
  },
  {
    id: "S03",
    what: "500 once",
    upstream: ({ nth }) => (nth === 0 ? openaiError(500, null, "server_error") : good()),
    advised: atLeastTwo,
    hardStopS: 20,
  },
  { id: "S04", what: "503 always", upstream: () => overloaded, required: atMost(6), hardStopS: 40 },
  { id: "S05", what: "a reset before the headers, once", upstream: ({ nth }) => (nth === 0 ? { ending: "reset" } : good()), hardStopS: 20 },
  {
    id: "S06",
    what: "takes the question, silent for 120 s",
    mostScale: 10,
    upstream: (_, s) => ({ ending: "hang", hangMs: s(120) }),
    required: within(100),
    advised: atMost(1),
    hardStopS: 130,
  },
  {
    id: "S07",
    what: "headers at once, the first token after 20 s",
    mostScale: 2,
    upstream: (_, s) => good({ thinkMs: s(20) }),
    advised: within(15),
    hardStopS: 60,
  },
  {
    id: "S07.default",
    what: "the same under the clock of a fresh installation: a model that thinks may need so long",
    mostScale: 2,
    firstS: FRESH.CLOUD_FIRST_TOKEN_S,
    upstream: (_, s) => good({ thinkMs: s(20) }),
    advised: ({ totalS, walked }) => (totalS <= 15 ? undefined : `after more than 15 s: ${walked.said}`),
    expected: "partial (after more than 15 s: openai answered)",
    hardStopS: 60,
  },
  { id: "S08", what: "cut after 40 of 60 tokens", upstream: () => ({ ...firstPart(2 / 3), ending: "close" }), hardStopS: 40 },
  {
    id: "S09",
    what: "stalls after 20 tokens for 30 s, then closes",
    mostScale: 5,
    upstream: (_, s) => ({ ...firstPart(1 / 3), ending: "hang", hangMs: s(30) }),
    required: within(45),
    hardStopS: 70,
  },
  {
    id: "S10",
    what: "the tenth event is no JSON",
    upstream() {
      const pieces = openaiDialect.pieces(GOOD);
      return { headers: openaiDialect.headers, body: [...pieces.slice(0, 9), openaiDialect.damaged, ...pieces.slice(10)] };
    },
    hardStopS: 30,
  },
  {
    id: "S11",
    what: "no [DONE], and the connection stays open",
    upstream: () => ({ headers: openaiDialect.headers, body: openaiDialect.pieces(GOOD).slice(0, -1), ending: "hang" }),
    required: within(8),
    advised: hasUsage,
    hardStopS: 30,
  },
  {
    id: "S12",
    what: "400 context_length_exceeded always: one attempt, and the text goes to nobody else",
    upstream: () => openaiError(400, "context_length_exceeded"),
    required: ({ primaryAtS }) => (primaryAtS.length === 1 ? undefined : `${primaryAtS.length} attempts`),
    // A text is measured and cut before it is asked about. One that is refused all the same is an error of ours, which no
    // other company is asked to mend: issue 3, "bad input never sends the text to the next provider".
    expected: "safe (openai prompt-too-long, stop)",
    hardStopS: 20,
  },
  {
    id: "S13",
    what: "400 content_policy_violation: one attempt, and a person",
    upstream: () => openaiError(400, "content_policy_violation"),
    required: atMost(1),
    errorIs: "pass",
    hardStopS: 20,
  },
  {
    id: "S14",
    what: "cut after 40 of 60 tokens, and the fallback takes no half answer to go on with",
    upstream: () => ({ ...firstPart(2 / 3), ending: "close" }),
    fallback: rejectsPrefill,
    hardStopS: 40,
  },
  {
    id: "S16",
    what: "503 on the first provider: the model that answered is the one reported",
    upstream: () => overloaded,
    required: all(isFallbackModel, atMost(6)),
    advised: hasUsage,
    hardStopS: 40,
  },
];
