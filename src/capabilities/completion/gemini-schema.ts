import { Fault } from "../../core/fault.ts";
import type { JsonSchema } from "./contract.ts";

/**
 * A plain JSON schema in the dialect of OpenAPI that Gemini's `responseSchema` takes.
 *
 * Types in upper case as on Google's wire, no `additionalProperties` (Google answers 400 to it), enums marked as such, and the
 * order of properties written down, since Gemini sorts them by the alphabet otherwise and a verdict would come before its reasons.
 *
 * @throws Fault "misconfigured" at anything else than objects, arrays, strings, numbers, booleans, null beside one of them, and
 *         enums of strings: a keyword left out in silence would be an answer nobody asked for
 */
export function openApiSchema(schema: JsonSchema): JsonSchema {
  const { type, nullable } = typeOf(schema);
  const result: Record<string, unknown> = { type: type.toUpperCase(), ...(nullable && { nullable: true }) };
  for (const [keyword, value] of Object.entries(schema)) {
    if (IGNORED.has(keyword)) continue;
    const converted = CONVERTED[keyword]?.(value, type);
    if (converted === undefined) throw unsupported(keyword);
    Object.assign(result, converted);
  }
  return result;
}

/** `type` is read above; the other two are promises that the check of the answer keeps. */
const IGNORED = new Set(["type", "additionalProperties", "$schema"]);

type Convert = (value: unknown, type: string) => JsonSchema | undefined;

const CONVERTED: Readonly<Record<string, Convert>> = {
  title: (title) => ({ title }),
  description: (description) => ({ description }),
  required: (required) => ({ required }),
  items: (items) => (isSchema(items) ? { items: openApiSchema(items) } : undefined),
  enum: (values, type) => (type === "string" ? { format: "enum", enum: values } : undefined),
  const: (value, type) => (type === "string" ? { format: "enum", enum: [value] } : undefined),
  properties: (properties) => {
    if (!isSchema(properties)) return undefined;
    const entries = Object.entries(properties).map(([name, inner]) => {
      if (!isSchema(inner)) throw unsupported("properties");
      return [name, openApiSchema(inner)] as const;
    });
    return { properties: Object.fromEntries(entries), propertyOrdering: entries.map(([name]) => name) };
  },
};

const TYPES: readonly unknown[] = ["object", "array", "string", "number", "integer", "boolean"];

function typeOf(schema: JsonSchema): { type: string; nullable: boolean } {
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  const [type, ...more] = types.filter((name) => name !== "null");
  if (typeof type !== "string" || more.length > 0 || !TYPES.includes(type)) throw unsupported("type");
  return { type, nullable: types.includes("null") };
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

const unsupported = (keyword: string): Fault =>
  new Fault("misconfigured", `the schema's "${keyword}" is nothing that Gemini's responseSchema takes: keep the answer's shape plain`);
