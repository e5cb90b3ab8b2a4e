import { OLLAMA_MODEL } from "../dialects/ollama.ts";
import type { Reply } from "../http.ts";
import type { Row } from "../row.ts";
import { failFast, isUnasked, retried, retryThenFailover } from "./expectations.ts";
import { good } from "./wire.ts";

const who = ["ollama"] as const;

const error = (status: number, sentence: string): Reply => ({ status, body: JSON.stringify({ error: sentence }) });
const busy = error(503, "server busy, please try again.  maximum pending requests exceeded");

/** What Ollama refuses, and what it never answers. */
export const OLLAMA_ROWS: readonly Row[] = [
  {
    id: "O01",
    what: "the model is listed and yet not found",
    who,
    does: () => [error(404, `model '${OLLAMA_MODEL}' not found`)],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "O01.unlisted",
    what: "the model is not there: nobody is asked in vain, the next one serves",
    who,
    ollama: { models: ["llama3:latest"] },
    does: (dialect) => [good(dialect)],
    check: isUnasked,
    expected: failFast("model-missing"),
  },
  {
    id: "O02",
    what: "the model is listed and yet not found, said by the scheduler",
    who,
    does: () => [error(404, `model "${OLLAMA_MODEL}" not found, try pulling it first`)],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "O03",
    what: "its own queue is full: no failure, and asked again with the next question",
    who,
    does: () => [busy],
    expected: "X busy, Y answered | X busy, Y answered",
  },
  {
    id: "O03.wait",
    what: "its own queue is full for a moment: waited for",
    who,
    patienceMs: 10_000,
    does: (dialect) => [busy, good(dialect)],
    expected: retried("busy"),
  },
  {
    id: "O13",
    what: "the text is longer than its context",
    who,
    does: () => [error(400, "the prompt is longer than the context length currently available to the model; shorten it")],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "O15",
    what: "its runner has stopped",
    who,
    does: () => [
      error(
        500,
        "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details",
      ),
    ],
    expected: retryThenFailover("server-error"),
  },
  {
    id: "O16",
    what: "its engine has ended for lack of memory: bounded, and then left alone",
    who,
    does: () => [error(500, "llama-server process has terminated: signal: killed")],
    expected: `${retryThenFailover("server-error")} | X skipped cooling-down, Y answered`,
  },
  {
    id: "O18",
    what: "the model could not be loaded in time: bounded, and then left alone",
    who,
    does: () => [error(500, "timed out waiting for llama-server to start")],
    expected: `${retryThenFailover("server-error")} | X skipped cooling-down, Y answered`,
  },
  {
    id: "O21",
    what: "it lists its models and never answers: left alone",
    who,
    ollama: { isDeaf: true },
    clocks: { firstS: 0.5, loadS: 0.5 },
    does: () => [{ ending: "hang" }],
    expected: "X timed-out, Y answered | X timed-out, Y answered | X skipped cooling-down, Y answered",
  },
  {
    id: "O28",
    what: "it cannot do what the question asks for",
    who,
    does: () => [error(400, "invalid format: expected object")],
    expected: "X misconfigured, stop",
  },
  { id: "O29", what: "a proxy in front of it refuses us", who, does: () => [error(403, "forbidden")], expected: failFast("unauthorized") },
];
