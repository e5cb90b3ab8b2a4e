import { existsSync } from "node:fs";
import { validate as isCronLine } from "node-cron";
import { z } from "zod";
import { OCR_SETTINGS } from "./config-ocr.ts";
import { chainOf, egress, httpUrl, isTimeZone, localModel, model, ollamaHosts, PARIS, text, whole } from "./config-shapes.ts";
import { slips } from "./config-slips.ts";

export const PROVIDER_NAMES = ["ollama", "openai", "claude", "mistral", "gemini"] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/**
 * Every setting, once: its shape, its default, and the words that `.env.example` and the README print.
 * This file is the only reader of `process.env`.
 */
interface Setting {
  readonly group: string;
  readonly about: string;
  readonly shape: z.ZodType;
  readonly fallback?: string;
  readonly example?: string;
  readonly isSecret?: true;
}

const key = (about: string): Setting & { readonly shape: typeof text } => ({
  group: "Cloud providers",
  about,
  shape: text,
  isSecret: true,
});

export const SETTINGS = {
  REDIS_URL: {
    group: "Redis",
    about: "Redis to use. Unset: `npm start` and the demo run one of their own, on loopback, with its data in DATA_DIR/redis.",
    shape: z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// address" }),
    example: "redis://127.0.0.1:6379",
    isSecret: true,
  },
  LOCK_DB: { group: "Redis", about: "Redis database of the lock.", shape: whole(0, 15), fallback: "6" },
  LOCK_KEY: { group: "Redis", about: "Key of the lock: a plain string naming the holder.", shape: text, fallback: "lock:ollama:global" },
  LOCK_TTL_S: {
    group: "Redis",
    about: "Seconds the lock lives without renewal; a holder renews it at a third of that, and every 5 s at least.",
    shape: whole(1, 86_400),
    fallback: "600",
  },
  LOCK_FOREIGN_EVERY_S: {
    group: "Redis",
    about: "While our calls leave no free moment, the lock is left free this often for a foreign program that tries once.",
    shape: whole(1, 86_400),
    fallback: "60",
  },
  LOCK_FOREIGN_MS: {
    group: "Redis",
    about: "And for so many milliseconds; 0: never.",
    shape: whole(0, 60_000),
    fallback: "500",
  },
  OLLAMA_HOST: {
    group: "Local model",
    about: "Address of the local Ollama. Several, with commas, are used side by side: a call takes the first that is free.",
    shape: ollamaHosts,
    fallback: "http://127.0.0.1:11434",
  },
  OLLAMA_NUM_PARALLEL: {
    group: "Local model",
    about: "Requests each Ollama may work on at a time: not more than the same setting of `ollama serve`.",
    shape: whole(1, 64),
    fallback: "1",
  },
  OLLAMA_MODEL: { group: "Local model", about: "Model to use, as in `ollama list`.", shape: localModel, fallback: "mistral:latest" },
  OLLAMA_NUM_CTX: {
    group: "Local model",
    about: "Context in tokens, the same for every call: another value makes Ollama load the model again.",
    shape: whole(2_048, 1_048_576),
    fallback: "8192",
  },
  OLLAMA_KEEP_ALIVE: { group: "Local model", about: "How long Ollama keeps the model loaded after a call.", shape: text, fallback: "10m" },
  OLLAMA_FIRST_TOKEN_S: {
    group: "Local model",
    about: "Seconds until the first token of a loaded model; reading a long text takes most of it.",
    shape: whole(1, 7_200),
    fallback: "600",
  },
  OLLAMA_LOAD_S: {
    group: "Local model",
    about: "Seconds more until the first token when the model must be loaded first.",
    shape: whole(1, 7_200),
    fallback: "300",
  },
  OLLAMA_STALL_S: {
    group: "Local model",
    about: "Seconds without a new token before an answer counts as stuck.",
    shape: whole(1, 3_600),
    fallback: "120",
  },
  OLLAMA_CALL_S: { group: "Local model", about: "Seconds one whole local call may take.", shape: whole(1, 86_400), fallback: "1800" },
  PROVIDER_CHAIN: {
    group: "Chain and egress",
    about: "Who is asked, in order. A provider without a key is passed over.",
    shape: chainOf(PROVIDER_NAMES),
    fallback: "ollama,openai,claude,mistral,gemini",
  },
  EGRESS_DOCUMENTS: {
    group: "Chain and egress",
    about: "Where public documents may go when the local model cannot answer: off, eu or all. Nothing leaves without a key.",
    shape: egress,
    fallback: "all",
  },
  EGRESS_CONTRIBUTIONS: {
    group: "Chain and egress",
    about: "The same for citizens' contributions. They are not masked yet, so this is off until you decide otherwise.",
    shape: egress,
    fallback: "off",
  },
  CLOUD_CALL_S: { group: "Cloud providers", about: "Seconds one cloud call may take.", shape: whole(1, 3_600), fallback: "120" },
  CLOUD_FIRST_TOKEN_S: {
    group: "Cloud providers",
    about: "Seconds until the first word of a cloud's answer, the time it thinks included. 10 will do for models that do not think.",
    shape: whole(1, 3_600),
    fallback: "30",
  },
  CLOUD_STALL_S: {
    group: "Cloud providers",
    about: "Seconds without a new word before a cloud's answer counts as stuck.",
    shape: whole(1, 3_600),
    fallback: "20",
  },
  OPENAI_API_KEY: key("Key of OpenAI (United States)."),
  OPENAI_MODEL: { group: "Cloud providers", about: "Model at OpenAI.", shape: model, fallback: "gpt-6.1-terra" },
  OPENAI_BASE_URL: { group: "Cloud providers", about: "Address of OpenAI's API.", shape: httpUrl, fallback: "https://api.openai.com/v1" },
  ANTHROPIC_API_KEY: key("Key of Anthropic (United States)."),
  ANTHROPIC_MODEL: { group: "Cloud providers", about: "Model at Anthropic.", shape: model, fallback: "claude-haiku-5-5" },
  ANTHROPIC_BASE_URL: {
    group: "Cloud providers",
    about: "Address of Anthropic's API.",
    shape: httpUrl,
    fallback: "https://api.anthropic.com",
  },
  MISTRAL_API_KEY: key("Key of Mistral (European Union, through its EU address)."),
  MISTRAL_MODEL: { group: "Cloud providers", about: "Model at Mistral.", shape: model, fallback: "mistral-small-latest" },
  MISTRAL_BASE_URL: {
    group: "Cloud providers",
    about: "Address of Mistral's API. Another address than the EU one counts as outside the EU.",
    shape: httpUrl,
    fallback: "https://api.eu.mistral.ai",
  },
  GEMINI_API_KEY: key("Key of Google Gemini (United States). GOOGLE_API_KEY is read when this is unset."),
  GOOGLE_API_KEY: key("Another name for GEMINI_API_KEY."),
  GEMINI_MODEL: { group: "Cloud providers", about: "Model at Google.", shape: model, fallback: "gemini-3.5-flash-lite" },
  GEMINI_BASE_URL: {
    group: "Cloud providers",
    about: "Address of Gemini's API.",
    shape: httpUrl,
    fallback: "https://generativelanguage.googleapis.com",
  },
  ...OCR_SETTINGS,
  TOWN: {
    group: "Work",
    about: "Name of the town, for the charter and the prompts.",
    shape: text.max(100),
    fallback: "Audierne-Esquibien",
  },
  DOCUMENTS_DIR: { group: "Work", about: "Folder of the documents to analyse; it is only read.", shape: text, fallback: "documents" },
  DOCUMENTS_URL: {
    group: "Work",
    about: "Where readers of the reports find that folder on the web; unset: where it lies beside OUT_DIR on this disk.",
    shape: httpUrl,
    example: "https://www.mairie.example/documents",
  },
  OUT_DIR: { group: "Work", about: "Folder for the reports and datasets.", shape: text, fallback: "out" },
  DATASET_SEED: {
    group: "Work",
    about: "Draws which documents are for training, validation and test; another word, other splits.",
    shape: text,
    fallback: "ecluse",
  },
  DATA_DIR: {
    group: "Work",
    about: "Folder for the ledger, stored answers, contributions and the embedded Redis.",
    shape: text,
    fallback: ".ecluse",
  },
  DOCUMENTS_CRON: {
    group: "Work",
    about: "When the documents folder is scanned, as a cron line.",
    shape: text.refine(isCronLine, "is not a cron line such as 20 */2 * * *"),
    fallback: "20 */2 * * *",
  },
  TIMEZONE: {
    group: "Work",
    about: "Time zone of the cron line.",
    shape: text.refine(isTimeZone, "is not a time zone such as Europe/Paris"),
    fallback: PARIS,
  },
  DOCUMENTS_CONCURRENCY: { group: "Work", about: "Documents one worker works on at a time.", shape: whole(1, 50), fallback: "2" },
  VALIDATION_CONCURRENCY: { group: "Work", about: "Contributions one worker works on at a time.", shape: whole(1, 50), fallback: "4" },
  VALIDATION_WAIT_S: {
    group: "Work",
    about: "Seconds a person's contribution waits for the local model, busy or down, before it looks further.",
    shape: whole(0, 3_600),
    fallback: "45",
  },
  BATCH_WAIT_S: {
    group: "Work",
    about: "The same for contributions that were sent in as a batch.",
    shape: whole(0, 86_400),
    fallback: "3600",
  },
  DOCUMENTS_WAIT_S: {
    group: "Work",
    about: "The same for each question about a document.",
    shape: whole(0, 86_400),
    fallback: "7200",
  },
  LOG_LEVEL: {
    group: "Work",
    about: "debug, info, warn, error or silent.",
    shape: z.enum(["debug", "info", "warn", "error", "silent"], { error: "must be debug, info, warn, error or silent" }),
    fallback: "info",
  },
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Config = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends { readonly fallback: string }
    ? z.output<(typeof SETTINGS)[Name]["shape"]>
    : z.output<(typeof SETTINGS)[Name]["shape"]> | undefined;
};

/** All that is wrong with the settings, a line each. Programs print it and end with exit code 2. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(mistakes.join("\n"));
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

export interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * Reads the settings from the environment and from `.env` in the working folder, if there is one; the environment wins.
 *
 * @param overrides  settings a command fixes itself, such as the demo's folders
 * @param defaults   what a command takes instead of the usual default when nobody set it
 * @throws ConfigError naming every mistake at once, never a value that may be a secret
 */
export function loadConfig(overrides: Environment = {}, defaults: Environment = {}): Config {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const unset = Object.entries(defaults).filter(([name]) => !process.env[name]?.trim());
  return readConfig({ ...process.env, ...Object.fromEntries(unset), ...overrides });
}

/** The same from a given environment: pure. An empty value is an unset one. */
export function readConfig(environment: Environment): Config {
  const mistakes = slips(Object.keys(environment), Object.keys(SETTINGS));
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS) as [string, Setting][]) {
    const value = environment[name]?.trim() || setting.fallback;
    if (value === undefined) continue;
    const parsed = setting.shape.safeParse(value);
    if (parsed.success) config[name] = parsed.data;
    else mistakes.push(`${name} ${parsed.error.issues[0]?.message ?? "is not valid"}${setting.isSecret ? "" : `, but is "${value}"`}`);
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config as unknown as Config;
}
