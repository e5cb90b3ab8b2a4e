import { type Dialect, numberAt, tokensOf } from "./dialect.ts";

const MODEL = "claude-haiku-4-5-20251001";
const [tokensIn, tokensOut] = [412, 71];
const WORDS = { complete: "end_turn", cut: "max_tokens", refused: "refusal" } as const;

const event = (type: string, more: object = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const start = (model: string): string =>
  event("message_start", {
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: tokensIn, output_tokens: 1 },
    },
  });

/** Anthropic's messages as named server-sent events. */
export const claudeDialect: Dialect = {
  name: "claude",
  model: MODEL,
  tokensIn,
  tokensOut,
  settings: (url) => ({ ANTHROPIC_API_KEY: "stand-in", ANTHROPIC_MODEL: "claude-haiku-4-5", ANTHROPIC_BASE_URL: url }),
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  pieces: (text, { ending = "complete", word = WORDS[ending], model = MODEL } = {}) => [
    start(model),
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    event("ping"),
    ...tokensOf(text).map((words) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text: words } })),
    event("content_block_stop", { index: 0 }),
    event("message_delta", { delta: { stop_reason: word, stop_sequence: null }, usage: { output_tokens: tokensOut } }),
    event("message_stop"),
  ],
  tail: 3,
  damaged: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"text":"hal\n\n',
  limitOf: (body) => numberAt(body, "max_tokens"),
};

/** An error in the place of an event. */
export const claudeErrorEvent = (type: string, message: string): string => event("error", { error: { type, message } });
