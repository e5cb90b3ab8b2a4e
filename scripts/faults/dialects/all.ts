import type { ProviderName } from "../../../src/config.ts";
import { claudeDialect } from "./claude.ts";
import type { Dialect } from "./dialect.ts";
import { geminiDialect } from "./gemini.ts";
import { mistralDialect } from "./mistral.ts";
import { ollamaDialect } from "./ollama.ts";
import { openaiDialect } from "./openai.ts";

export const DIALECTS: Readonly<Record<ProviderName, Dialect>> = {
  ollama: ollamaDialect,
  openai: openaiDialect,
  claude: claudeDialect,
  mistral: mistralDialect,
  gemini: geminiDialect,
};

/** Who comes after whom in the cells: each of the clouds is the second of somebody. */
export const NEXT: Readonly<Record<ProviderName, Exclude<ProviderName, "ollama">>> = {
  ollama: "openai",
  openai: "claude",
  claude: "mistral",
  mistral: "gemini",
  gemini: "openai",
};
