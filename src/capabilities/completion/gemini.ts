import type { GenerationConfig, ResponseSchema } from "@google/generative-ai";
import { z } from "zod";
import type { Config } from "../../config.ts";
import type { Fault, FaultKind } from "../../core/fault.ts";
import { detailsOf, kindOfDetails, reasonOf, retryAtOf } from "../google-error.ts";
import { kindOfStatus, vendorFault, wireFault } from "../wire.ts";
import { cloud, type Piece } from "./cloud.ts";
import type { CompletionProvider, Finish, Prompt } from "./contract.ts";
import { openApiSchema } from "./gemini-schema.ts";
import type { Ear } from "./silence.ts";

/**
 * Google's Gemini API (United States), through the legacy SDK that was asked for.
 *
 * Its known faults and what is done about each: docs/decisions/2026-11-24-gemini-legacy-sdk.md.
 */
export const gemini = (config: Config): CompletionProvider =>
  cloud(config, {
    name: "gemini",
    country: "US",
    key: keyOf(config),
    model: config.GEMINI_MODEL,
    // Some models put the finish word on every event: only the last one counts.
    endsWith: "close",
    load,
    ask: (sdk, prompt, ear) => ask(sdk, config, prompt, ear),
    read,
    faultOf,
  });

const keyOf = (config: Config): string | undefined => config.GEMINI_API_KEY ?? config.GOOGLE_API_KEY;

const load = () => import("@google/generative-ai");
type Sdk = Awaited<ReturnType<typeof load>>;

async function ask(sdk: Sdk, config: Config, prompt: Prompt, { signal }: Ear): Promise<AsyncIterable<unknown>> {
  // No `timeout`: the SDK never clears that timer, and the process could not end.
  const model = new sdk.GoogleGenerativeAI(keyOf(config) ?? "").getGenerativeModel(
    {
      model: config.GEMINI_MODEL,
      systemInstruction: prompt.system,
      generationConfig: generationConfig(config.GEMINI_MODEL, prompt),
    },
    // A connection for each question: the SDK keeps no cause, and one that went stale would look like a Google that is gone (T17).
    { baseUrl: config.GEMINI_BASE_URL, customHeaders: { connection: "close" } },
  );
  const { stream, response } = await model.generateContentStream(prompt.user, { signal });
  // The SDK's own sum of the events: it swallows errors among them and calls a part the whole. Its failure is the stream's, too.
  response.catch(() => {});
  return stream;
}

function generationConfig(model: string, { maxTokens, schema }: Prompt): GenerationConfig {
  return {
    maxOutputTokens: maxTokens,
    responseMimeType: "application/json",
    // The SDK types the words of `type` in lower case; the wire's own are upper case.
    responseSchema: openApiSchema(schema) as unknown as ResponseSchema,
    ...generationHabits(model),
  };
}

/**
 * Thoughts count against `maxOutputTokens` and can leave no room for the answer, so they are kept as short as each generation
 * allows: off for 2.5 Flash, "low" for 3 and later, whose guide also warns of loops at a temperature under 1. Others answer 400
 * to either word. The SDK knows neither and sends them as they are.
 */
function generationHabits(model: string): GenerationConfig & { thinkingConfig?: Readonly<Record<string, unknown>> } {
  if (/^gemini-([3-9]|\d{2})/.test(model)) return { thinkingConfig: { thinkingLevel: "low" } };
  if (/^gemini-2\.5-flash(-lite)?(-|$)/.test(model)) return { temperature: 0, thinkingConfig: { thinkingBudget: 0 } };
  return { temperature: 0 };
}

const count = z.number().optional();
const Part = z.object({ text: z.string().optional(), thought: z.boolean().optional() });
const Event = z.object({
  modelVersion: z.string().min(1).optional(),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  candidates: z
    .array(z.object({ finishReason: z.string().optional(), content: z.object({ parts: z.array(Part).optional() }).optional() }))
    .optional(),
  usageMetadata: z.object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count }).optional(),
  error: z.unknown().optional(),
});
type Event = z.infer<typeof Event>;

/** Read as data: the SDK's own `text()` throws at some finish words, prints at others, and mixes thoughts into the answer. */
function read(event: unknown): Piece | undefined {
  const parsed = Event.safeParse(event);
  if (!parsed.success) return undefined;
  const { modelVersion, promptFeedback, candidates, usageMetadata: usage, error } = parsed.data;
  if (error !== undefined) throw errorInStream(error);
  // An event of nothing we know is a hole, not a pause.
  if (!modelVersion && !promptFeedback && !candidates && !usage) return undefined;
  const parts = candidates?.[0]?.content?.parts ?? [];
  return {
    model: modelVersion,
    text: parts.map(({ text, thought }) => (thought === true ? "" : (text ?? ""))).join(""),
    finish: finishOf(parsed.data),
    tokensIn: usage?.promptTokenCount,
    // Thoughts are billed as output.
    tokensOut: usage?.candidatesTokenCount === undefined ? undefined : usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
  };
}

function finishOf({ promptFeedback, candidates }: Event): Finish | undefined {
  const block = promptFeedback?.blockReason;
  if (block !== undefined) return UNEXPLAINED_BLOCK.has(block) ? "other" : "refused";
  const word = candidates?.[0]?.finishReason;
  return word ? (FINISHES[word] ?? "other") : undefined;
}

/** Blocks that give no reason are known to pass on a second try (G09); every other one is a refusal (G04). */
const UNEXPLAINED_BLOCK = new Set(["OTHER", "BLOCK_REASON_UNSPECIFIED", "BLOCKED_REASON_UNSPECIFIED"]);

const FINISHES: Readonly<Record<string, Finish>> = {
  STOP: "complete",
  MAX_TOKENS: "cut",
  SAFETY: "refused",
  RECITATION: "refused",
  BLOCKLIST: "refused",
  PROHIBITED_CONTENT: "refused",
  SPII: "refused",
};

/** Read by shape: the SDK's classes are loaded only with the first call. The SDK keeps no headers and not the word of the error. */
const ApiError = z.object({ status: z.number(), message: z.string(), errorDetails: z.array(z.unknown()).catch([]) });

function faultOf(error: unknown): Fault {
  const parsed = ApiError.safeParse(error);
  if (!parsed.success) {
    if (isConnectionError(error)) return vendorFault("gemini", "unreachable", { cause: error });
    return isNoBody(error) ? vendorFault("gemini", "server-error", { cause: error }) : wireFault("gemini", error);
  }
  const { status, message, errorDetails } = parsed.data;
  const details = detailsOf(errorDetails);
  const kind = kindOfDetails(status, details) ?? kindOfText(status, message) ?? kindOfStatus(status);
  return vendorFault("gemini", kind, {
    cause: error,
    status,
    word: reasonOf(details),
    // Google sends a delay of seconds even when the quota of the day is gone (G02): the quotaId decides, not the delay.
    retryAt: kind === "rate-limited" ? retryAtOf(details) : undefined,
  });
}

/**
 * An error of the SDK without status or cause is its word for "fetch failed": refused, no such name, a bad certificate, or a
 * connection reset before the first header, and it keeps nothing to tell them apart. All but the last never reached Google,
 * so "unreachable" is the truest; a reset that follows it fails over where another vendor would be asked once more.
 */
const isConnectionError = (error: unknown): boolean => error instanceof Error && error.constructor.name === "GoogleGenerativeAIError";

/** The SDK reads a 204 without a look, and trips over the body that is not there: V8's own words for that. */
const isNoBody = (error: unknown): boolean => error instanceof TypeError && /^Cannot read properties of null/.test(error.message);

const ErrorInStream = z.object({ code: z.number().catch(200), details: z.array(z.unknown()).catch([]) });

/** An error in place of an event, which the SDK takes for an event: the vendor broke off, unless a quota is what it speaks of. */
function errorInStream(error: unknown): Fault {
  const { code: status = 200, details: said = [] } = ErrorInStream.safeParse(error).data ?? {};
  const details = detailsOf(said);
  const kind = kindOfDetails(status, details) ?? (status === 429 ? "rate-limited" : "server-error");
  return vendorFault("gemini", kind, { cause: undefined, status, retryAt: kind === "rate-limited" ? retryAtOf(details) : undefined });
}

/** Google's own words, since the SDK drops the field that names the error; they stand behind "[400 Bad Request] ". */
function kindOfText(status: number, message: string): FaultKind | undefined {
  const said = /\[\d{3}[^\]]*\] ([\s\S]*)$/.exec(message)?.[1] ?? "";
  if (status === 404 && said !== "") return "model-missing";
  // Money, not pace: said with the word and the status of a rate limit, and without any detail.
  if (status === 429) return /(credits are depleted|spending cap)/i.test(said) ? "quota-exhausted" : undefined;
  if (status !== 400) return undefined;
  if (/^(User location is not supported|Gemini API free tier is not available)/i.test(said)) return "unauthorized";
  return /input token count .*exceeds the maximum/i.test(said) ? "prompt-too-long" : undefined;
}
