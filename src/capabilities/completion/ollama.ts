import type { ChatRequest } from "ollama";
import type { Config } from "../../config.ts";
import { Fault } from "../../core/fault.ts";
import type { CallContext, Site } from "../../core/provider.ts";
import { askVendor, vendorFault, wireFault } from "../wire.ts";
import type { Completion, CompletionProvider, Prompt } from "./contract.ts";
import { readAnswer } from "./ollama-answer.ts";
import { untilAborted } from "./ollama-aside.ts";
import { openPlace, type Place } from "./ollama-place.ts";
import { newRoom, type Room, wasPromptCut } from "./ollama-room.ts";
import { guardedFetch, type Sent } from "./ollama-wire.ts";
import { listen } from "./silence.ts";

/**
 * The local Ollamas, each a place of its own, through their native API: the OpenAI-compatible one ignores the context size (O14).
 *
 * @param elapsed  a monotonic clock, in ms
 * @see docs/decisions/2026-11-25-ollama-places.md
 */
export const ollama = (config: Config, elapsed = () => performance.now()): CompletionProvider => {
  const callMs = config.OLLAMA_CALL_S * 1000;
  const room = newRoom(config.OLLAMA_NUM_CTX);
  const places = new Map(config.OLLAMA_HOST.map((host, index) => [slotOf(index), openPlace(host, config, elapsed)]));
  const placeAt = (slot: string): Place => {
    const place = places.get(slot);
    if (place === undefined) throw new Fault("misconfigured", `ollama has no place named ${slot}: OLLAMA_HOST names ${places.size}`);
    return place;
  };
  // If none is well, whoever has the slot finds out.
  const isPassedOver = (place: Place): boolean => place.isDoubted() && [...places.values()].some((other) => !other.isDoubted());
  return {
    name: "ollama",
    site: siteOf(config.OLLAMA_HOST[0] ?? ""),
    slots: [...places.keys()],
    callMs,
    // Nobody sends a bill for it; electricity is not counted.
    costEur: () => 0,
    async ready(slot, prompt, signal) {
      room.check(prompt);
      const place = placeAt(slot);
      await place.ready(signal);
      if (isPassedOver(place)) throw notFree(place);
    },
    call: async (prompt, context) =>
      await callAt({ place: placeAt(context.slot ?? slotOf(0)), isPassedOver, room, config, callMs }, prompt, context),
  };
};

/** "busy", as another place takes the question: it costs the job no attempt, and nothing leaves. */
const notFree = ({ host }: Place): Fault =>
  new Fault("busy", `ollama at ${new URL(host).host} may still be at work on a question that was given up`);

/** As the lock names the same places. */
const slotOf = (index: number): string => (index === 0 ? "ollama" : `ollama-${index + 1}`);

/** Ollama's own cloud speaks the same API: at its address nothing is local. */
const siteOf = (host: string): Site =>
  /(^|\.)ollama\.(com|ai)$/i.test(new URL(host).hostname) ? { kind: "cloud", country: "US" } : { kind: "local" };

const load = async () => ({ Ollama: (await import("ollama")).Ollama, Agent: (await import("undici")).Agent });
type Sdk = Awaited<ReturnType<typeof load>>;

/** What a question needs besides itself. */
interface Desk {
  readonly place: Place;
  /** Whether another place is the better one. */
  isPassedOver(place: Place): boolean;
  readonly room: Room;
  readonly config: Config;
  readonly callMs: number;
}

/** Settles only when the host is free again: also a question that was given up has an end there, and the next one waits for it. */
async function callAt(desk: Desk, prompt: Prompt, { signal: caller, heard }: CallContext): Promise<Completion> {
  const sent: Sent = { hasArrived: false, isOver: false };
  try {
    return await askVendor({
      ms: desk.callMs,
      caller,
      load,
      ask: (sdk, signal) => ask(sdk, desk, prompt, { signal, sent, heard }),
      faultOf: (error) => {
        // The connection broke: nobody works for it any more.
        sent.isOver = true;
        return wireFault("ollama", error);
      },
    });
  } catch (error) {
    const fault = Fault.from(error, "ollama");
    desk.place.forget();
    // After a breach nothing more is sent to this address, not even a word.
    if (sent.hasArrived && !sent.isOver && fault.kind !== "egress-breach") await desk.place.drain();
    throw await toldApart(fault, desk.place);
  }
}

/** Ollama says "not found" also of a model that it has (O01, O02): its list tells whether a person must act. */
async function toldApart(fault: Fault, place: Place): Promise<Fault> {
  if (fault.kind !== "model-missing" || fault.status !== 404) return fault;
  const isListed = await place.hasModel().catch(() => false);
  return isListed ? vendorFault("ollama", "server-error", { cause: undefined, status: 404 }) : fault;
}

interface Asking {
  readonly signal: AbortSignal;
  readonly sent: Sent;
  readonly heard: (() => void) | undefined;
}

async function ask({ Ollama, Agent }: Sdk, desk: Desk, prompt: Prompt, asking: Asking): Promise<Completion> {
  const { place, room, config } = desk;
  const { OLLAMA_MODEL: model, OLLAMA_NUM_CTX: wanted } = config;
  await makeUp(desk, asking.signal);
  const isWarm = (await untilAborted(place.loadedContext(), asking.signal)) === wanted;
  const patience = {
    who: "ollama",
    // Reading may take long, and loading when it is cold.
    firstMs: (config.OLLAMA_FIRST_TOKEN_S + (isWarm ? 0 : config.OLLAMA_LOAD_S)) * 1000,
    stallMs: config.OLLAMA_STALL_S * 1000,
    outer: asking.signal,
    heard: asking.heard,
  };
  // Node's own limits of 300 s would end any longer reading of a prompt (T07). One agent per call: no socket that went stale
  // since the last call (T17), and none is left open whatever happens.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 10_000 } });
  const completion = await listen(patience, async (ear) => {
    const client = new Ollama({ host: place.host, fetch: guardedFetch(agent, ear.signal, asking.sent) });
    // Always streamed: unstreamed, a model that works and one that hangs look the same.
    const stream = await client.chat({ ...requestOf(config, prompt), stream: true });
    return await readAnswer(stream, model, ear.said);
  }).finally(() => agent.destroy());
  // A model that was loaded before with our context has it still.
  refuseCut(completion, prompt, wanted, isWarm ? wanted : await untilAborted(place.loadedContext(), asking.signal));
  if (completion.tokensIn !== undefined) room.learn(prompt, completion.tokensIn);
  return completion;
}

/** @throws Fault "busy" when another place can be asked; else why this one cannot prove that it is free; or the signal's reason */
async function makeUp({ place, isPassedOver }: Desk, signal: AbortSignal): Promise<void> {
  try {
    await place.makeUp(signal);
  } catch (error) {
    throw isPassedOver(place) && !signal.aborted ? notFree(place) : error;
  }
}

/** @throws Fault "prompt-too-long" when the counts say that only a part of the text was read, by what was asked for or was given (O11) */
function refuseCut({ tokensIn, tokensOut = 0 }: Completion, prompt: Prompt, wanted: number, given = wanted): void {
  if (tokensIn === undefined) return;
  const context = [wanted, given].find((size) => size <= wanted && wasPromptCut({ tokensIn, tokensOut }, size, prompt));
  if (context === undefined) return;
  const why =
    context === wanted
      ? `OLLAMA_NUM_CTX is ${wanted}`
      : `it has the model loaded with a context of ${context}, not OLLAMA_NUM_CTX=${wanted}`;
  throw new Fault("prompt-too-long", `ollama read ${tokensIn} tokens of a longer text: ${why}`);
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
