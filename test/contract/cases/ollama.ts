import assert from "node:assert/strict";
import { ollama } from "../../../src/capabilities/completion/ollama.ts";
import type { Reply } from "../../support/stand-in.ts";
import { type ProviderCase, SENTENCE, testConfig } from "../provider-case.ts";

const MODEL = "mistral:latest";
export const answered = { model: MODEL, tokensIn: 402, tokensOut: 17 };

export const part = (content: string, more: object = {}) => ({
  model: MODEL,
  created_at: "2026-11-24T09:00:00.123456789Z",
  message: { role: "assistant", content },
  done: false,
  ...more,
});

export const last = (done_reason: string | undefined, more: object = {}) => ({
  ...part(""),
  done: true,
  ...(done_reason !== undefined && { done_reason }),
  total_duration: 4_935_886_791,
  load_duration: 534_986_708,
  prompt_eval_count: answered.tokensIn,
  prompt_eval_duration: 107_345_000,
  eval_count: answered.tokensOut,
  eval_duration: 4_289_432_000,
  ...more,
});

/** As Ollama streams: one JSON object a line. */
export const ndjson = (...lines: readonly unknown[]): Reply & { readonly body: string } => ({
  headers: { "content-type": "application/x-ndjson" },
  body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
});

const answer = (done_reason: string | undefined, text = '{"verdict":"oui"}', more: object = {}) =>
  ndjson(part(text.slice(0, 3)), part(text.slice(3)), last(done_reason, more));

const error = (status: number, sentence: unknown): Reply => ({ status, body: JSON.stringify({ error: sentence }) });
const page = (status: number): Reply => ({ status, headers: { "content-type": "text/html" }, body: `<html>${SENTENCE}</html>` });

const ollamaCase: ProviderCase = {
  name: "ollama",
  make: (baseUrl, overrides) => ollama(testConfig({ OLLAMA_HOST: baseUrl }, overrides)),
  path: "/api/chat",
  good: (text) => answer("stop", text),
  answered,
  answeredBy: (model) => ndjson(part("{}", { model }), last("stop", { model })),
  idle: [
    ndjson(part("")).body,
    ndjson(part(" ")).body,
    ndjson(part("", { message: { role: "assistant", content: "", thinking: "hm" } })).body,
  ],
  holes: [
    { id: "T15", what: "a line is damaged", event: `{"message":{"content":"${SENTENCE}"\n` },
    { id: "O15", what: "its engine dies in mid-answer", event: `${JSON.stringify({ error: SENTENCE })}\n` },
  ],
  assertBody(body, prompt) {
    assert.deepEqual(body, {
      model: MODEL,
      messages: [
        { role: "system", content: prompt.system },
        { role: "user", content: prompt.user },
      ],
      format: prompt.schema,
      stream: true,
      think: false,
      truncate: false,
      shift: false,
      keep_alive: "10m",
      options: { num_ctx: 8192, num_predict: prompt.maxTokens, temperature: 0 },
    });
  },
  finishes: [
    { word: "stop", reply: answer("stop"), finish: "complete" },
    { word: "length (O10)", reply: answer("length"), finish: "cut" },
    { word: "stop, without a word before it (Q07)", reply: answer("stop", " \n"), finish: "other" },
    { word: "no word at all", reply: answer(undefined), finish: "other" },
    { word: "a word of tomorrow", reply: answer("a_word_of_tomorrow"), finish: "other" },
  ],
  faults: [
    {
      id: "O01",
      what: "it lists the model and does not find it",
      reply: error(404, `model '${SENTENCE}' not found`),
      kind: "server-error",
    },
    {
      id: "O02",
      what: "it lists the model and does not find it, said by the scheduler",
      reply: error(404, `model "${SENTENCE}" not found, try pulling it first`),
      kind: "server-error",
    },
    { id: "O06", what: "it only loaded the model: a bug of ours", reply: ndjson(last("load")), kind: "misconfigured" },
    { id: "O07", what: "it only unloaded the model: a bug of ours", reply: ndjson(last("unload")), kind: "misconfigured" },
    {
      id: "O23",
      what: "it only thought",
      reply: ndjson(part("", { message: { role: "assistant", content: "", thinking: SENTENCE } }), last("stop")),
      kind: "invalid-answer",
    },
    {
      id: "O23",
      what: "all its tokens went into thoughts",
      reply: ndjson(part("", { message: { role: "assistant", content: "", thinking: SENTENCE } }), last("length")),
      kind: "invalid-answer",
    },
    {
      id: "O03",
      what: "its queue is full, which is not a failure",
      reply: error(503, "server busy, please try again.  maximum pending requests exceeded"),
      kind: "busy",
    },
    { id: "T14", what: "a proxy in front of it is down", reply: page(503), kind: "server-error" },
    { id: "T14", what: "a proxy in front of it waits in vain", reply: page(504), kind: "server-error" },
    { id: "doc", what: "another program listens on its port", reply: page(404), kind: "misconfigured" },
    {
      id: "O11",
      what: "it reads an over-long text to the brim of its context only",
      reply: answer("stop", "{}", { prompt_eval_count: 8190, eval_count: 1 }),
      kind: "prompt-too-long",
    },
    {
      id: "O12",
      what: "it forgot the beginning of the text while it answered",
      reply: answer("stop", "{}", { prompt_eval_count: 8000, eval_count: 300 }),
      kind: "prompt-too-long",
    },
    {
      id: "O13",
      what: "the text is longer than its context",
      reply: error(400, `the prompt is longer than the context length currently available to the model; ${SENTENCE}`),
      kind: "prompt-too-long",
    },
    {
      id: "O13",
      what: "the text is longer than its context, said by the engine below",
      reply: error(400, { code: 400, message: SENTENCE, type: "exceed_context_size_error", n_prompt_tokens: 9000, n_ctx: 8192 }),
      kind: "prompt-too-long",
    },
    {
      id: "O15",
      what: "its engine died before the first word",
      reply: error(500, `model runner has unexpectedly stopped, this may be due to resource limitations or an internal error ${SENTENCE}`),
      kind: "server-error",
    },
    { id: "O16", what: "its machine has no memory left", reply: error(500, `out of memory ${SENTENCE}`), kind: "server-error" },
    { id: "O18", what: "the model could not be loaded in time", reply: error(500, `timed out waiting ${SENTENCE}`), kind: "server-error" },
    { id: "O09", what: "the answer ends without its last line", reply: ndjson(part('{"verdict"'), part(":")), kind: "server-error" },
    {
      id: "O15",
      what: "its engine dies in the middle of the answer, and quotes the letter",
      reply: ndjson(part('{"verdict"'), { error: SENTENCE }),
      kind: "server-error",
    },
    {
      id: "T15",
      what: "a line of the answer is damaged, so the answer has a hole",
      reply: {
        ...ndjson(),
        body: `${JSON.stringify(part('{"ver'))}\n{"message":{"content":"${SENTENCE}"\n${JSON.stringify(last("stop"))}\n`,
      },
      kind: "server-error",
    },
    { id: "doc", what: "a line of the answer is no object", reply: { ...ndjson(), body: "7\n" }, kind: "server-error" },
    {
      id: "O26",
      what: "a model on another machine answered",
      reply: ndjson(part("{", { remote_model: "gpt-oss:120b", remote_host: "https://ollama.com:443" }), last("stop")),
      kind: "egress-breach",
    },
    {
      id: "O26",
      what: "a cloud model answered under its own name",
      reply: ndjson(part("{", { model: "gpt-oss:120b-cloud" }), last("stop")),
      kind: "egress-breach",
    },
    {
      id: "O26",
      what: "it may not reach a remote model",
      reply: error(403, `remote inference unavailable ${SENTENCE}`),
      kind: "unauthorized",
    },
    { id: "O27", what: "something between us cancelled the request", reply: error(499, "request canceled"), kind: "server-error" },
    { id: "O28", what: "the model cannot do what is asked", reply: error(400, `invalid format ${SENTENCE}`), kind: "misconfigured" },
    { id: "O29", what: "a proxy asks for a password", reply: page(401), kind: "unauthorized" },
    {
      id: "O29",
      what: "it does not take requests from here",
      reply: { status: 403, headers: { "content-length": "0" } },
      kind: "unauthorized",
    },
    { id: "doc", what: "it answers a status that nobody foresaw", reply: error(418, SENTENCE), kind: "unknown" },
  ],
};

export default ollamaCase;
