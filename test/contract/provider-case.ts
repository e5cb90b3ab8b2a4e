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
