import { z } from "zod";
import type { Config } from "../../config.ts";
import { Fault, type FaultKind } from "../../core/fault.ts";
import type { Completion, CompletionProvider, Finish, Prompt } from "./contract.ts";
import { costEur } from "./models.ts";
import { askVendor, kindOfStatus, retryAfter, vendorFault, wireFault, wireKind } from "./wire.ts";

/** Anthropic's Messages API (United States), through its own SDK. */
export const claude = (config: Config): CompletionProvider => {
  const callMs = config.CLOUD_CALL_S * 1000;
  return {
    name: "claude",
    site: { kind: "cloud", country: "US" },
    ...(config.ANTHROPIC_API_KEY === undefined && { unavailable: "no-key" as const }),
    callMs,
    costEur: ({ model, tokensIn, tokensOut }) => costEur(model, tokensIn, tokensOut),
    call: (prompt, { signal: caller }) =>
      askVendor({ ms: callMs, caller, load, ask: (sdk, signal) => ask(sdk, config, prompt, signal), faultOf }),
  };
};

const load = () => import("@anthropic-ai/sdk");
type Sdk = Awaited<ReturnType<typeof load>>;

async function ask(sdk: Sdk, config: Config, prompt: Prompt, signal: AbortSignal): Promise<Completion> {
  const client = new sdk.default({
    apiKey: config.ANTHROPIC_API_KEY ?? null,
    baseURL: config.ANTHROPIC_BASE_URL,
    maxRetries: 0,
    // Ours comes first; without one the SDK refuses long answers before it sends anything ("Streaming is required").
    timeout: config.CLOUD_CALL_S * 2000,
    // ANTHROPIC_LOG=debug and an installed tracer would both print the prompt.
    logLevel: "off",
    openTelemetry: false,
    // A redirect carries the text to an address that no setting names: it ends as status 3xx instead.
    fetchOptions: { redirect: "manual" },
    fetch: keepCause,
  });
  // No temperature: API version 2026-10-21, which this SDK sends, answers 400 to it.
  const body: unknown = await client.messages.create(
    {
      model: config.ANTHROPIC_MODEL,
      max_tokens: prompt.maxTokens,
      system: prompt.system,
      messages: [{ role: "user", content: prompt.user }],
      output_config: { format: { type: "json_schema", schema: prompt.schema } },
    },
    { signal },
  );
  return completionOf(body);
}

/**
 * The SDK reads "timeout" in the text of an error's cause and then drops that cause, so "nobody there" would look like "slow".
 * A fault made here, before the SDK sees the error, comes out of it as the cause it keeps.
 */
const keepCause: typeof fetch = (input, init) =>
  fetch(input, init).catch((error: unknown) => {
    throw wireKind(error) === undefined ? error : wireFault("claude", error);
  });

/** The SDK hands over whatever a 200 holds, a web page included. */
const Message = z.object({
  model: z.string().min(1),
  stop_reason: z.string().nullable(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  usage: z.object({ input_tokens: z.number().optional(), output_tokens: z.number().optional() }).optional(),
});

function completionOf(body: unknown): Completion {
  const parsed = Message.safeParse(body);
  if (!parsed.success) throw vendorFault("claude", "server-error", { cause: parsed.error, status: 200 });
  const { model, stop_reason, content, usage } = parsed.data;
  const text = content.map((block) => (block.type === "text" ? (block.text ?? "") : "")).join("");
  return { text, model, finish: FINISHES[stop_reason ?? ""] ?? "other", tokensIn: usage?.input_tokens, tokensOut: usage?.output_tokens };
}

/** "stop_sequence", "tool_use" and "pause_turn" are nothing we asked for. */
const FINISHES: Readonly<Record<string, Finish>> = {
  end_turn: "complete",
  max_tokens: "cut",
  model_context_window_exceeded: "cut",
  refusal: "refused",
};

/** Read by shape: the SDK's classes are loaded only with the first call. */
const ApiError = z.object({
  status: z.number(),
  type: z.string().nullish(),
  errorCode: z.string().nullish(),
  apiMessage: z.string().nullish(),
  // Not `z.instanceof`: naming the class at import loads undici, 7 MB that an idle worker does not need.
  headers: z.custom<Headers>((value) => value instanceof Headers).optional(),
});

function faultOf(error: unknown): Fault {
  const parsed = ApiError.safeParse(error);
  if (!parsed.success) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Fault ? cause : wireFault("claude", error);
  }
  const { status, type, errorCode, apiMessage, headers } = parsed.data;
  const kind = KIND_OF_WORD[errorCode ?? ""] ?? KIND_OF_WORD[type ?? ""] ?? kindOfText(status, apiMessage ?? "") ?? kindOfStatus(status);
  return vendorFault("claude", kind, { cause: error, status, word: errorCode ?? type, retryAt: retryAfter(headers) });
}

const KIND_OF_WORD: Readonly<Record<string, FaultKind>> = {
  authentication_error: "unauthorized",
  permission_error: "unauthorized",
  organization_on_hold: "unauthorized",
  billing_error: "quota-exhausted",
  // These two come as 429 and do not go away by waiting a minute.
  contract_spend_limit_reached: "quota-exhausted",
  enforced_spend_limit_reached: "quota-exhausted",
  not_found_error: "model-missing",
  request_too_large: "prompt-too-long",
  overloaded_error: "server-error",
};

/** Two cases that Anthropic tells apart by words alone, both as 400 invalid_request_error (C06; claude-code issue 66314). */
function kindOfText(status: number, message: string): FaultKind | undefined {
  if (status !== 400) return undefined;
  if (/^prompt is too long/i.test(message)) return "prompt-too-long";
  return /^your credit balance is too low/i.test(message) ? "quota-exhausted" : undefined;
}
