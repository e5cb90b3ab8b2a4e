import { z } from "zod";
import type { Config } from "../../config.ts";
import { Fault, type FaultKind } from "../../core/fault.ts";
import type { Completion, CompletionProvider, Finish, Prompt } from "./contract.ts";
import { costEur } from "./models.ts";
import { askVendor, kindOfStatus, retryAfter, vendorFault, wireFault, wireKind } from "./wire.ts";

/** OpenAI's chat completions (United States), through its own SDK. */
export const openai = (config: Config): CompletionProvider => {
  const callMs = config.CLOUD_CALL_S * 1000;
  return {
    name: "openai",
    site: { kind: "cloud", country: "US" },
    ...(config.OPENAI_API_KEY === undefined && { unavailable: "no-key" as const }),
    callMs,
    costEur: ({ model, tokensIn, tokensOut }) => costEur(model, tokensIn, tokensOut),
    call: (prompt, { signal: caller }) =>
      askVendor({ ms: callMs, caller, load, ask: (sdk, signal) => ask(sdk, config, prompt, signal), faultOf }),
  };
};

const load = () => import("openai");
type Sdk = Awaited<ReturnType<typeof load>>;

async function ask(sdk: Sdk, config: Config, prompt: Prompt, signal: AbortSignal): Promise<Completion> {
  const client = new sdk.default({
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
    fetch: keepCause,
  });
  const body: unknown = await client.chat.completions.create(
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
    },
    { signal },
  );
  return completionOf(body);
}

/**
 * Hidden reasoning counts against `max_completion_tokens`, and at the default effort it can leave no room for the answer.
 * "low" is the least that every reasoning model takes ("minimal" ends with gpt-5, "none" begins with gpt-5.1); others refuse the
 * field, as do the -chat models, and -pro takes "high" only.
 */
const isReasoningModel = (model: string): boolean => /^(gpt-([5-9]|\d{2})|o\d)(?!.*-(chat|pro)\b)/.test(model);

/**
 * The SDK reads "timed out" in the text of an error's cause and then drops that cause, so "nobody there" would look like
 * "slow". A fault made here, before the SDK sees the error, comes out of it as the cause it keeps.
 */
const keepCause: typeof fetch = (input, init) =>
  fetch(input, init).catch((error: unknown) => {
    throw wireKind(error) === undefined ? error : wireFault("openai", error);
  });

const count = z.number().optional();

/** The SDK hands over whatever a 200 holds, a web page included: what is not a completion was not sent by OpenAI. */
const ChatCompletion = z.object({
  model: z.string().min(1),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
});

function completionOf(body: unknown): Completion {
  const parsed = ChatCompletion.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (!parsed.success || choice === undefined) throw vendorFault("openai", "server-error", { cause: parsed.error, status: 200 });
  const { model, usage } = parsed.data;
  const { finish_reason, message } = choice;
  return {
    text: message.content ?? "",
    model,
    // A refusal comes with finish_reason "stop".
    finish: message.refusal ? "refused" : (FINISHES[finish_reason ?? ""] ?? "other"),
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
  // Not `z.instanceof`: see claude.ts.
  headers: z
    .custom<Headers>((value) => value instanceof Headers)
    .optional()
    .catch(undefined),
});

function faultOf(error: unknown): Fault {
  const parsed = ApiError.safeParse(error);
  if (!parsed.success) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Fault ? cause : wireFault("openai", error);
  }
  const { status, code, type, headers } = parsed.data;
  const kind = KIND_OF_WORD[code ?? ""] ?? KIND_OF_WORD[type ?? ""] ?? kindOfStatus(status);
  if (kind === "refused")
    return new Fault("refused", "openai will not answer this text: a person must look at it", { cause: error, status });
  return vendorFault("openai", kind, { cause: error, status, word: code ?? type, retryAt: retryAfter(headers) });
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
};
