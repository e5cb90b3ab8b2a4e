import type { Config } from "../../config.ts";
import { Fault } from "../../core/fault.ts";
import { untilAborted } from "./ollama-aside.ts";
import { contextOf, entryOf, isRemote, sharedList } from "./ollama-list.ts";
import { newProof } from "./ollama-proof.ts";

/** One Ollama: what it has, what it has loaded, and whether it is free. */
export interface Place {
  readonly host: string;
  /**
   * Whether somebody is there who has the model on that very machine. Asks the model nothing: whoever looks has no slot yet.
   *
   * @throws Fault "unreachable" | "timed-out" | "model-missing" | "egress-breach" | …; or the signal's reason
   */
  ready(signal: AbortSignal): Promise<void>;
  /** Whether the model is listed, asked anew. @throws Fault */
  hasModel(): Promise<boolean>;
  /** What `ready` knew may not be true any more. */
  forget(): void;
  /** Context with which the model is loaded, in tokens; undefined when it is not, or nobody can say. Takes 2 s at most. */
  loadedContext(): Promise<number | undefined>;
  /** Settles when the question that was given up has ended at the host, or nobody could prove that in time. Never throws. */
  drain(): Promise<void>;
  /** Before the next question, when that could not be proved: asks again. For who holds the slot. @throws Fault; or the signal's reason */
  makeUp(signal: AbortSignal): Promise<void>;
  /** It could not prove lately that it is free: a question is better off at another place. */
  isDoubted(): boolean;
}

/** @param elapsed  a monotonic clock, in ms */
export function openPlace(host: string, config: Config, elapsed: () => number): Place {
  const list = sharedList(host, elapsed);
  const proof = newProof(host, config, elapsed);
  const { OLLAMA_MODEL: model } = config;
  const { host: where } = new URL(host);
  return {
    host,
    async ready(signal) {
      const entry = entryOf(await untilAborted(list.get(), signal), model);
      // Looked at again at once when somebody has mended it.
      if (entry === undefined || isRemote(entry)) list.forget();
      if (entry === undefined) throw new Fault("model-missing", `ollama at ${where} has no model ${model}: run ollama pull ${model}`);
      if (isRemote(entry)) {
        throw new Fault(
          "egress-breach",
          `ollama at ${where} has ${model} on another machine only: choose a local model and set OLLAMA_NO_CLOUD=1`,
        );
      }
    },
    async hasModel() {
      list.forget();
      return entryOf(await list.get(), model) !== undefined;
    },
    forget: list.forget,
    loadedContext: () => contextOf(host, model),
    drain: () => proof.give().catch(() => {}),
    makeUp: proof.makeUp,
    isDoubted: proof.isDoubted,
  };
}
