import { type Dialect, data, numberAt, tokensOf } from "./dialect.ts";

const MODEL = "gemini-2.5-flash-001";
const [tokensIn, tokensOut] = [395, 69];
const WORDS = { complete: "STOP", cut: "MAX_TOKENS", refused: "SAFETY" } as const;

/** One event of Gemini's stream. */
export const geminiEvent = (candidate: object | undefined, more: object = {}): string =>
  data({
    ...(candidate && { candidates: [{ index: 0, ...candidate }] }),
    usageMetadata: { promptTokenCount: tokensIn, candidatesTokenCount: tokensOut, totalTokenCount: tokensIn + tokensOut },
    modelVersion: MODEL,
    responseId: "r1",
    ...more,
  });

const part = (text: string) => ({ content: { role: "model", parts: [{ text }] } });

/** Google's generateContent as server-sent events. */
export const geminiDialect: Dialect = {
  name: "gemini",
  model: MODEL,
  tokensIn,
  tokensOut,
  settings: (url) => ({ GEMINI_API_KEY: "stand-in", GEMINI_MODEL: "gemini-2.5-flash", GEMINI_BASE_URL: url }),
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  pieces: (text, { ending = "complete", word = WORDS[ending], model = MODEL } = {}) => [
    ...tokensOf(text).map((words) => geminiEvent(part(words), { modelVersion: model })),
    geminiEvent({ ...part(""), finishReason: word }, { modelVersion: model }),
  ],
  tail: 1,
  damaged: 'data: {"candidates":[{"content":{"parts":[{"text":"hal\n\n',
  limitOf: (body) => numberAt(body, "generationConfig", "maxOutputTokens"),
};
