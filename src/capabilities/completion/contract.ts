import { z } from "zod";
import { Fault } from "../../core/fault.ts";
import type { Answered, Provider } from "../../core/provider.ts";

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

/**
 * An answer of exactly the asked shape, or a fault: answers are accepted, not believed.
 *
 * @throws Fault "truncated" | "refused" | "invalid-answer"; the message names fields, never quotes the answer
 */
export function acceptCompletion<Shape>(completion: Completion, shape: z.ZodType<Shape>): Shape {
  if (completion.finish === "cut") throw new Fault("truncated", "the answer reached its length limit before it was complete");
  if (completion.finish === "refused") throw new Fault("refused", "the model would not answer this text: a person must look at it");
  if (completion.finish === "other") throw new Fault("invalid-answer", "the model stopped without saying that its answer is complete");
  const parsed = shape.safeParse(parseJson(completion.text));
  if (!parsed.success) throw new Fault("invalid-answer", `the answer has not the asked shape: ${describeIssues(parsed.error)}`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  if (text.trim() === "") throw new Fault("invalid-answer", "the answer is empty");
  // Models put fences round JSON although the schema forbids it (Q01): taken off, then checked like any other answer.
  const bare = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(text)?.[1] ?? text;
  try {
    return JSON.parse(bare) as unknown;
  } catch (cause) {
    throw new Fault("invalid-answer", "the answer is not JSON", { cause });
  }
}

/** Field paths and codes only: zod's own messages can quote what was received. */
function describeIssues(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "the whole"} (${issue.code})`)
    .join(", ");
}
