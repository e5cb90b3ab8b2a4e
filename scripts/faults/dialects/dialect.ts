import type { ProviderName } from "../../../src/config.ts";
import type { Reply } from "../http.ts";

/** How an answer ends, in every dialect. */
export type Ending = "complete" | "cut" | "refused";

export interface Said {
  readonly ending?: Ending;
  /** The vendor's own word for the end, where it has more than one. */
  readonly word?: string;
  /** Another model than the one that was asked. */
  readonly model?: string;
}

/** What must be known to answer as one vendor does. */
export interface Dialect {
  readonly name: ProviderName;
  /** Settings that make our provider talk to this address. */
  settings(url: string): Readonly<Record<string, string>>;
  /** The model that says it has answered. */
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** The headers of a streamed answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** A whole streamed answer, one piece of wire per event: words, then what says that it has ended. */
  pieces(text: string, said?: Said): readonly string[];
  /** How many of its pieces, at the end, carry no word of the answer. */
  readonly tail: number;
  /** An event or line in mid-answer that is none. */
  readonly damaged: string;
  /** What our provider asks beside the question itself, and its answer. */
  aside?(path: string, body: unknown): Reply | undefined;
  /** How many tokens of an answer the question allows. */
  limitOf(body: unknown): number | undefined;
}

/** Words with the blank that follows them: as models stream them, about. */
export const tokensOf = (text: string): readonly string[] => text.match(/\S+\s*|\s+/g) ?? [""];

export const whole = (dialect: Dialect, text: string, said?: Said): Reply => ({
  headers: dialect.headers,
  body: dialect.pieces(text, said),
});

/** The first part of an answer: `share` of its pieces, without what says that it has ended. */
export function firstPieces(dialect: Dialect, text: string, share = 0.5): readonly string[] {
  const pieces = dialect.pieces(text);
  return pieces.slice(0, Math.max(1, Math.floor((pieces.length - dialect.tail) * share)));
}

export const data = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;

/** A value somewhere in a request. */
export function at(body: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), body);
}

export const numberAt = (body: unknown, ...path: readonly string[]): number | undefined => {
  const value = at(body, ...path);
  return typeof value === "number" ? value : undefined;
};
