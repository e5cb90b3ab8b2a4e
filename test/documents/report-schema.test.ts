import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { audierneDocs } from "../../jobs/audierne-docs.ts";
import { readConfig } from "../../src/config.ts";
import { DocumentResult } from "../../src/documents/analysis.ts";
import type { Page } from "../../src/documents/read.ts";
import { resultSchema, storedResult } from "../../src/documents/report-schema.ts";
import { context } from "../jobs/context.ts";
import { ANALYSED, PRACTICE, READ_SCAN, SCAN, saying } from "./sample-results.ts";

const HASH = "a".repeat(64);
const ACT =
  "ARRÊTÉ N° PM2031-014\nLe maire de Port-Kerelec,\nVu l'article L. 2212-2 du code général des collectivités territoriales,\nLe stationnement est interdit quai du Môle du 3 au 9 mai 2031. Le montant est de 12 500 €.\n";

/** A result as the job itself makes it, of a text or of nothing. */
async function madeBy(text: string): Promise<DocumentResult> {
  const page: Page = { number: 1, text, readable: text === "" ? "empty" : "text", flags: text === "" ? ["empty"] : [] };
  const read = async () => ({ format: "pdf", bytes: 9, sha256: HASH, pages: [page], activeContent: false }) as const;
  const bench = context();
  await audierneDocs(readConfig({})).run(
    { kind: "document", sha256: HASH, files: ["a.pdf"] },
    { ...bench, documents: { ...bench.documents, read } },
  );
  const [result] = bench.put;
  assert.ok(result !== undefined);
  // As it comes back from the disk.
  return JSON.parse(JSON.stringify(result)) as DocumentResult;
}

describe("the shape of a result", () => {
  for (const [what, make] of [
    ["an analysed document", () => ANALYSED],
    ["a scan that nobody could read", () => SCAN],
    ["a scan that was read", () => READ_SCAN],
    ["what the practice model answered", () => PRACTICE],
    ["hostile text", () => saying("</script>\n---\n\uD800")],
    ["a result as the job makes it", () => madeBy(ACT)],
    ["a document of blank pages", () => madeBy("")],
  ] as const) {
    it(`takes ${what}, and knows every field of it`, async () => {
      const result = await make();
      assert.deepEqual(DocumentResult.parse(result), result);
      assert.deepEqual(storedResult(result), { kind: "result", result });
    });
  }

  it("takes a result of before scans were read, under its name of today", () => {
    assert.deepEqual(storedResult({ ...SCAN, status: "needs-ocr" }), { kind: "result", result: SCAN });
  });

  it("keeps what a newer program added", () => {
    const newer = { ...ANALYSED, later: { more: 1 } };
    assert.deepEqual(storedResult(newer), { kind: "result", result: newer });
  });

  const found = ANALYSED.act.number;
  for (const [what, spoilt, why] of [
    ["another version", { ...ANALYSED, schemaVersion: 2 }, "schemaVersion: invalid_value"],
    [
      "a claim without its proof",
      { ...ANALYSED, act: { ...ANALYSED.act, number: { ...found, evidence: undefined } } },
      "act.number.evidence: invalid_type",
    ],
    ["a page 0", { ...ANALYSED, document: { ...ANALYSED.document, pagesWithoutText: [0] } }, "document.pagesWithoutText.0: too_small"],
    ["a kind that there is not", { ...ANALYSED, act: { ...ANALYSED.act, kind: "loi" } }, "act.kind: invalid_value"],
    [
      "one that says it was reviewed",
      { ...ANALYSED, production: { ...ANALYSED.production, reviewed: true } },
      "production.reviewed: invalid_value",
    ],
    ["half of it", { schemaVersion: 1, document: ANALYSED.document }, "status: invalid_value, and 7 more"],
    ["no object", "x", "the whole: invalid_type"],
  ] as const) {
    it(`refuses ${what}, and says where, without a word of the document`, () =>
      assert.deepEqual(storedResult(spoilt), { kind: "broken", why }));
  }
});

describe("the published schema", () => {
  const schema = JSON.parse(resultSchema()) as { $schema: string; required: string[]; properties: object; $defs: Record<string, object> };

  it("is a JSON Schema of draft 2020-12 that names its parts and is open to more fields", () => {
    assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.deepEqual(
      Object.keys(schema.$defs).filter((name) => name.startsWith("__")),
      [],
    );
    assert.doesNotMatch(resultSchema(), /additionalProperties/);
  });
  it("asks for what was in the first results, and for nothing that came later", () => {
    assert.deepEqual(new Set(schema.required), new Set(Object.keys(ANALYSED)));
  });
});
