import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type JsonSchema, wireSchema } from "../../../src/capabilities/completion/contract.ts";
import { openApiSchema } from "../../../src/capabilities/completion/gemini-schema.ts";
import { CharterAnswer } from "../../../src/contributions/verdict.ts";
import { Fault } from "../../../src/core/fault.ts";
import { ChunkAnswer, ThemeContributions } from "../../../src/documents/analysis.ts";

describe("the schema of an answer, as Gemini wants it", () => {
  it("keeps shape, order and enums, and leaves out what Google answers 400 to", () => {
    const schema = {
      type: "object",
      properties: {
        reasons: { type: "array", items: { type: "string" } },
        kind: { type: "string", enum: ["b", "a"], description: "d" },
        count: { type: "integer" },
        share: { type: ["number", "null"] },
        ok: { type: "boolean" },
        fixed: { type: "string", const: "x" },
      },
      required: ["reasons", "kind", "count", "share", "ok", "fixed"],
      additionalProperties: false,
    };
    assert.deepEqual(openApiSchema(schema), {
      type: "OBJECT",
      properties: {
        reasons: { type: "ARRAY", items: { type: "STRING" } },
        kind: { type: "STRING", format: "enum", enum: ["b", "a"], description: "d" },
        count: { type: "INTEGER" },
        share: { type: "NUMBER", nullable: true },
        ok: { type: "BOOLEAN" },
        fixed: { type: "STRING", format: "enum", enum: ["x"] },
      },
      propertyOrdering: ["reasons", "kind", "count", "share", "ok", "fixed"],
      required: ["reasons", "kind", "count", "share", "ok", "fixed"],
    });
  });

  for (const [name, shape] of Object.entries({ ChunkAnswer, CharterAnswer, ThemeContributions })) {
    it(`takes ${name} whole, with every property`, () => {
      const plain = wireSchema(shape);
      const properties = (schema: JsonSchema) => [...JSON.stringify(schema).matchAll(/"required":\[([^\]]*)\]/g)].map(([, list]) => list);
      const converted = openApiSchema(plain);
      assert.deepEqual(properties(converted), properties(plain));
      assert.doesNotMatch(JSON.stringify(converted), /additionalProperties|\$schema|"type":"[a-z]/);
    });
  }

  it("does not take a property for a keyword because of its name", () => {
    const schema = openApiSchema({ type: "object", properties: { type: { type: "string" }, $ref: { type: "string" } } });
    assert.deepEqual(schema.properties, { type: { type: "STRING" }, $ref: { type: "STRING" } });
  });

  for (const [what, schema] of [
    ["a union", { anyOf: [{ type: "string" }, { type: "integer" }] }],
    ["two types at once", { type: ["string", "integer"] }],
    ["a reference", { type: "object", $ref: "#/$defs/x" }],
    ["an enum of numbers", { type: "integer", enum: [1, 2] }],
    ["a pattern", { type: "string", pattern: "^a$" }],
    ["no type", {}],
    ["a property that is no schema", { type: "object", properties: { a: true } }],
  ] as const) {
    it(`refuses ${what} rather than ask for something else in silence`, () => {
      assert.throws(
        () => openApiSchema(schema),
        (error) => error instanceof Fault && error.kind === "misconfigured",
      );
    });
  }
});
