import { type Dialect, data, numberAt, tokensOf } from "./dialect.ts";

const MODEL = "gpt-5-mini-2025-08-07";
const [tokensIn, tokensOut] = [401, 77];
const WORDS = { complete: "stop", cut: "length", refused: "content_filter" } as const;

const chunk = (model: string, delta: object, finish_reason: string | null = null) => ({
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1_793_000_000,
  model,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  usage: null,
});

/** OpenAI's chat completions as server-sent events. */
export const openaiDialect: Dialect = {
  name: "openai",
  model: MODEL,
  tokensIn,
  tokensOut,
  settings: (url) => ({ OPENAI_API_KEY: "stand-in", OPENAI_MODEL: "gpt-5-mini", OPENAI_BASE_URL: `${url}/v1` }),
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  pieces: (text, { ending = "complete", word = WORDS[ending], model = MODEL } = {}) => [
    data(chunk(model, { role: "assistant", content: "", refusal: null })),
    ...tokensOf(text).map((content) => data(chunk(model, { content }))),
    data(chunk(model, {}, word)),
    data({
      ...chunk(model, {}),
      choices: [],
      usage: { prompt_tokens: tokensIn, completion_tokens: tokensOut, total_tokens: tokensIn + tokensOut },
    }),
    "data: [DONE]\n\n",
  ],
  tail: 3,
  damaged: 'data: {"id":"chatcmpl-1","choices":[{"delta":{"content":"hal\n\n',
  limitOf: (body) => numberAt(body, "max_completion_tokens"),
};
