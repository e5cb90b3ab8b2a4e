import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { reportFolder } from "../../src/documents/report-files.ts";
import { openStores } from "../../src/ledger/stores.ts";
import { ANALYSED, SCAN, saying } from "../documents/sample-results.ts";
import { runNode } from "../support/command.ts";

const dir = mkdtempSync(join(tmpdir(), "ecluse-reports-"));
const out = join(dir, "out");
const env = { DATA_DIR: join(dir, "data"), OUT_DIR: out, DATASET_SEED: "ecluse", DOCUMENTS_DIR: join(dir, "documents") };
const reports = (...args: string[]) => runNode("scripts/reports.ts", args, { env });

/** Every file below a folder with its text. */
function filesBelow(folder: string, at = ""): readonly (readonly [string, string])[] {
  return readdirSync(join(folder, at))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((name) => {
      const path = join(at, name);
      return statSync(join(folder, path)).isDirectory()
        ? filesBelow(folder, path)
        : [[path, readFileSync(join(folder, path), "utf8")] as const];
    });
}

describe("npm run reports", () => {
  before(async () => {
    const stores = openStores(env);
    for (const result of [ANALYSED, SCAN]) await stores.results.put(result);
  });
  after(() => rmSync(dir, { recursive: true }));

  it("makes all that the worker had written anew, byte for byte, when the folder was lost", async () => {
    const before = filesBelow(out);
    rmSync(out, { recursive: true });
    const { code, stdout } = await reports("--json");
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as { files: number }).files, before.length);
    assert.deepEqual(filesBelow(out), before);
    assert.equal((await reports("--check")).code, 0);
  });

  it("finds what somebody changed, and mends only that", async () => {
    const page = `${reportFolder(ANALYSED)}/rapport.html`;
    const text = readFileSync(join(out, page), "utf8");
    writeFileSync(join(out, page), text.replace("</html>", "<p>autre</p></html>"));
    const checked = await reports("--check", "--json");
    assert.deepEqual([checked.code, (JSON.parse(checked.stdout) as { differ: string[] }).differ], [1, [page]]);
    assert.equal((await reports()).code, 0);
    assert.equal(readFileSync(join(out, page), "utf8"), text);
  });

  it("removes the folder of a document that is named otherwise now, and nothing that it did not make", async () => {
    const renamed = { ...ANALYSED, document: { ...ANALYSED.document, files: ["autre nom.pdf"] } };
    await openStores(env).results.put(renamed);
    const foreign = join(out, "documents", "mes-notes-3f786850");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "rapport.html"), "mine");
    const { stdout } = await reports("--json");
    assert.deepEqual((JSON.parse(stdout) as { left: string[] }).left, [reportFolder(ANALYSED)]);
    assert.equal(readFileSync(join(foreign, "rapport.html"), "utf8"), "mine");
    assert.ok(readdirSync(join(out, "documents")).includes(reportFolder(renamed).slice("documents/".length)));
  });

  it("names a stored result that somebody spoiled, makes all others, and leaves what there is of it", async () => {
    const path = join(dir, "data", "results", `${SCAN.document.sha256}.json`);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace('"schemaVersion":1', '"schemaVersion":2'));
    const ran = await reports("--json");
    writeFileSync(path, text);
    const { broken, left } = JSON.parse(ran.stdout) as { broken: unknown; left: unknown };
    assert.deepEqual([ran.code, left, broken], [1, [], [{ name: `${SCAN.document.sha256}.json`, why: "schemaVersion: invalid_value" }]]);
    assert.match(ran.stderr, /is no result \(schemaVersion: invalid_value\): the next scan of the folder makes it anew/);
    assert.ok(readdirSync(join(out, "documents")).includes(reportFolder(SCAN).slice("documents/".length)));
    assert.deepEqual([(await reports("--json")).code, (await reports("--check")).code], [0, 0]);
  });

  it("prints the JSON Schema of a result, which is the one that is published in docs", async () => {
    const { code, stdout } = await reports("--schema");
    const published = readFileSync(new URL("../../docs/resultat.schema.json", import.meta.url), "utf8");
    const how = "write it anew: npm run --silent reports -- --schema > docs/resultat.schema.json";
    assert.equal(code, 0);
    assert.ok(published === stdout, how);
    assert.equal(readFileSync(join(out, "resultat.schema.json"), "utf8"), stdout);
  });

  it("without any result writes an empty list, and says so", async () => {
    const empty = { DATA_DIR: join(dir, "none"), OUT_DIR: join(dir, "none-out") };
    const { code, stdout } = await runNode("scripts/reports.ts", [], { env: empty });
    assert.equal(code, 0);
    assert.match(stdout, /^0 results, 5 files: 5 written/);
  });

  it("a hostile name of a document writes nowhere else", async () => {
    await openStores(env).results.put(saying("../../x"));
    assert.equal((await reports()).code, 0);
    assert.ok(filesBelow(dir).every(([path]) => /^(?:data|out|none|none-out)\//.test(path)));
  });
});
