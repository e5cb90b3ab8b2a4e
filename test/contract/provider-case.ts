import type { CompletionProvider, Finish, Prompt } from "../../src/capabilities/completion/contract.ts";
import { type Config, type ProviderName, readConfig } from "../../src/config.ts";
import type { FaultKind } from "../../src/core/fault.ts";
import type { Reply } from "../support/stand-in.ts";

/** Stands for what a citizen wrote. It is in every request, and the stand-in's errors send it back: no fault may carry it. */
export const SENTENCE = "PHRASE-D-UNE-CITOYENNE";

export const PROMPT: Prompt = {
  system: `Tu lis des textes. ${SENTENCE}`,
  user: `<texte>\n${SENTENCE} : l'éclairage de la rue du Môle est en panne.\n</texte>`,
  schemaName: "reading",
  schema: {
    type: "object",
    properties: { verdict: { type: "string", enum: ["oui", "non"], description: SENTENCE } },
    required: ["verdict"],
    additionalProperties: false,
  },
  maxTokens: 321,
};

/** Settings as a program gets them, plus values that only a test wants, such as deadlines under a second. */
export const testConfig = (environment: Readonly<Record<string, string>>, overrides: Partial<Config> = {}): Config => ({
  ...readConfig(environment),
  ...overrides,
});

/** Limits in seconds, for a first word, between two words and for the whole call, under each engine's own name. */
export const limits = (first: number, stall: number, call: number): Partial<Config> => ({
  CLOUD_FIRST_TOKEN_S: first,
  CLOUD_STALL_S: stall,
  CLOUD_CALL_S: call,
  OLLAMA_FIRST_TOKEN_S: first,
  OLLAMA_STALL_S: stall,
  OLLAMA_CALL_S: call,
});

/** A stream of server-sent events, each the data of one event, or its name and its data. */
export const sse = (events: readonly (string | object | readonly [name: string, data: object])[]): Reply & { readonly body: string } => ({
  headers: { "content-type": "text/event-stream; charset=utf-8" },
  body: events
    .map((event) => {
      if (typeof event === "string") return `data: ${event}\n\n`;
      if (!Array.isArray(event)) return `data: ${JSON.stringify(event)}\n\n`;
      return `event: ${event[0]}\ndata: ${JSON.stringify(event[1])}\n\n`;
    })
    .join(""),
});

/** The events of a streamed answer, each as its own piece of wire. */
export const eventsOf = ({ body }: { readonly body: string }): readonly string[] =>
  body.split(body.includes("\n\n") ? /(?<=\n\n)/ : /(?<=\n)/);

export interface FinishCase {
  /** The vendor's own word, as on the wire. */
  readonly word: string;
  readonly reply: Reply;
  readonly finish: Finish;
}

export interface FaultCase {
  /** Id in the fault catalogue, or "doc" for what only the vendor's documentation shows. */
  readonly id: string;
  /** What happens, in plain words: with the id it is the title of the test. */
  readonly what: string;
  readonly reply: Reply;
  readonly kind: FaultKind;
  /** Seconds from now at which `retryAt` must lie; when it is left out there must be no `retryAt`. */
  readonly retryAfter?: number;
  /** How many seconds later it may lie, 10 unless said: some vendors round. */
  readonly within?: number;
}

export interface HoleCase {
  readonly id: string;
  readonly what: string;
  readonly event: string;
  /** "server-error" unless the vendor says otherwise. */
  readonly kind?: FaultKind;
  /** The SDK keeps it to itself until the stream ends. */
  readonly isSeenLate?: true;
}

/** All that the contract suite must know of one vendor. Default export of `cases/<name>.ts`. */
export interface ProviderCase {
  readonly name: ProviderName;
  /** A provider with a key (if it needs one) that talks to the given address. */
  make(baseUrl: string, overrides?: Partial<Config>): CompletionProvider;
  /** Path of the request, query included. */
  readonly path: string;
  /** The header that carries the key; left out when there is none. */
  readonly auth?: { readonly header: string; readonly value: string };
  /** A whole successful answer as the vendor sends it, with model and usage below. Its first half must not be a whole answer. */
  good(text: string): Reply & { readonly body: string };
  readonly answered: { readonly model: string; readonly tokensIn: number; readonly tokensOut: number };
  /** How many events at the end of `good` may be missing: what follows the word for the end, and must not be waited for. */
  readonly spareEvents?: number;
  /** Only the end of the connection says that nothing follows. */
  readonly endsWithConnection?: true;
  /** Why an answer without its last blank line is refused. */
  readonly needsLastLine?: string;
  /** Pieces of wire that are no word of the answer: keep-alives, empty events, thoughts. */
  readonly idle: readonly string[];
  /** Pieces of wire that make a hole in the answer, or break it off. Quote `SENTENCE`. */
  readonly holes: readonly HoleCase[];
  /** A whole answer by the model of this name. */
  answeredBy(model: string): Reply & { readonly body: string };
  /** The request body in the vendor's own way: prompt, limits and JSON schema. Throws when something is missing or too much. */
  assertBody(body: unknown, prompt: Prompt): void;
  /** At least one each that means "complete", "cut" and "other". */
  readonly finishes: readonly FinishCase[];
  /** Quote `SENTENCE` in the vendors' messages, as vendors do. */
  readonly faults: readonly FaultCase[];
  /** Where an SDK hides what happened: the kind of a connection reset before any answer, "server-error" unless said. */
  readonly resetKind?: FaultKind;
  /** Why a redirect to another address cannot be stopped, when an SDK leaves no way. */
  readonly followsRedirects?: string;
}
