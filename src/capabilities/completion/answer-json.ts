import { Fault } from "../../core/fault.ts";

/** What a model said, read as JSON but not yet looked into. */
export interface SaidJson {
  readonly value: unknown;
  /** The object or value as it was written. */
  readonly json: string;
  /** What was said before and after it; empty when there was nothing but JSON. */
  readonly around: string;
}

/** About six times the longest answer that fits into the tokens we give; more is a model that runs wild, and is not even parsed. */
const MAX_ANSWER_CHARS = 100_000;
/** A greeting, a closing line and a thought fit; more than this round the object is an essay, and which part of it counts is unclear. */
const MAX_AROUND_CHARS = 2_000;
/** The deepest shape we ask for has 4 levels. */
const MAX_DEPTH = 12;

/**
 * Reads the one JSON value of an answer.
 *
 * Fences (Q01) and words (Q02) round it are passed over only when the text holds exactly one object: of two, nobody can say which one
 * is the answer. A key given twice is refused (Q12), since the second would silently win.
 *
 * @returns undefined when there is no JSON value, or more than one
 * @throws Fault "invalid-answer" at an empty or endless answer, a doubled key, a nesting bomb
 */
export function readJson(text: string): SaidJson | undefined {
  // Zero-width and control characters alone are as empty as blanks (Q07).
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) throw new Fault("invalid-answer", "the answer is empty");
  if (text.length > MAX_ANSWER_CHARS) {
    throw new Fault("invalid-answer", `the answer is ${text.length} characters long, and ${MAX_ANSWER_CHARS} are the most that is read`);
  }
  const bare = text.trim();
  const said = parsed(bare, "") ?? onlyObject(bare);
  if (said !== undefined) checkKeys(said);
  return said;
}

function parsed(json: string, around: string): SaidJson | undefined {
  try {
    return { value: JSON.parse(json) as unknown, json, around };
  } catch {
    return undefined;
  }
}

/** One pass, so that an answer of a hundred thousand braces costs no more than one of letters. */
function onlyObject(text: string): SaidJson | undefined {
  const start = text.indexOf("{");
  const end = start < 0 ? -1 : endOfObject(text, start);
  if (end < 0) return undefined;
  const around = `${text.slice(0, start).trim()}\n${text.slice(end).trim()}`;
  // A bracket in the words is another object, half of one, or a list of which this is an item.
  if (around.length > MAX_AROUND_CHARS || /[{}[\]]/.test(around)) return undefined;
  return parsed(text.slice(start, end), around);
}

/**
 * A text, with the colon that makes it a key, or a bracket. A text that never ends is read to the end: otherwise it would be tried
 * again from each quotation mark in it, which takes minutes.
 */
const TOKENS = /"(?:[^"\\]|\\[\s\S]?)*(?:"(\s*:)?|$)|[{}[\]]/g;

/** Where the object that begins at `start` ends, or -1. */
function endOfObject(text: string, start: number): number {
  const tokens = new RegExp(TOKENS);
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    depth += stepOf(token[0]);
    if (depth === 0) return tokens.lastIndex;
  }
  return -1;
}

const stepOf = (token: string): number => (token === "{" || token === "[" ? 1 : token === "}" || token === "]" ? -1 : 0);

/** @throws Fault "invalid-answer" when fewer keys are left than were written, or the nesting is deeper than any shape of ours */
function checkKeys({ json, value }: SaidJson): void {
  // Flat, and the same when it is written again: nothing was lost. Most verdicts are so, and need no second reading.
  if (json.indexOf("{", 1) < 0 && !json.includes("[") && JSON.stringify(value) === json) return;
  let [depth, written] = [0, 0];
  for (const [token, colon] of json.matchAll(TOKENS)) {
    depth += stepOf(token);
    if (depth > MAX_DEPTH) throw new Fault("invalid-answer", `the answer is nested more than ${MAX_DEPTH} levels deep`);
    if (colon !== undefined) written += 1;
  }
  if (written !== keysIn(value)) throw new Fault("invalid-answer", "the answer gives a field twice");
}

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner: readonly unknown[] = Object.values(value);
  return inner.reduce<number>((sum, one) => sum + keysIn(one), Array.isArray(value) ? 0 : inner.length);
}
