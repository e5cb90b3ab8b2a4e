import { Fault } from "../core/fault.ts";
import { type KeptContribution, takeContribution } from "./contribution.ts";

/** What a person handed over: contributions, and what is wrong with the rest, a line each, by place and never by text. */
export interface ReadInput {
  readonly contributions: readonly KeptContribution[];
  readonly mistakes: readonly string[];
}

const KNOWN = ["id", "category", "title", "body", "constat_factuel", "idees_ameliorations"];
/** The form's two fields are what the citizen wrote; exports derive title and body from them. */
const DERIVED = ["title", "body"];

/**
 * Reads contributions from JSON (one, an array, or `{contributions: [...]}`) or JSON lines.
 *
 * @param fieldsOnly  takes the known fields of each item and leaves the others; otherwise an unknown field is a mistake
 */
export function readContributions(text: string, { fieldsOnly }: { readonly fieldsOnly: boolean }): ReadInput {
  const contributions: KeptContribution[] = [];
  const mistakes: string[] = [];
  for (const item of itemsOf(text)) {
    if ("mistake" in item) mistakes.push(`${item.place}: ${item.mistake}`);
    else {
      const taken = take(item.value, fieldsOnly);
      if (typeof taken === "string") mistakes.push(`${item.place}: ${taken}`);
      else contributions.push(taken);
    }
  }
  return { contributions, mistakes };
}

type Item = { readonly place: string } & ({ readonly value: unknown } | { readonly mistake: string });

function itemsOf(text: string): readonly Item[] {
  const whole = parsed(text);
  if (whole === undefined) return linesOf(text);
  const list = isObject(whole.value) && Array.isArray(whole.value.contributions) ? (whole.value.contributions as unknown[]) : whole.value;
  if (Array.isArray(list)) return list.map((value: unknown, index) => ({ place: `contribution ${index + 1}`, value }));
  return [{ place: "contribution 1", value: list }];
}

function linesOf(text: string): readonly Item[] {
  const lines = text.split(/\r?\n/).flatMap((line, index) => (line.trim() === "" ? [] : [{ place: `line ${index + 1}`, line }]));
  // One value over several lines with a slip in it: to blame each of its lines would bury the one place to look at.
  if (lines.filter(({ line }) => parsed(line) !== undefined).length === 0) {
    return [{ place: "the input", mistake: text.trim() === "" ? "it is empty" : "it is neither JSON nor JSON lines" }];
  }
  return lines.map(({ place, line }) => {
    const value = parsed(line);
    return value === undefined ? { place, mistake: "it is not JSON" } : { place, ...value };
  });
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    // Windows programs put a byte-order mark first.
    return { value: JSON.parse(text.replace(/^\uFEFF/, "")) as unknown };
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @returns what is wrong, as a sentence without the text */
function take(value: unknown, fieldsOnly: boolean): KeptContribution | string {
  if (!isObject(value)) return "it is not an object";
  const strangers = Object.keys(value).filter((name) => !KNOWN.includes(name));
  if (strangers.length > 0 && !fieldsOnly) {
    const names = strangers.slice(0, 8).map((name) => JSON.stringify(name.slice(0, 40)));
    return `it has fields that no contribution has: ${names.join(", ")} (--fields-only leaves them out)`;
  }
  if (!fieldsOnly && isForm(value) && DERIVED.some((name) => name in value)) {
    return "it has both title or body and the form's fields (--fields-only takes constat_factuel and idees_ameliorations)";
  }
  try {
    return takeContribution(fieldsOnly ? knownFields(value) : value);
  } catch (error) {
    return Fault.from(error, "reading it").message;
  }
}

const isForm = (value: Readonly<Record<string, unknown>>): boolean => typeof value.constat_factuel === "string";

function knownFields(value: Readonly<Record<string, unknown>>): object {
  const isWanted = (name: string): boolean => KNOWN.includes(name) && !(isForm(value) && DERIVED.includes(name));
  return Object.fromEntries(Object.entries(value).filter(([name]) => isWanted(name)));
}
