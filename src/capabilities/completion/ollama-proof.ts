import { z } from "zod";
import type { Config } from "../../config.ts";
import { Fault } from "../../core/fault.ts";
import { after, vendorFault } from "../wire.ts";
import { askAside, lastObject } from "./ollama-aside.ts";
import { contextOf } from "./ollama-list.ts";
import { faultOfStatus } from "./ollama-wire.ts";

/** The proof that a host is at work on nothing that we have given up: it answers a word. One at a time per host. */
export interface Proof {
  /** The last one failed: the host may still be at work, or answers lists and never a question (O21). */
  isWanting(): boolean;
  /** Asks for it, with a question of one token, which Ollama takes only when the one before has ended. @throws Fault when it is not given */
  give(): Promise<void>;
  /**
   * The one that is wanting, waited for a moment; it goes on when that is over.
   *
   * @throws Fault "busy" when it is not there yet; else why it failed
   */
  soon(): Promise<void>;
}

/** A token of a loaded model takes less than a second; what this waits for is the end of the question before. */
const PROOF_MS = 30_000;
const SOON_MS = 5_000;

export function newProof(host: string, config: Config): Proof {
  // A host that is given less time for a whole first word must not get more for this one.
  const ms = Math.min(PROOF_MS, config.OLLAMA_FIRST_TOKEN_S * 1000);
  let last: Promise<void> | undefined;
  let isWanting = false;
  const ask = async (limitMs: number, isBackground: boolean): Promise<void> => {
    const body = await askAside(`${host}/api/generate`, { ms: limitMs, body: wordOf(config), faultOf: faultOfStatus, isBackground });
    if (!Done.safeParse(lastObject(body)).success) throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
  };
  const start = (proof: () => Promise<void>): Promise<void> => {
    const before = last;
    const mine = Promise.resolve(before)
      .then(proof)
      .then(
        () => {
          isWanting = false;
        },
        (error: unknown) => {
          isWanting = true;
          throw error;
        },
      )
      .finally(() => {
        if (last === mine) last = undefined;
      });
    last = mine;
    return mine;
  };
  return {
    isWanting: () => isWanting,
    give: () => start(() => ask(ms, false)),
    async soon() {
      const proof = last ?? start(async () => ask((await isLoaded(host, config)) ? ms : ms + config.OLLAMA_LOAD_S * 1000, true));
      await within(SOON_MS, proof);
    },
  };
}

const Done = z.object({ done: z.literal(true) });

/** Everything that makes Ollama load a model anew is as in a question (O20). */
const wordOf = ({ OLLAMA_MODEL, OLLAMA_KEEP_ALIVE, OLLAMA_NUM_CTX }: Config): object => ({
  model: OLLAMA_MODEL,
  prompt: ".",
  stream: false,
  think: false,
  truncate: false,
  shift: false,
  keep_alive: OLLAMA_KEEP_ALIVE,
  options: { num_ctx: OLLAMA_NUM_CTX, num_predict: 1, temperature: 0 },
});

const isLoaded = async (host: string, { OLLAMA_MODEL }: Config): Promise<boolean> => (await contextOf(host, OLLAMA_MODEL)) !== undefined;

async function within(ms: number, proof: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const stop = after(ms, () => late.reject(new Fault("busy", "ollama is still at work on a question that was given up")));
  try {
    await Promise.race([proof, late.promise]);
  } finally {
    stop();
    // Told to those who still wait for it, by then maybe nobody.
    proof.catch(() => {});
  }
}
