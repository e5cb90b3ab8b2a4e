import type { Config, ProviderName } from "../../config.ts";
import { claude } from "./claude.ts";
import type { CompletionProvider } from "./contract.ts";
import { gemini } from "./gemini.ts";
import { mistral } from "./mistral.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";

/** Every engine there is: a new one is its own file and one name here. Vendors' packages are loaded with the first call only. */
const PROVIDERS: Readonly<Record<ProviderName, (config: Config) => CompletionProvider>> = { ollama, openai, claude, mistral, gemini };

/** Who is asked, in the configured order; one without a key stays in its place, so that results can say it was passed over. */
export const completionChain = (config: Config): readonly CompletionProvider[] =>
  config.PROVIDER_CHAIN.map((name) => PROVIDERS[name](config));
