import type { ProviderName } from "../../src/config.ts";
import type { Dialect } from "./dialects/dialect.ts";
import type { OllamaState } from "./dialects/ollama.ts";
import type { Question, Reply } from "./http.ts";

/** Places where no HTTP answer can come from. */
export type Nowhere =
  /** A port on which nobody listens. */
  | "refuses"
  /** A host of no name. */
  | "no such name"
  /** A certificate that nobody we trust has signed. */
  | "bad certificate"
  /** A machine that takes no connection and refuses none. */
  | "never connects";

/** One line of the catalogue, as it is played. The provider under test is X, the one after it Y. */
export interface Row {
  /** Id in the fault catalogue, with a word behind a dot where one id is played in several ways. */
  readonly id: string;
  /** In plain words. */
  readonly what: string;
  /** X, one cell each. */
  readonly who: readonly ProviderName[];
  /**
   * What X does, one entry per question it gets; the last one for ever. Y always answers well.
   */
  readonly does: Nowhere | ((dialect: Dialect) => readonly Did[]);
  /**
   * Written by hand from the catalogue: what each asked provider did, then "stop" or "postponed" unless somebody answered.
   * Questions to the walk are set apart by " | ".
   */
  readonly expected: string;
  /** How many questions are asked; absent: as many as `expected` speaks of. */
  readonly questions?: number;
  /** What counts of what the questions led to, where not all of it does. */
  readonly told?: (said: readonly string[], provider: ProviderName) => string;
  /** "nobody": X is the whole chain. "lost": Y fails as X does. */
  readonly second?: "nobody" | "lost";
  /** Clocks of X in seconds; generous ones where none is given. */
  readonly clocks?: { readonly firstS?: number; readonly loadS?: number; readonly stallS?: number };
  /** How long the job waits for the local model, in ms. 0 where none is given. */
  readonly patienceMs?: number;
  readonly ollama?: OllamaState;
  readonly letter?: string;
  /** What must be true of the questions X got; else its words are part of what was observed. */
  readonly check?: (questions: readonly Question[], dialect: Dialect) => string | undefined;
}

export type Did = Reply | ((question: Question) => Reply);

export const ALL: readonly ProviderName[] = ["ollama", "openai", "claude", "mistral", "gemini"];

/** One result, for people and programs. */
export interface Cell {
  readonly id: string;
  readonly provider: string;
  readonly what: string;
  readonly expected: string;
  readonly observed: string;
  readonly pass: boolean;
}
