import { z } from "zod";
import type { Config } from "../../config.ts";
import type { Fault, FaultKind } from "../../core/fault.ts";
import { inSeconds, kindOfStatus, retryAfter, vendorFault, wireFault } from "../wire.ts";
import { cloud, type Piece } from "./cloud.ts";
import type { CompletionProvider, Finish, Prompt } from "./contract.ts";
import { eventFetch } from "./events.ts";
import type { Ear } from "./silence.ts";

/** OpenAI's chat completions (United States), through its own SDK. */
export const openai = (config: Config): CompletionProvider => {
  // One for all questions: it keeps nothing of any, and making it is half of what we add to a call that fails at once.
  let client: Client | undefined;
  return cloud(config, {
    name: "openai",
    country: "US",
    key: config.OPENAI_API_KEY,
    model: config.OPENAI_MODEL,
    // Some gateways never send "[DONE]" (S11); the counts come after the finish word, so they are waited for.
    endsWith: "finish",
    load,
    ask(sdk, prompt, ear) {
      client ??= newClient(sdk, config);
      return ask(client, config, prompt, ear);
    },
    read,
    faultOf,
  });
};

const load = () => import("openai");
type Sdk = Awaited<ReturnType<typeof load>>;
type Client = InstanceType<Sdk["default"]>;

const newClient = (sdk: Sdk, config: Config): Client =>
  new sdk.default({
    apiKey: config.OPENAI_API_KEY ?? "",
    baseURL: config.OPENAI_BASE_URL,
    // Else taken from the environment, and the town's text would be booked to somebody else.
    organization: null,
    project: null,
    maxRetries: 0,
    // Ours comes first: the SDK's own ends at the headers and would leave a stalled body running.
    timeout: config.CLOUD_CALL_S * 2000,
    // OPENAI_LOG=debug would print the prompt.
    logLevel: "off",
    // A redirect carries the text to an address that no setting names: it ends as status 3xx instead.
    fetchOptions: { redirect: "manual" },
    fetch: eventFetch({ provider: "openai", isNamed: false, kindOfError }, fetch),
  });

function ask(client: Client, config: Config, prompt: Prompt, { signal }: Ear): Promise<AsyncIterable<unknown>> {
  return client.chat.completions.create(
    {
      model: config.OPENAI_MODEL,
      messages: [
        { role: "system", content: prompt.system },
        { role: "user", content: prompt.user },
      ],
      // Not `max_tokens` and no temperature: reasoning models answer 400 to both.
      max_completion_tokens: prompt.maxTokens,
      ...(isReasoningModel(config.OPENAI_MODEL) && { reasoning_effort: "low" }),
      response_format: { type: "json_schema", json_schema: { name: prompt.schemaName, strict: true, schema: prompt.schema } },
      store: false,
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal },
  );
}

/**
 * Hidden reasoning counts against `max_completion_tokens`, and at the default effort it can leave no room for the answer.
 * "low" is the least that every reasoning model takes ("minimal" ends with gpt-5, "none" begins with gpt-5.1); others refuse the
 * field, as do the -chat models, and -pro takes "high" only.
 */
const isReasoningModel = (model: string): boolean => /^(gpt-([5-9]|\d{2})|o\d)(?!.*-(chat|pro)\b)/.test(model);

const count = z.number().optional();

const Chunk = z.object({
  // Empty in a gateway's first event, which only tells what its filter thinks of the prompt.
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.number().optional(),
      finish_reason: z.string().nullish(),
      delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).optional(),
    }),
  ),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});

function read(event: unknown): Piece | undefined {
  const parsed = Chunk.safeParse(event);
  if (!parsed.success) return undefined;
  const { model, choices, usage } = parsed.data;
  const choice = choices.find(({ index = 0 }) => index === 0);
  const word = choice?.finish_reason;
  return {
    model,
    text: choice?.delta?.content ?? "",
    // In a field of its own, and with the finish word of any other answer.
    refusal: choice?.delta?.refusal ?? "",
    finish: word ? (FINISHES[word] ?? "other") : undefined,
    tokensIn: usage?.prompt_tokens,
    tokensOut: usage?.completion_tokens,
  };
}

/** "tool_calls", "function_call" and words of tomorrow are nothing we asked for. */
const FINISHES: Readonly<Record<string, Finish>> = { stop: "complete", length: "cut", content_filter: "refused" };

/** Read by shape: the SDK's classes are loaded only with the first call. */
const ApiError = z.object({
  status: z.number(),
  code: z.string().nullish().catch(undefined),
  type: z.string().nullish().catch(undefined),
  error: z.object({ message: z.string() }).optional().catch(undefined),
  // Not `z.instanceof`: see claude.ts.
  headers: z
    .custom<Headers>((value) => value instanceof Headers)
    .optional()
    .catch(undefined),
});

function faultOf(error: unknown): Fault {
  const parsed = ApiError.safeParse(error);
  if (!parsed.success) return wireFault("openai", error);
  const { status, code, type, headers, error: body } = parsed.data;
  let kind = KIND_OF_WORD[code ?? ""] ?? KIND_OF_WORD[type ?? ""] ?? kindOfStatus(status);
  // Both limits have the same code; only the sentence says whether it is the minute's or the day's.
  if (kind === "rate-limited" && /\b(per day|RPD|TPD)\b/.test(body?.message ?? "")) kind = "quota-exhausted";
  const retryAt = kind === "rate-limited" || kind === "quota-exhausted" ? (retryAfter(headers) ?? resetAt(headers)) : retryAfter(headers);
  return vendorFault("openai", kind, { cause: error, status, word: code ?? type, retryAt });
}

const ErrorEvent = z.object({ error: z.object({ code: z.string().nullish(), type: z.string().nullish() }) });

function kindOfError(event: unknown): FaultKind | undefined {
  const said = ErrorEvent.safeParse(event).data?.error;
  return KIND_OF_WORD[said?.code ?? ""] ?? KIND_OF_WORD[said?.type ?? ""];
}

/**
 * When the budgets that are used up are full again: `x-ratelimit-reset-requests` and `-tokens`, as "1s", "6m0s" or "20ms".
 *
 * When none says that it is used up, the later of the two: a question too early is one more refusal, one too late a short wait.
 */
function resetAt(headers: Headers | undefined): Date | undefined {
  const budgets = ["requests", "tokens"].flatMap((budget) => {
    const seconds = secondsOf(headers?.get(`x-ratelimit-reset-${budget}`) ?? "");
    return seconds === undefined ? [] : [{ seconds, isUsedUp: headers?.get(`x-ratelimit-remaining-${budget}`) === "0" }];
  });
  const usedUp = budgets.filter(({ isUsedUp }) => isUsedUp);
  const waits = (usedUp.length > 0 ? usedUp : budgets).map(({ seconds }) => seconds);
  return waits.length === 0 ? undefined : inSeconds(Math.max(...waits));
}

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1, ms: 0.001 };

function secondsOf(duration: string): number | undefined {
  if (!/^(\d+(\.\d+)?(d|h|ms|m|s))+$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(d|h|ms|m|s)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? ""] ?? 0), 0);
}

/** What the status alone does not tell. 400, 403 and 429 each mean several things; the code says which. */
const KIND_OF_WORD: Readonly<Record<string, FaultKind>> = {
  context_length_exceeded: "prompt-too-long",
  string_above_max_length: "prompt-too-long",
  content_policy_violation: "refused",
  content_filter: "refused",
  // Not a malformed prompt: OpenAI's word for one it suspects of breaking its usage policy.
  invalid_prompt: "refused",
  model_not_found: "model-missing",
  // These come as 429 or 400 and do not go away by waiting a minute.
  insufficient_quota: "quota-exhausted",
  billing_hard_limit_reached: "quota-exhausted",
  billing_not_active: "quota-exhausted",
  invalid_api_key: "unauthorized",
  // Known by their status elsewhere; in mid-stream there is none.
  rate_limit_exceeded: "rate-limited",
};
