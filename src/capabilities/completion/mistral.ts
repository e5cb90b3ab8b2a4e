import { z } from "zod";
import type { Config } from "../../config.ts";
import type { Fault, FaultKind } from "../../core/fault.ts";
import { inSeconds, kindOfStatus, retryAfter, vendorFault, wireFault } from "../wire.ts";
import { cloud, type Piece } from "./cloud.ts";
import type { CompletionProvider, Finish, Prompt } from "./contract.ts";
import { eventFetch } from "./events.ts";
import type { Ear } from "./silence.ts";

/**
 * Mistral's chat completions, through its own SDK.
 *
 * Its country is "EU" at the EU address only. Any other address, Mistral's own default included, promises no place and gets
 * "ZZ", ISO 3166's code for an unknown country: outside the EU, as far as the policy is concerned.
 */
export const mistral = (config: Config): CompletionProvider =>
  cloud(config, {
    name: "mistral",
    country: new URL(config.MISTRAL_BASE_URL).origin === "https://api.eu.mistral.ai" ? "EU" : "ZZ",
    key: config.MISTRAL_API_KEY,
    model: config.MISTRAL_MODEL,
    endsWith: "finish",
    load,
    ask: (sdk, prompt, ear) => ask(sdk, config, prompt, ear),
    read,
    faultOf,
  });

const load = () => import("@mistralai/mistralai");
type Sdk = Awaited<ReturnType<typeof load>>;

function ask(sdk: Sdk, config: Config, prompt: Prompt, { signal }: Ear): Promise<AsyncIterable<unknown>> {
  const fetchIt = eventFetch({ provider: "mistral", isNamed: false, kindOfError }, fetch);
  const client = new sdk.Mistral({
    apiKey: config.MISTRAL_API_KEY ?? "",
    serverURL: config.MISTRAL_BASE_URL,
    retryConfig: { strategy: "none" },
    // Ours comes first: the SDK's own is 300 s.
    timeoutMs: config.CLOUD_CALL_S * 2000,
    // The signal goes to fetch itself: given to the SDK it is lost at the next garbage collection, with the SDK's own timer.
    // A redirect would carry the text to an address that no setting names: it ends as status 3xx instead.
    httpClient: new sdk.HTTPClient({ fetcher: (request, init) => fetchIt(request, { ...init, signal, redirect: "manual" }) }),
    // Without a logger of ours MISTRAL_DEBUG prints key and prompt.
    debugLogger: { group: () => {}, groupEnd: () => {}, log: () => {} },
  });
  // No `stream_options`: Mistral answers 422 to them, and counts unasked.
  return client.chat.stream({
    model: config.MISTRAL_MODEL,
    temperature: 0,
    maxTokens: prompt.maxTokens,
    messages: [
      { role: "system", content: prompt.system },
      { role: "user", content: prompt.user },
    ],
    responseFormat: { type: "json_schema", jsonSchema: { name: prompt.schemaName, schemaDefinition: prompt.schema, strict: true } },
  });
}

const Content = z.union([z.string(), z.array(z.object({ type: z.string().optional(), text: z.unknown().optional() }))]).nullish();
const count = z.number().optional();

/** Read once more although the SDK has checked it: as data, and only what is used. */
const Event = z.object({
  data: z.object({
    model: z.string(),
    choices: z.array(z.object({ finishReason: z.string().nullish(), delta: z.object({ content: Content }) })),
    usage: z.object({ promptTokens: count, completionTokens: count }).optional(),
  }),
});

function read(event: unknown): Piece | undefined {
  const parsed = Event.safeParse(event);
  if (!parsed.success) return undefined;
  const { model, choices, usage } = parsed.data.data;
  const [choice] = choices;
  const word = choice?.finishReason;
  return {
    model,
    text: textOf(choice?.delta.content),
    finish: word ? (FINISHES[word] ?? "other") : undefined,
    tokensIn: known(usage?.promptTokens),
    tokensOut: known(usage?.completionTokens),
  };
}

/** The SDK writes 0 for a count that was not sent, and no answered question costs 0 tokens. */
const known = (tokens: number | undefined): number | undefined => (tokens === 0 ? undefined : tokens);

/** Reasoning models answer in pieces; only those of type "text" are the answer. */
function textOf(content: z.infer<typeof Content>): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ type, text }) => (type === "text" && typeof text === "string" ? text : "")).join("");
}

/** "error", "tool_calls" and words of tomorrow are nothing we asked for. */
const FINISHES: Readonly<Record<string, Finish>> = { stop: "complete", length: "cut", model_length: "cut" };

/** Read by shape: the SDK's classes are loaded only with the first call. */
const ApiError = z.object({
  statusCode: z.number(),
  // Not `z.instanceof`: see claude.ts.
  headers: z.custom<Headers>((value) => value instanceof Headers),
  body: z.string(),
});

/** `message` is a string or, for a 422, an object that quotes the request (M01): it is looked at and never kept. */
const Body = z.object({
  type: z.string().nullish().catch(undefined),
  code: z.coerce.string().nullish().catch(undefined),
  message: z.string().catch(""),
});

function faultOf(error: unknown): Fault {
  const parsed = ApiError.safeParse(error);
  if (!parsed.success) return wireFault("mistral", error);
  const { statusCode: status, headers, body } = parsed.data;
  const words = bodyOf(body);
  if ((status === 429 || status === 503) && isCapacity(words)) {
    return vendorFault("mistral", "rate-limited", { cause: error, status, word: "capacity" });
  }
  // Sent with a 429 whatever budget it is about, the minute's or the month's; a header for seconds is not believed then.
  if (status === 429 && headers.get("x-ratelimit-remaining-tokens-month") === "0") {
    return vendorFault("mistral", "quota-exhausted", { cause: error, status, word: words.code ?? words.type });
  }
  const kind = kindOfWords(status, words) ?? kindOfStatus(status);
  const retryAt = retryAfter(headers) ?? (kind === "rate-limited" ? resetAt(headers) : undefined);
  return vendorFault("mistral", kind, { cause: error, status, word: words.code ?? words.type, retryAt });
}

/** Seconds until the budget of tokens is full again. */
function resetAt(headers: Headers): Date | undefined {
  const seconds = headers.get("ratelimitbysize-reset") ?? "";
  return headers.get("ratelimitbysize-remaining") === "0" && /^\d+$/.test(seconds) ? inSeconds(Number(seconds)) : undefined;
}

function kindOfError(event: Readonly<Record<string, unknown>>): FaultKind | undefined {
  const said = Body.safeParse(event.error ?? event).data;
  if (said === undefined) return undefined;
  return isCapacity(said) || said.type === "rate_limited" ? "rate-limited" : kindOfWords(400, said);
}

function bodyOf(text: string): z.infer<typeof Body> {
  try {
    return Body.parse(JSON.parse(text));
  } catch {
    // A proxy's web page: the status says all there is.
    return { message: "" };
  }
}

/** Its machines are full, which is no fault of our rate: waiting for a header would be in vain (M04). Sent with changing types. */
const isCapacity = ({ type, code, message }: z.infer<typeof Body>): boolean =>
  type === "service_tier_capacity_exceeded" || code === "3505" || /^service tier capacity exceeded/i.test(message);

function kindOfWords(status: number, { type, code, message }: z.infer<typeof Body>): FaultKind | undefined {
  if (type === "invalid_model" || code === "1500") return "model-missing";
  // Without a type it is the gateway that knows no such path.
  if (status === 404 && typeof type === "string") return "model-missing";
  return status === 400 && /too large for model with \d+ maximum context length/i.test(message) ? "prompt-too-long" : undefined;
}
