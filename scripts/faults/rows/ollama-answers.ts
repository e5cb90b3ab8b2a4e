import { at, whole } from "../dialects/dialect.ts";
import { ollamaLast, ollamaLine } from "../dialects/ollama.ts";
import type { Question, Reply } from "../http.ts";
import { GOOD, LETTER } from "../question.ts";
import type { Row } from "../row.ts";
import { isTwiceAsLong, isUnasked, retried, retryThenFailover } from "./expectations.ts";
import { good } from "./wire.ts";

const who = ["ollama"] as const;

const lines = (...body: readonly string[]): Reply => ({ headers: { "content-type": "application/x-ndjson" }, body });
const counted = (counts: object): Reply => lines(ollamaLine({ message: { role: "assistant", content: GOOD } }), ollamaLast("stop", counts));
/** Every question alike: another context or life span makes Ollama load the model again. */
function areAlike(questions: readonly Question[]): string | undefined {
  const habits = new Set(questions.map(({ body }) => JSON.stringify([at(body, "options", "num_ctx"), at(body, "keep_alive")])));
  return habits.size === 1 && ![...habits].join().includes("null") ? undefined : `${habits.size} different habits`;
}

function isOneMessage(questions: readonly Question[]): string | undefined {
  const messages = at(questions[0]?.body, "messages");
  const users = Array.isArray(messages) ? messages.filter((message) => at(message, "role") === "user").length : 0;
  return users === 1 ? undefined : `${users} messages of the user`;
}

const isNative = (questions: readonly Question[]): string | undefined =>
  questions.every(({ path, body }) => path === "/api/chat" && at(body, "options", "num_ctx") === 8192) ? undefined : "not the native API";

/** What Ollama answers, or would, where the answer is none or the question should never have been asked. */
export const OLLAMA_ANSWER_ROWS: readonly Row[] = [
  {
    id: "O06",
    what: "it only loaded the model: a bug of ours",
    who,
    does: () => [lines(ollamaLast("load"))],
    expected: "X misconfigured, stop",
  },
  {
    id: "O07",
    what: "it only unloaded the model: a bug of ours",
    who,
    does: () => [lines(ollamaLast("unload"))],
    expected: "X misconfigured, stop",
  },
  {
    id: "O09",
    what: "the answer has no last line",
    who,
    does: (dialect) => [{ ...good(dialect), body: dialect.pieces(GOOD).slice(0, -1) }, good(dialect)],
    expected: retried("server-error"),
  },
  {
    id: "O10",
    what: "the answer reached its length limit",
    who,
    does: (dialect) => [whole(dialect, GOOD.slice(0, 200), { ending: "cut" }), good(dialect)],
    check: isTwiceAsLong,
    expected: retried("truncated"),
  },
  {
    id: "O11",
    what: "it read exactly half a context of a longer text",
    who,
    letter: LETTER.repeat(150),
    does: () => [counted({ prompt_eval_count: 4_098 })],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "O11.brim",
    what: "it read a context full to the brim",
    who,
    does: () => [counted({ prompt_eval_count: 8_190, eval_count: 1 })],
    expected: "X prompt-too-long, stop",
  },
  {
    id: "O12",
    what: "it forgot the beginning while it answered",
    who,
    does: () => [counted({ prompt_eval_count: 8_000, eval_count: 300 })],
    check: isOneMessage,
    expected: "X prompt-too-long, stop",
  },
  {
    id: "O13.before",
    what: "the text is far longer than any context: not even sent",
    who,
    letter: LETTER.repeat(600),
    does: (dialect) => [good(dialect)],
    check: isUnasked,
    expected: "X prompt-too-long, stop",
  },
  {
    id: "O14",
    what: "it is asked through its native API, with its context",
    who,
    does: (dialect) => [good(dialect)],
    check: isNative,
    expected: "X answered",
  },
  {
    id: "O19",
    what: "the model must be loaded first, which takes longer than reading",
    who,
    ollama: { loaded: [] },
    clocks: { firstS: 0.5, loadS: 15 },
    does: (dialect) => [{ ...good(dialect), waitMs: 1_500 }],
    expected: "X answered",
  },
  {
    id: "O20",
    what: "two questions do not make it load the model twice",
    who,
    does: (dialect) => [good(dialect)],
    check: areAlike,
    expected: "X answered | X answered",
  },
  {
    id: "O23",
    what: "it only thinks, always",
    who,
    does: () => [lines(ollamaLine({ message: { role: "assistant", content: "", thinking: "Voyons voir." } }), ollamaLast("stop"))],
    expected: retryThenFailover("invalid-answer"),
  },
  {
    id: "O24",
    what: "it does not keep to the shape",
    who,
    does: (dialect) => [whole(dialect, "Voici : tout va bien.")],
    expected: retryThenFailover("invalid-answer"),
  },
  {
    id: "O26",
    what: "a model on another machine answered: nothing more is sent to anybody",
    who,
    does: () => [
      lines(
        ollamaLine({ remote_host: "https://ollama.com:443", remote_model: "gpt-oss:120b", message: { role: "assistant", content: "{" } }),
        ollamaLast("stop"),
      ),
    ],
    expected: "X egress-breach, stop",
  },
  {
    id: "O26.before",
    what: "its model lies on another machine: refused before anything is sent",
    who,
    ollama: { remote: "https://ollama.com:443" },
    does: (dialect) => [good(dialect)],
    check: isUnasked,
    expected: "X egress-breach, stop",
  },
];
