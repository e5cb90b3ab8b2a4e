import type { Reply } from "../http.ts";
import { at, type Dialect, numberAt, tokensOf } from "./dialect.ts";

export const OLLAMA_MODEL = "mistral:latest";
const [tokensIn, tokensOut] = [402, 73];
const WORDS = { complete: "stop", cut: "length", refused: "stop" } as const;

/** One line of Ollama's stream. */
export const ollamaLine = (more: object): string =>
  `${JSON.stringify({ model: OLLAMA_MODEL, created_at: "2026-11-25T09:00:00.123456789Z", done: false, ...more })}\n`;

const word = (content: string, model = OLLAMA_MODEL): string => ollamaLine({ model, message: { role: "assistant", content } });

/** Its last line. */
export const ollamaLast = (done_reason: string | undefined, more: object = {}): string =>
  ollamaLine({
    message: { role: "assistant", content: "" },
    done: true,
    ...(done_reason !== undefined && { done_reason }),
    total_duration: 4_935_886_791,
    load_duration: 534_986_708,
    prompt_eval_count: tokensIn,
    prompt_eval_duration: 107_345_000,
    eval_count: tokensOut,
    eval_duration: 4_289_432_000,
    ...more,
  });

const details = { format: "gguf", family: "llama", families: ["llama"], parameter_size: "7.2B", quantization_level: "Q4_K_M" };
const listed = (name: string) => ({ name, model: name, modified_at: "2026-11-01T10:00:00Z", size: 4_372_824_384, digest: "f974", details });

export interface OllamaState {
  /** As `ollama list` shows it. */
  readonly models?: readonly string[];
  /** As `ollama ps` shows it. */
  readonly loaded?: readonly string[];
  /** Its models lie on this machine instead. */
  readonly remote?: string;
  /** Not even one word comes. */
  readonly isDeaf?: boolean;
}

/** Everything but a question: what is there, what is loaded, and the word or two by which somebody finds out whether it is free. */
export const ollamaAside =
  ({ models = [OLLAMA_MODEL], loaded = [OLLAMA_MODEL], remote, isDeaf }: OllamaState = {}) =>
  (path: string, body: unknown): Reply | undefined => {
    if (path === "/api/tags")
      return {
        body: JSON.stringify({
          models: models.map((name) => ({ ...listed(name), ...(remote && { remote_host: remote, remote_model: name }) })),
        }),
      };
    if (path === "/api/ps") {
      const running = loaded.map((name) => ({ ...listed(name), expires_at: "2099-01-01T00:00:00Z", size_vram: 1, context_length: 8192 }));
      return { body: JSON.stringify({ models: running }) };
    }
    if (path === "/api/version") return { body: JSON.stringify({ version: "0.24.1" }) };
    if (path === "/api/show") return { body: JSON.stringify({ details, model_info: {}, capabilities: ["completion"] }) };
    // Each of our questions asks for a shape; whatever does not is no question.
    if (at(body, "format") !== undefined) return undefined;
    if (isDeaf) return { ending: "hang" };
    return { headers: { "content-type": "application/x-ndjson" }, body: [word("."), ollamaLast("stop", { response: "." })] };
  };

/** Ollama's native chat as lines of JSON. */
export const ollamaDialect: Dialect = {
  name: "ollama",
  model: OLLAMA_MODEL,
  tokensIn,
  tokensOut,
  settings: (url) => ({ OLLAMA_HOST: url, OLLAMA_MODEL }),
  headers: { "content-type": "application/x-ndjson" },
  pieces: (text, { ending = "complete", word: said = WORDS[ending], model = OLLAMA_MODEL } = {}) => [
    ...tokensOf(text).map((words) => word(words, model)),
    ollamaLast(said, { model }),
  ],
  tail: 1,
  damaged: '{"model":"mistral:latest","message":{"content":"hal\n',
  aside: ollamaAside(),
  limitOf: (body) => numberAt(body, "options", "num_predict"),
};
