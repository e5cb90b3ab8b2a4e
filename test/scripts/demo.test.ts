import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import type { Summary } from "../../scripts/demo/summary.ts";
import { startPractice } from "../../src/practice/server.ts";
import { killed } from "../support/children.ts";
import { processesIn, put, runDemo, startDemo, workingFolder } from "./demo-child.ts";
import { assertQuotesStand } from "./printed-quotes.ts";

const SAMPLES = resolve(import.meta.dirname, "..", "..", "samples", "documents");
const LETTER = "Le conseil municipal de Port-Kerelec décide de refaire le toit de l'école pour 12 500 €.\n";

describe("npm run demo -- --json, on the samples", () => {
  it("analyses every sample and every contribution here, names the scan, prints one JSON document and leaves nothing running", async (test) => {
    const folder = workingFolder(test);
    const { code, stdout, stderr } = await runDemo(folder, ["--json", "--delay-ms", "0", "--out", join(folder, "reports")]);
    assert.equal(code, 0, stderr);
    const summary = JSON.parse(stdout) as Summary;
    assert.deepEqual([summary.documents, summary.files, summary.contributions, summary.failures, summary.analysed], [8, 9, 20, 0, 8]);
    assert.deepEqual([summary.withoutText, summary.readByOcr], [[], ["PM2026-018-signe.pdf"]]);
    assert.equal(summary.calls.cloud, 0);
    assert.equal(summary.localShare, 1);
    assert.ok(summary.calls.local > 27, "each readable document and each contribution was asked about");
    assert.ok((summary.waitMs.p95 ?? 0) > (summary.waitMs.p50 ?? 0), "calls met at the lock");
    assert.equal(summary.practice, true);
    const { valid, invalid, undecided } = summary.verdicts;
    assert.equal(valid + invalid + undecided, 20);
    assert.match(summary.reports[0] ?? "", /index\.html$/);
    assert.deepEqual([summary.reports.length, summary.reports.filter((path) => !existsSync(path))], [9, []]);
    assert.match(stderr, /REDIS_URL is set; the demo leaves it alone/);
    assert.deepEqual(processesIn(folder), []);
    await assertQuotesStand(summary, SAMPLES);
  });
});

describe("npm run demo -- --documents, on a folder of one's own", () => {
  it("ends with exit code 1 and names a corrupt file and why, and does the others all the same", async (test) => {
    const folder = workingFolder(test);
    const documents = await put(folder, "papers/letter.txt", LETTER);
    await put(folder, "papers/broken.pdf", Buffer.from("%PDF-1.7\n1 0 obj\n<< /Type /Catalog"));
    const { code, stdout } = await runDemo(folder, ["--json", "--delay-ms", "0", "--documents", documents]);
    const summary = JSON.parse(stdout) as Summary;
    assert.equal(code, 1);
    assert.deepEqual([summary.documents, summary.analysed, summary.failures, summary.contributions], [2, 1, 1, 20]);
    assert.deepEqual(
      summary.failedDocuments.map(({ file, cause }) => [file, cause]),
      [["broken.pdf", "unreadable-document"]],
    );
    assert.match(summary.failedDocuments[0]?.reason ?? "", /damaged|truncated|incomplete|cut/);
    assert.deepEqual(processesIn(folder), []);
  });

  it("has nothing to do in an empty folder, and says so with 0 documents and an index without any", async (test) => {
    const folder = workingFolder(test);
    await mkdir(join(folder, "nothing"));
    const { code, stdout } = await runDemo(folder, ["--json", "--delay-ms", "0", "--documents", "nothing"]);
    const summary = JSON.parse(stdout) as Summary;
    assert.deepEqual([code, summary.documents, summary.contributions, summary.reports], [0, 0, 20, [join("out", "index.html")]]);
  });

  for (const [what, words, says] of [
    ["a folder that is not there", ["--documents", "no-such-folder"], /there is no folder no-such-folder/],
    ["a word it does not know", ["--document", "x"], /--help says what can be given/],
    ["reports among the documents", ["--documents", ".", "--out", "reports"], /lies in the folder of the documents/],
    ["a pause that is no number", ["--delay-ms", "soon"], /--delay-ms must be a number/],
  ] as const) {
    it(`ends with exit code 2 at ${what}, before anything is written`, async (test) => {
      const folder = workingFolder(test);
      const { code, stdout, stderr } = await runDemo(folder, ["--json", ...words]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, says);
      assert.deepEqual(readdirSync(folder), []);
    });
  }
});

describe("who answers in the demo", () => {
  it("is the real Ollama when one answers with the wanted model, and then nothing is called practice", async (test) => {
    const ollama = await startPractice({ models: ["mistral:latest"] });
    test.after(() => ollama.close());
    const folder = workingFolder(test);
    const documents = await put(folder, "papers/letter.txt", LETTER);
    const { code, stdout } = await runDemo(folder, ["--json", "--documents", documents], { OLLAMA_HOST: ollama.url });
    const summary = JSON.parse(stdout) as Summary;
    assert.deepEqual([code, summary.practice, summary.answeredBy.map(({ model }) => model)], [0, false, ["mistral:latest"]]);
    assert.equal(ollama.stats().served, summary.calls.local);
  });

  it("is the practice model when the Ollama has not got the model, and it says which one to pull", async (test) => {
    const ollama = await startPractice({ models: ["other:7b"] });
    test.after(() => ollama.close());
    const folder = workingFolder(test);
    await mkdir(join(folder, "nothing"));
    const { code, stdout, stderr } = await runDemo(folder, ["--delay-ms", "0", "--documents", "nothing"], { OLLAMA_HOST: ollama.url });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /ollama pull mistral:latest/);
    assert.match(stdout, /PRACTICE MODEL/);
    assert.equal(ollama.stats().served, 0);
  });
});

describe("a demo that is stopped", () => {
  it("ends at Ctrl-C with exit code 130, prints nothing on stdout, takes its Redis with it, and refuses a second demo until then", async (test) => {
    const folder = workingFolder(test);
    const first = startDemo(folder, ["--json", "--delay-ms", "20"]);
    await first.said(/scan the folder/);
    const second = await runDemo(folder, ["--json"]);
    assert.deepEqual([second.code, second.stdout], [1, ""]);
    assert.match(second.stderr, /another demo is running in this folder: demo \(.*pid \d+\)/);
    // Twice, as under npm: once from the terminal, once from npm.
    first.child.kill("SIGINT");
    first.child.kill("SIGINT");
    const { code, stdout } = await first.ended();
    assert.deepEqual([code, stdout], [130, ""]);
    assert.deepEqual(processesIn(folder), []);
  });

  it("leaves a Redis behind when it is killed, which the next demo ends before it starts its own", async (test) => {
    const folder = workingFolder(test);
    await mkdir(join(folder, "nothing"));
    const first = startDemo(folder, ["--json", "--delay-ms", "20"]);
    await first.said(/scan the folder/);
    await killed(first.child);
    const { code, stderr } = await runDemo(folder, ["--json", "--delay-ms", "0", "--documents", "nothing"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(processesIn(folder), []);
  });
});
