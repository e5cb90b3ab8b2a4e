import { type Dialect, data, numberAt, tokensOf } from "./dialect.ts";

const MODEL = "mistral-small-2603";
const [tokensIn, tokensOut] = [388, 74];
const WORDS = { complete: "stop", cut: "length", refused: "error" } as const;

const chunk = (model: string, delta: object, finish_reason: string | null = null) => ({
  id: "cmpl-1",
  object: "chat.completion.chunk",
  created: 1_793_000_000,
  model,
  choices: [{ index: 0, delta, finish_reason }],
});

/** Mistral's chat completions as server-sent events. */
export const mistralDialect: Dialect = {
  name: "mistral",
  model: MODEL,
  tokensIn,
  tokensOut,
  settings: (url) => ({ MISTRAL_API_KEY: "stand-in", MISTRAL_MODEL: "mistral-small-latest", MISTRAL_BASE_URL: url }),
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  pieces: (text, { ending = "complete", word = WORDS[ending], model = MODEL } = {}) => [
    data(chunk(model, { role: "assistant", content: "" })),
    ...tokensOf(text).map((content) => data(chunk(model, { content }))),
    data({
      ...chunk(model, { content: "" }, word),
      usage: { prompt_tokens: tokensIn, completion_tokens: tokensOut, total_tokens: tokensIn + tokensOut },
    }),
    "data: [DONE]\n\n",
  ],
  tail: 2,
  damaged: 'data: {"id":"cmpl-1","choices":[{"delta":{"content":"hal\n\n',
  limitOf: (body) => numberAt(body, "max_tokens"),
};
