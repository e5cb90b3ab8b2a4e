import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { SPLITS, splitFiles, splitOf } from "../../src/documents/splits.ts";
import { saying } from "./sample-results.ts";

const documents = Array.from({ length: 2_000 }, (_, number) => createHash("sha256").update(`${number}`).digest("hex"));

describe("the split of a document", () => {
  it("is drawn eight, one and one of ten", () => {
    const count = (split: string): number => documents.filter((sha256) => splitOf(sha256, "ecluse") === split).length;
    const [train, validation, test] = SPLITS.map(count);
    assert.equal((train ?? 0) + (validation ?? 0) + (test ?? 0), 2_000);
    assert.ok(Math.abs((train ?? 0) - 1_600) < 80 && Math.abs((validation ?? 0) - 200) < 60, `${train} ${validation} ${test}`);
  });

  it("is the same for the same seed, whoever else is there, and another for another seed", () => {
    const drawn = (seed: string) => documents.map((sha256) => splitOf(sha256, seed)).join(" ");
    assert.equal(drawn("ecluse"), drawn("ecluse"));
    assert.notEqual(drawn("ecluse"), drawn("other"));
  });

  it("has all records of a document, each saying so, and none of any other split", () => {
    const results = documents.slice(0, 40).map((sha256) => {
      const result = saying("port");
      return { ...result, document: { ...result.document, sha256 }, dataset: result.dataset.map((record) => ({ ...record, id: sha256 })) };
    });
    const seen = new Map<string, string>();
    for (const [name, text] of splitFiles(results, "ecluse")) {
      for (const line of text.trimEnd().split("\n")) {
        const record = JSON.parse(line) as { readonly id: string; readonly split: string };
        assert.equal(`${record.split}.jsonl`, name);
        assert.equal(seen.get(record.id) ?? name, name);
        seen.set(record.id, name);
      }
    }
    assert.equal(seen.size, 40);
  });
});
