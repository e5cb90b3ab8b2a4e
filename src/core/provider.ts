import type { SkipReason } from "./attempt.ts";
import type { Fault } from "./fault.ts";

/** Where an engine runs. `country` is declared by configuration, not measured: ISO 3166 alpha-2, or "EU". */
export type Site = { readonly kind: "local" } | { readonly kind: "cloud"; readonly country: string };

/** What a raw answer says of itself, whatever the capability: the ledger writes it down. */
export interface Answered {
  /** The model that really answered, as the vendor names it. */
  readonly model: string;
  readonly tokensIn: number | undefined;
  readonly tokensOut: number | undefined;
}

export interface CallContext {
  /** Aborting it closes the socket. Its reason is a `Fault`. */
  readonly signal: AbortSignal;
  /** The slot that is held for this call, one of the provider's; absent for the cloud. */
  readonly slot?: string;
  /** Called at the first word of the answer: the engine works, whatever becomes of this answer. */
  heard?(): void;
}

export interface Provider<Request, Raw extends Answered> {
  readonly name: string;
  readonly site: Site;
  /** Scarce local resources, one of which is leased for the length of `call`; absent for the cloud. */
  readonly slots?: readonly string[];
  /** Why it cannot be asked at all, known from the settings: it is passed over, and the result says so. */
  readonly unavailable?: SkipReason;
  /** Upper bound for one call, in ms, counted once the slot is held. */
  readonly callMs: number;
  /** Cost of one answer in euros, by the dated price table; `undefined` when the model is not in it. */
  costEur(raw: Raw): number | undefined;
  /** @throws Fault, and nothing else */
  call(request: Request, context: CallContext): Promise<Raw>;
  /**
   * Whether the place behind one of its slots can do this request at all: somebody is there, the model is, the text fits. Asked
   * before anybody waits in line for it.
   *
   * @throws Fault "unreachable" | "model-missing" | "prompt-too-long" | …, and nothing else
   */
  ready?(slot: string, request: Request, signal: AbortSignal): Promise<void>;
}

/** Public documents, or citizens' words. A class the policy does not know is treated as the strictest. */
export type DataClass = "document" | "contribution";

/** One question to one capability, whoever answers it. */
export interface Task<Request, Raw extends Answered, Result> {
  readonly capability: string;
  readonly dataClass: DataClass;
  readonly chain: readonly Provider<Request, Raw>[];
  readonly request: Request;
  /** What leaves the server if a cloud provider is called, in UTF-16 units. */
  egressChars(request: Request): number;
  /**
   * @param asked.repaired  the answer is to the second question, which quoted what was wrong with the first
   * @throws Fault "truncated" | "refused" | "invalid-answer"
   */
  accept(raw: Raw, asked: { readonly repaired: boolean }): Result;
  /** The same question once more, quoting what was wrong with the answer. */
  repair(request: Request, fault: Fault): Request;
}
