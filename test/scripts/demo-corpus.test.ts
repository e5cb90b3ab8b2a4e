import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import type { Summary } from "../../scripts/demo/summary.ts";
import { runDemo, workingFolder } from "./demo-child.ts";
import { assertQuotesStand } from "./printed-quotes.ts";

const CORPUS = resolve(import.meta.dirname, "..", "..", "..", "shared", "corpus", "pdf");

describe("npm run demo -- --documents, on 43 real documents of a town", () => {
  it("analyses every readable PDF of the corpus, names the scans, and prints no quote that is not on its page", {
    skip: existsSync(CORPUS) ? false : "the corpus is not on this machine",
  }, async (test) => {
    const folder = workingFolder(test);
    const { code, stdout, stderr } = await runDemo(folder, ["--json", "--delay-ms", "0", "--documents", CORPUS]);
    assert.equal(code, 0, stderr);
    const summary = JSON.parse(stdout) as Summary;
    const reports = summary.reports.map((path) => join(folder, path));
    assert.deepEqual([summary.files, summary.documents, summary.failures], [43, 42, 0]);
    assert.equal(summary.analysed + summary.withoutText.length, 42);
    await assertQuotesStand({ ...summary, reports }, CORPUS);
  });
});
