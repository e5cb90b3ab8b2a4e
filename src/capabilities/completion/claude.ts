import { z } from "zod";
import type { Config } from "../../config.ts";
import type { Fault, FaultKind } from "../../core/fault.ts";
import { kindOfStatus, retryAfter, vendorFault, wireFault } from "../wire.ts";
import { cloud, type Piece } from "./cloud.ts";
import type { CompletionProvider, Finish, Prompt } from "./contract.ts";
import { eventFetch } from "./events.ts";
import type { Ear } from "./silence.ts";

/** Anthropic's Messages API (United States), through its own SDK. */
export const claude = (config: Config): CompletionProvider => {
  // One for all questions: it keeps nothing of any, and making it is half of what we add to a call that fails at once.
  let client: Client | undefined;
  return cloud(config, {
    name: "claude",
    country: "US",
    key: config.ANTHROPIC_API_KEY,
    model: config.ANTHROPIC_MODEL,
    endsWith: "last event",
    load,
    ask(sdk, prompt, ear) {
      client ??= newClient(sdk, config);
      return ask(client, config, prompt, ear);
    },
    read,
    faultOf,
  });
};

const load = () => import("@anthropic-ai/sdk");
type Sdk = Awaited<ReturnType<typeof load>>;
type Client = InstanceType<Sdk["default"]>;

const newClient = (sdk: Sdk, config: Config): Client =>
  new sdk.default({
    apiKey: config.ANTHROPIC_API_KEY ?? null,
    baseURL: config.ANTHROPIC_BASE_URL,
    maxRetries: 0,
    // Ours comes first: the SDK's own ends at the headers.
    timeout: config.CLOUD_CALL_S * 2000,
    // ANTHROPIC_LOG=debug and an installed tracer would both print the prompt.
    logLevel: "off",
    openTelemetry: false,
    // A redirect carries the text to an address that no setting names: it ends as status 3xx instead.
    fetchOptions: { redirect: "manual" },
    fetch: eventFetch({ provider: "claude", isNamed: true, kindOfError }, fetch),
  });

function ask(client: Client, config: Config, prompt: Prompt, { signal }: Ear): Promise<AsyncIterable<unknown>> {
  // No temperature: API version 2026-10-21, which this SDK sends, answers 400 to it.
  return client.messages.create(
    {
      model: config.ANTHROPIC_MODEL,
      max_tokens: prompt.maxTokens,
      system: prompt.system,
      messages: [{ role: "user", content: prompt.user }],
      output_config: { format: { type: "json_schema", schema: prompt.schema } },
      stream: true,
    },
    { signal },
  );
}

const Usage = z.object({ input_tokens: z.number().nullish(), output_tokens: z.number().nullish() }).nullish();

/** The events that matter. Others, those of tomorrow included, add nothing: blocks of thoughts and tools are not the answer. */
const Event = z.object({
  type: z.string(),
  message: z.object({ model: z.string().min(1), usage: Usage }).optional(),
  content_block: z.object({ type: z.string(), text: z.string().optional() }).optional(),
  delta: z.object({ type: z.string().optional(), text: z.string().optional(), stop_reason: z.string().nullish() }).optional(),
  usage: Usage,
});
type Event = z.infer<typeof Event>;

function read(event: unknown): Piece | undefined {
  const parsed = Event.safeParse(event);
  if (!parsed.success) return undefined;
  const reader = READERS[parsed.data.type];
  return reader === undefined ? {} : reader(parsed.data);
}

const READERS: Readonly<Record<string, (event: Event) => Piece | undefined>> = {
  message_start: ({ message }) => message && { model: message.model, ...countsOf(message.usage) },
  content_block_start: ({ content_block: block }) => block && { text: block.type === "text" ? block.text : "" },
  content_block_delta: ({ delta }) => delta && { text: delta.type === "text_delta" ? delta.text : "" },
  // Its counts are running totals: the last one counts.
  message_delta: ({ delta, usage }) => {
    const word = delta?.stop_reason;
    return { finish: word ? (FINISHES[word] ?? "other") : undefined, ...countsOf(usage) };
  },
  message_stop: () => ({ isLast: true }),
};

const countsOf = (usage: z.infer<typeof Usage>): Piece => ({
  tokensIn: usage?.input_tokens ?? undefined,
  tokensOut: usage?.output_tokens ?? undefined,
});

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
  if (!parsed.success) return wireFault("claude", error);
  const { status, type, errorCode, apiMessage, headers } = parsed.data;
  const kind = KIND_OF_WORD[errorCode ?? ""] ?? KIND_OF_WORD[type ?? ""] ?? kindOfText(status, apiMessage ?? "") ?? kindOfStatus(status);
  const retryAt = retryAfter(headers) ?? (kind === "rate-limited" ? resetAt(headers) : regainedAt(apiMessage ?? ""));
  return vendorFault("claude", kind, { cause: error, status, word: errorCode ?? type, retryAt });
}

const ErrorEvent = z.object({ error: z.object({ type: z.string() }) });

const kindOfError = (event: unknown): FaultKind | undefined => KIND_OF_WORD[ErrorEvent.safeParse(event).data?.error.type ?? ""];

/** When the last of the budgets that are used up is full again: dates, for requests and three kinds of tokens. */
function resetAt(headers: Headers | undefined): Date | undefined {
  const times = ["requests", "tokens", "input-tokens", "output-tokens"]
    .filter((budget) => headers?.get(`anthropic-ratelimit-${budget}-remaining`) === "0")
    .map((budget) => Date.parse(headers?.get(`anthropic-ratelimit-${budget}-reset`) ?? ""))
    .filter((ms) => !Number.isNaN(ms));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
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
  // Known by its status elsewhere; in mid-stream there is none.
  rate_limit_error: "rate-limited",
};

/** Cases that Anthropic tells apart by words alone, all of them 400 invalid_request_error (C06; claude-code issue 66314). */
function kindOfText(status: number, message: string): FaultKind | undefined {
  if (status !== 400) return undefined;
  if (/^prompt is too long/i.test(message)) return "prompt-too-long";
  if (/^this organization has been disabled/i.test(message)) return "unauthorized";
  return SPENT.test(message) ? "quota-exhausted" : undefined;
}

const SPENT = /^(your credit balance is too low|you have reached your specified (workspace )?API usage limits)/i;

/** The day on which a limit that the town set for its spending is lifted: it stands in the sentence only. */
function regainedAt(message: string): Date | undefined {
  const [, day, time] = /regain access on (\d{4}-\d{2}-\d{2}) at (\d{2}:\d{2}) UTC/.exec(message) ?? [];
  const ms = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
