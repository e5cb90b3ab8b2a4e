import type { Config } from "../../config.ts";
import { Fault } from "../../core/fault.ts";
import { askVendor, vendorFault, wireKind } from "../wire.ts";
import type { Completion, CompletionProvider, Finish, Prompt } from "./contract.ts";
import { checkModel } from "./model-name.ts";
import { costEur } from "./models.ts";
import { type Ear, listen } from "./silence.ts";

/** What one event of a stream adds to the answer. Nothing at all, often: a greeting, a keep-alive, a thought. */
export interface Piece {
  readonly text?: string | undefined;
  /** Words of a refusal, where the vendor keeps them apart from the answer. */
  readonly refusal?: string | undefined;
  readonly model?: string | undefined;
  readonly finish?: Finish | undefined;
  readonly tokensIn?: number | undefined;
  readonly tokensOut?: number | undefined;
  /** The dialect's own last event, where it has one that must be seen. */
  readonly isLast?: boolean;
}

/** What differs from one cloud to the next. */
export interface Cloud<Sdk> {
  readonly name: string;
  /** ISO 3166 alpha-2, "EU", or "ZZ" for an address that promises no place. */
  readonly country: string;
  readonly key: string | undefined;
  /** As the settings name it. */
  readonly model: string;
  /** What says that nothing will follow: the finish word, a last event of its own, or only the end of the connection. */
  readonly endsWith: "finish" | "last event" | "close";
  load(): Promise<Sdk>;
  /** Asks for a stream. The ear's signal must reach the socket. */
  ask(sdk: Sdk, prompt: Prompt, ear: Ear): Promise<AsyncIterable<unknown>>;
  /** One event of the stream; undefined when it is none of this vendor's, which is a hole in the answer. */
  read(event: unknown): Piece | undefined;
  /** What the SDK's error means; asked only when nobody aborted. */
  faultOf(error: unknown): Fault;
}

/** A cloud that is asked for a stream, under the clocks of the settings, and believed only when it said that it had finished. */
export function cloud<Sdk>(config: Config, { name, country, key, load, faultOf, ...rest }: Cloud<Sdk>): CompletionProvider {
  const callMs = config.CLOUD_CALL_S * 1000;
  const patience = { who: name, firstMs: config.CLOUD_FIRST_TOKEN_S * 1000, stallMs: config.CLOUD_STALL_S * 1000 };
  return {
    name,
    site: { kind: "cloud", country },
    ...(key === undefined && { unavailable: "no-key" as const }),
    callMs,
    costEur: ({ model, tokensIn, tokensOut }) => costEur(model, tokensIn, tokensOut),
    call: (prompt, { signal: caller, heard }) =>
      askVendor({
        ms: callMs,
        caller,
        load,
        faultOf,
        ask: (sdk, outer) =>
          listen({ ...patience, outer, heard }, async (ear) => collect({ name, ...rest }, await rest.ask(sdk, prompt, ear), ear)),
      }),
  };
}

/**
 * The whole answer, or a fault: a stream that was cut or has a hole is discarded, never continued and never given out in part.
 *
 * @throws Fault "server-error" without the vendor's word for the end; "model-missing" when another model answers
 */
async function collect(
  { name, model: asked, read, endsWith }: Pick<Cloud<never>, "name" | "model" | "read" | "endsWith">,
  stream: AsyncIterable<unknown>,
  ear: Ear,
): Promise<Completion> {
  let sum: Sum = { text: "", isWhole: false, isRefused: false };
  for await (const event of ear.pieces(intact(name, stream))) {
    const piece = read(event);
    if (piece === undefined) throw incomplete(name);
    if (piece.model) checkModel(name, asked, piece.model);
    sum = added(sum, piece, endsWith);
    ear.said(`${piece.text ?? ""}${piece.refusal ?? ""}`);
    if (sum.isWhole && endsWith !== "close") ear.finished();
  }
  if (sum.finish === undefined || !sum.isWhole) throw incomplete(name);
  return {
    text: sum.text,
    // Never the name we asked for: what really answered is what the ledger and the price are about.
    model: sum.model ?? "unknown",
    finish: believed(sum, sum.finish),
    tokensIn: sum.tokensIn,
    tokensOut: sum.tokensOut,
  };
}

/** What was heard so far. */
interface Sum extends Pick<Piece, "model" | "finish" | "tokensIn" | "tokensOut"> {
  readonly text: string;
  readonly isWhole: boolean;
  readonly isRefused: boolean;
}

function added(sum: Sum, piece: Piece, endsWith: Cloud<never>["endsWith"]): Sum {
  // Words after the word for the end: it was not the end.
  const finish = piece.finish ?? (piece.text ? undefined : sum.finish);
  const hasEnded = endsWith !== "last event" || piece.isLast === true || sum.isWhole;
  return {
    text: sum.text + (piece.text ?? ""),
    finish,
    isWhole: finish !== undefined && hasEnded,
    isRefused: sum.isRefused || !!piece.refusal,
    // Empty in the first events of some gateways.
    model: piece.model ? piece.model : sum.model,
    tokensIn: piece.tokensIn ?? sum.tokensIn,
    tokensOut: piece.tokensOut ?? sum.tokensOut,
  };
}

function believed({ isRefused, text }: Sum, finish: Finish): Finish {
  if (isRefused) return "refused";
  // A whole answer without a word is none (Q07, G09).
  return finish === "complete" && text.trim() === "" ? "other" : finish;
}

/** Whatever an SDK says of a stream that it cannot read to its end, the stream is broken; only this, and no mistake of our own. */
async function* intact(name: string, stream: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
  try {
    yield* stream;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw vendorFault(name, wireKind(error) ?? "server-error", { cause: error, status: 200 });
  }
}

const incomplete = (name: string): Fault => vendorFault(name, "server-error", { cause: undefined, status: 200 });
