import { z } from "zod";
import type { Config } from "../../config.ts";
import { vendorFault } from "../wire.ts";
import { type Aside, askAside, lastObject, untilAborted } from "./ollama-aside.ts";
import { contextOf } from "./ollama-list.ts";
import { faultOfStatus } from "./ollama-wire.ts";

/**
 * The proof that a host is at work on nothing that we have given up: it answers a question of one token, which Ollama takes only
 * when the one before has ended. That is a question like any other: only who holds the slot may ask it.
 */
export interface Proof {
  /** After a question was given up; one at a time per host. Takes no signal: who gave up must have it all the same. @throws Fault when it is not given */
  give(): Promise<void>;
  /**
   * Before the next question, when the last proof failed: the host may still be at work, or answers lists and never a question (O21).
   *
   * @throws Fault when it is not given; or the signal's reason, and then nothing of ours is open at the host any more
   */
  makeUp(signal: AbortSignal): Promise<void>;
  /** The last one failed, and that was not long ago. */
  isDoubted(): boolean;
}

/** A token of a loaded model takes less than a second; what this waits for is the end of the question before. */
const PROOF_MS = 30_000;
/** Too long leaves a host idle that is well again; too short costs one question after the other its half minute. */
const DOUBT_MS = 60_000;

/** @param elapsed  a monotonic clock, in ms */
export function newProof(host: string, config: Config, elapsed: () => number): Proof {
  // A host that is given less time for a whole first word must not get more for this one.
  const ms = Math.min(PROOF_MS, config.OLLAMA_FIRST_TOKEN_S * 1000);
  let last: Promise<void> | undefined;
  let failedAtMs: number | undefined;
  const ask = async (aside: Pick<Aside, "ms" | "signal">): Promise<void> => {
    try {
      const body = await askAside(`${host}/api/generate`, { ...aside, body: wordOf(config), faultOf: faultOfStatus });
      if (!Done.safeParse(lastObject(body)).success) throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
      failedAtMs = undefined;
    } catch (error) {
      failedAtMs = elapsed();
      throw error;
    }
  };
  return {
    async give() {
      // When the one before was not given, neither is this one: the host has just been silent for so long.
      const mine = Promise.resolve(last).then(() => ask({ ms }));
      last = mine;
      try {
        await mine;
      } finally {
        if (last === mine) last = undefined;
      }
    },
    async makeUp(signal) {
      if (failedAtMs === undefined) return;
      const isLoaded = (await untilAborted(contextOf(host, config.OLLAMA_MODEL), signal)) !== undefined;
      // It may have been started anew since.
      await ask({ ms: isLoaded ? ms : ms + config.OLLAMA_LOAD_S * 1000, signal });
    },
    isDoubted: () => failedAtMs !== undefined && elapsed() - failedAtMs < DOUBT_MS,
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
