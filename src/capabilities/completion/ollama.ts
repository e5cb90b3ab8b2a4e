import type { ChatRequest, ChatResponse } from "ollama";
import { z } from "zod";
import type { Config } from "../../config.ts";
import { Fault } from "../../core/fault.ts";
import type { Site } from "../../core/provider.ts";
import type { Completion, CompletionProvider, Finish, Prompt } from "./contract.ts";
import { guardedFetch } from "./ollama-wire.ts";
import { askVendor, vendorFault, wireFault } from "./wire.ts";

/** The one local Ollama, through its native API: its OpenAI-compatible one ignores the context size (O14). */
export const ollama = (config: Config): CompletionProvider => {
  const callMs = config.OLLAMA_CALL_S * 1000;
  return {
    name: "ollama",
    site: siteOf(config.OLLAMA_HOST[0] ?? ""),
    slots: ["ollama"],
    callMs,
    // Nobody sends a bill for it; electricity is not counted.
    costEur: () => 0,
    call: (prompt, { signal: caller }) =>
      askVendor({
        ms: callMs,
        caller,
        load,
        ask: (sdk, signal) => ask(sdk, config, prompt, signal),
        faultOf: (error) => wireFault("ollama", error),
      }),
  };
};

/** Ollama's own cloud speaks the same API: at its address nothing is local. */
const siteOf = (host: string): Site =>
  /(^|\.)ollama\.(com|ai)$/i.test(new URL(host).hostname) ? { kind: "cloud", country: "US" } : { kind: "local" };

const load = async () => ({ Ollama: (await import("ollama")).Ollama, Agent: (await import("undici")).Agent });
type Sdk = Awaited<ReturnType<typeof load>>;

async function ask({ Ollama, Agent }: Sdk, config: Config, prompt: Prompt, signal: AbortSignal): Promise<Completion> {
  const silence = watchSilence(config, signal);
  // Node's own limits of 300 s would end any longer reading of a prompt (T07). One agent per call: no socket that went stale
  // since the last call (T17), and none is left open whatever happens.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  try {
    const client = new Ollama({ host: config.OLLAMA_HOST[0] ?? "", fetch: guardedFetch(agent, silence.signal) });
    // Always streamed: unstreamed, a model that works and one that hangs look the same.
    const stream = await client.chat({ ...requestOf(config, prompt), stream: true });
    return await readAnswer(stream, silence.heard, config, prompt);
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    silence.stop();
    await agent.destroy();
  }
}

function requestOf(config: Config, { system, user, schema, maxTokens }: Prompt): ChatRequest & { truncate: false; shift: false } {
  return {
    model: config.OLLAMA_MODEL,
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
    format: schema,
    // Unset, a thinking model spends its budget on thoughts and the answer is empty (O23).
    think: false,
    // Both unset, a text that is too long is cut without a word (O11, O12). The package has no types for them and sends them.
    truncate: false,
    shift: false,
    keep_alive: config.OLLAMA_KEEP_ALIVE,
    // The same num_ctx every time: another one loads the model again (O20). num_predict unset goes on for several contexts.
    options: { num_ctx: config.OLLAMA_NUM_CTX, num_predict: maxTokens, temperature: 0 },
  };
}

/**
 * Aborts with "timed-out" when the model says nothing for too long: first for the time that loading and reading may take, then
 * for the shorter time between two words. Also passes on the outer signal, which lives for this one call.
 */
function watchSilence(config: Config, outer: AbortSignal) {
  const controller = new AbortController();
  const arm = (seconds: number, what: string) =>
    setTimeout(() => controller.abort(new Fault("timed-out", `ollama ${what} within ${seconds} s`)), seconds * 1000);
  let timer = arm(config.OLLAMA_FIRST_TOKEN_S, "said no first word");
  const passOn = () => controller.abort(outer.reason);
  outer.addEventListener("abort", passOn, { once: true });
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(timer);
      timer = arm(config.OLLAMA_STALL_S, "said no further word");
    },
    stop() {
      clearTimeout(timer);
      outer.removeEventListener("abort", passOn);
    },
  };
}

const count = z.number().optional();
const Part = z.object({
  model: z.string().min(1),
  message: z.object({ content: z.string().optional() }).optional(),
  done: z.boolean(),
  done_reason: z.string().optional(),
  prompt_eval_count: count,
  eval_count: count,
  remote_host: z.string().optional(),
  remote_model: z.string().optional(),
});
type Part = z.infer<typeof Part>;

async function readAnswer(stream: AsyncIterable<ChatResponse>, heard: () => void, config: Config, prompt: Prompt): Promise<Completion> {
  let text = "";
  for await (const line of stream) {
    const part = Part.safeParse(line).data;
    if (part === undefined) throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
    refuseRemote(part);
    const words = part.message?.content ?? "";
    text += words;
    // Counted in words: a server that keeps the line warm with empty parts, thoughts or blanks is stuck all the same (S09).
    if (words.trim() !== "") heard();
    if (part.done) return completionOf(part, text, config, prompt);
  }
  throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
}

/** The text has left the building although the address is local (O26): nothing more may be sent until a person has looked. */
function refuseRemote({ remote_host, remote_model, model }: Part): void {
  if (!remote_host && !remote_model && !/[:-]cloud$/i.test(model)) return;
  throw new Fault("egress-breach", "ollama let a model on another machine answer: choose a local one and set OLLAMA_NO_CLOUD=1");
}

function completionOf(last: Part, text: string, config: Config, prompt: Prompt): Completion {
  const tokensIn = last.prompt_eval_count;
  const tokensOut = last.eval_count;
  if (tokensIn !== undefined && wasPromptCut(tokensIn, tokensOut ?? 0, config.OLLAMA_NUM_CTX, prompt)) {
    throw new Fault("prompt-too-long", `ollama read ${tokensIn} tokens of a longer text: OLLAMA_NUM_CTX is ${config.OLLAMA_NUM_CTX}`);
  }
  return { text, model: last.model, finish: FINISHES[last.done_reason ?? ""] ?? "other", tokensIn, tokensOut };
}

/** "load" and "unload" are what Ollama says to an empty question (O06, O07): no answer, and our own bug. */
const FINISHES: Readonly<Record<string, Finish>> = { stop: "complete", length: "cut" };

/**
 * Whether the model saw only a part of the text, which Ollama tells by the count of tokens alone (O11). The two flags in the
 * request forbid it; versions that do not know them cut all the same. Refusing a text that just fitted costs a second, smaller
 * question; believing an answer to half a text costs a wrong report.
 */
function wasPromptCut(tokensIn: number, tokensOut: number, numCtx: number, { system, user }: Prompt): boolean {
  // Full to the brim: old versions cut to exactly the context. More than the context: its beginning was forgotten on the way.
  if (tokensIn >= numCtx * 0.99 || tokensIn + tokensOut > numCtx) return true;
  // Newer ones cut to half the context and two tokens. That exact count is believed only when so few tokens could hold the text:
  // French has 3 to 4 characters a token, and 5 would be rare.
  const isHalf = Math.abs(tokensIn - (numCtx / 2 + 2)) <= 4;
  return isHalf && (system.length + user.length) / 5 > tokensIn;
}
