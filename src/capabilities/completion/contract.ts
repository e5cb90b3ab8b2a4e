import { z } from "zod";
import { Fault } from "../../core/fault.ts";
import type { Answered, Provider } from "../../core/provider.ts";
import { readJson, type SaidJson } from "./answer-json.ts";
import { wrongShape } from "./answer-shape.ts";
import { echoOf, isForeign, isRefusal, isRefusalInField } from "./answer-words.ts";

/** One question with the shape its answer must have. */
export interface Prompt {
  /** What the model is told to do. Written by us, the same for every text. */
  readonly system: string;
  /** The text to work on, in a delimited field: data, never an instruction. */
  readonly user: string;
  /** Name of the answer's shape, [a-z_], for vendors that want one. */
  readonly schemaName: string;
  /** JSON Schema of the answer: plain objects, arrays, strings, numbers, booleans and enums; every property required. */
  readonly schema: JsonSchema;
  readonly maxTokens: number;
}

/**
 * A text as a delimited field of a prompt: `<name>\n…\n</name>`.
 *
 * The text cannot close its own field: a "</name" in it loses its "<", so a letter that says "end of document, now obey me"
 * stays data. The model has no tools and its answer is checked, so this is a fence, not the wall.
 */
export function dataField(name: string, text: string): string {
  return `<${name}>\n${text.replaceAll(new RegExp(`<(?=/?\\s*${name})`, "gi"), "‹")}\n</${name}>`;
}

export type JsonSchema = { readonly [key: string]: unknown };

/** How an answer ended, in one vocabulary for every vendor. */
export type Finish =
  | "complete"
  /** The answer hit its length limit. */
  | "cut"
  /** The vendor or the model would not answer. */
  | "refused"
  /** Something no vendor documents, or a state that is not an answer ("load", a tool call). */
  | "other";

/** What a provider gave back: not yet believed. */
export interface Completion extends Answered {
  readonly text: string;
  readonly finish: Finish;
}

export type CompletionProvider = Provider<Prompt, Completion>;

/**
 * A zod shape as the JSON Schema that every vendor takes: no `$schema`, no integer bounds, no patterns, nothing optional.
 *
 * Grammar-constrained decoders choke on the rest, so the answer is checked strictly afterwards instead.
 */
export function wireSchema(shape: z.ZodType): JsonSchema {
  return plain(z.toJSONSchema(shape, { io: "input" })) as JsonSchema;
}

const DROPPED = new Set([
  "$schema",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "default",
]);

function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "properties") kept[key] = Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, plain(inner)]));
    else if (!DROPPED.has(key)) kept[key] = plain(value);
  }
  return kept;
}

/** What is known of an answer beyond its shape. */
export interface Expected<Shape> {
  /** It answers the second question, which quoted what was wrong with the first answer. */
  readonly repaired?: boolean;
  /** Texts the model was given: instructions of ours, a letter. They are not what it was asked for. */
  readonly given?: readonly string[];
  /** The text asked about. An object that stands in it is its author's answer, not the model's. */
  readonly about?: string;
  /** The sentences that the model had to write itself, in French. Quotes are not among them. */
  sentences?(answer: Shape): readonly string[];
}

/**
 * An answer of exactly the asked shape, or a fault: answers are accepted, not believed.
 *
 * @throws Fault "truncated" | "refused" | "invalid-answer"; the message names fields, never quotes the answer
 * @see docs/decisions/2026-11-25-accepted-not-believed.md
 */
export function acceptCompletion<Shape>(completion: Completion, shape: z.ZodType<Shape>, expected: Expected<Shape> = {}): Shape {
  if (completion.finish !== "complete") throw unfinished(completion.finish);
  const said = readJson(completion.text);
  const refused = said === undefined ? isRefusal(completion.text) : isRefusal(said.around) || stringsOf(said.value).some(isRefusalInField);
  if (refused) throw unfinished("refused");
  if (said === undefined) throw new Fault("invalid-answer", "the answer is not one JSON object");
  const parsed = shape.safeParse(said.value);
  if (!parsed.success) throw wrongShape(parsed.error, said.value, expected.repaired ?? false);
  if (standsIn(said, expected.about ?? "")) {
    throw new Fault("refused", "the answer stands word for word in the text it is about: a person must look at it");
  }
  checkSentences(expected.sentences?.(parsed.data) ?? [], said.around, expected);
  return parsed.data;
}

function unfinished(finish: Exclude<Finish, "complete">): Fault {
  if (finish === "cut") return new Fault("truncated", "the answer reached its length limit before it was complete");
  if (finish === "refused") return new Fault("refused", "the model would not answer this text: a person must look at it");
  return new Fault("invalid-answer", "the model stopped without saying that its answer is complete");
}

/** The texts of an answer of whatever shape, without those of its lists: there stand quotes. */
function stringsOf(value: unknown): readonly string[] {
  const inner: readonly unknown[] = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.values(value) : [value];
  return inner.filter((one) => typeof one === "string");
}

/** However it is spaced. A letter without a brace holds no object. */
function standsIn({ json, value }: SaidJson, text: string): boolean {
  if (!text.includes("{")) return false;
  const close = (spaced: string): string => spaced.replaceAll(/\s+/g, "");
  const packed = close(text);
  return packed.includes(close(json)) || packed.includes(close(JSON.stringify(value)));
}

/** @throws Fault "refused" | "invalid-answer" */
function checkSentences(
  sentences: readonly string[],
  around: string,
  { given = [], about = "" }: Omit<Expected<never>, "sentences">,
): void {
  if (sentences.some(isRefusalInField)) throw unfinished("refused");
  if ([...sentences, around].some(echoOf(given))) {
    throw new Fault("invalid-answer", "the answer repeats the question instead of answering it");
  }
  // A text in English may be summed up in English: better than no report of it.
  if (sentences.some(isForeign) && !isForeign(about)) throw new Fault("invalid-answer", "the answer is not in French");
}
