import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { reportFiles, reportFolder, sharedFiles, writeOut } from "../../src/documents/report-files.ts";
import { ANALYSED, SCAN, saying } from "./sample-results.ts";

describe("the files of a report", () => {
  let outDir: string;
  before(async () => {
    outDir = await mkdtemp(join(tmpdir(), "ecluse-out-"));
  });
  after(() => rm(outDir, { recursive: true }));

  it("lie in a folder named after the document and its hash, whole and without leftovers", async () => {
    const paths = await writeOut(reportFiles(ANALYSED), outDir);
    assert.deepEqual(
      paths.map((path) => relative(outDir, path)),
      ["rapport.html", "rapport.md", "resultat.json"].map((name) => join("documents", "deliberation-n-2026-014-voile-3f786850", name)),
    );
    assert.deepEqual((await readdir(join(outDir, reportFolder(ANALYSED)))).sort(), ["rapport.html", "rapport.md", "resultat.json"]);
    assert.deepEqual(JSON.parse(await readFile(paths[2] ?? "", "utf8")), ANALYSED);
  });

  it("are the same bytes when written again, and when two workers write at once", async () => {
    const bytes = async () => Promise.all((await writeOut(reportFiles(ANALYSED), outDir)).map((path) => readFile(path, "utf8")));
    const first = await bytes();
    const both = await Promise.all([bytes(), bytes()]);
    assert.deepEqual(both, [first, first]);
    assert.equal((await readdir(join(outDir, reportFolder(ANALYSED)))).length, 3);
  });

  it("have a dataset when there is one, and stay in the out folder whatever the document is called", async () => {
    const result = saying("../../../../tmp/ab\n\"c'\u202E.pdf");
    const paths = await writeOut(reportFiles(result), outDir);
    for (const path of paths) assert.match(relative(outDir, path), /^documents[/\\]ab-c-3f786850[/\\][a-z0-9-]+\.(?:html|md|json|jsonl)$/);
    assert.match(paths[3] ?? "", /audierne-ab-c-20261124\.jsonl$/);
    assert.equal((await readFile(paths[3] ?? "", "utf8")).split("\n").length, 2);
  });

  it("are all listed in an index whose links lead to them", async () => {
    await writeOut(reportFiles(SCAN), outDir);
    const index = await readFile((await writeOut(sharedFiles([ANALYSED, SCAN], "seed"), outDir))[0] ?? "", "utf8");
    const links = [...index.matchAll(/<h2><a href="([^"]+)"/g)].map((match) => match[1] ?? "");
    assert.equal(links.length, 2);
    for (const link of links) assert.match(await readFile(join(outDir, link), "utf8"), /<html lang="fr">/);
  });

  it("cannot be written where a file stands in the way, and leave nothing half there", async () => {
    const path = join(outDir, "documents", "p-pm2023-003-ab786850", "rapport.html");
    await assert.rejects(writeOut(reportFiles(SCAN), path));
    assert.match(await readFile(path, "utf8"), /<\/html>\n$/);
  });
});
