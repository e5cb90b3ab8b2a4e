import assert from "node:assert/strict";
import { chmod, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { it, type TestContext } from "node:test";
import PDFDocument from "pdfkit";
import { PACKAGED } from "../../src/capabilities/ocr/engine.ts";
import { documentsFolder, sha256Of } from "../support/folder.ts";
import { homes } from "../support/homes.ts";
import { frenchText } from "../support/pdf.ts";
import { sampleScan } from "../support/scan.ts";

const { open } = homes();
const DOCS = "audierne-docs";
const PACKAGED_READER = PACKAGED.read(["fra"], 220);

/** The packaged Tesseract, but one that breaks off at every picture that is wider than high. */
const BRITTLE = `#!${process.execPath}
const { readFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
if (process.argv[2] === "--version") process.stdout.write("tesseract 5.0.0");
else if (process.argv[2] === "--list-langs") process.stdout.write("List of languages:\\nfra");
else {
  const input = readFileSync(0);
  if (input.readUInt32BE(16) > input.readUInt32BE(20)) process.exit(3);
  const { program, args } = ${JSON.stringify(PACKAGED_READER)};
  process.stdout.write(spawnSync(program, args, { input, maxBuffer: 1e8 }).stdout);
}
`;

async function brittleEngine(test: TestContext): Promise<string> {
  const folder = await documentsFolder(test);
  await folder.put("engine", BRITTLE);
  await chmod(folder.path("engine"), 0o755);
  return folder.path("engine");
}

/** The same scanned order upright and on a sheet that is wider than high, and a page of text. */
async function threePages(): Promise<Buffer> {
  const { png } = await sampleScan();
  const document = new PDFDocument({ autoFirstPage: false });
  const bytes = buffer(document);
  document.addPage({ size: "A4", layout: "landscape" }).image(Buffer.from(png), 0, 0, { fit: [842, 595] });
  document.addPage({ size: "A4" }).image(Buffer.from(png), 0, 0, { fit: [595, 842] });
  document.addPage({ size: "A4" }).text(frenchText(120));
  document.end();
  return await bytes;
}

it("a page that breaks the engine in every run is the only one that is missing, and the result and the report say why", async (test) => {
  const home = await open(test, { pace: 100, settings: { TESSERACT_BIN: await brittleEngine(test) } });
  const content = await threePages();
  await home.put("a.pdf", content);
  await home.work();
  const { jobId } = await home.app.queues.enqueue(DOCS, { kind: "document", sha256: sha256Of(content), files: ["a.pdf"] });
  for (const runs of [1, 2]) {
    const job = await home.until(DOCS, jobId, "delayed");
    const why = "server-error: the program that reads scans broke off (3)";
    assert.deepEqual([job.attemptsMade, job.failedReason, await home.app.stores.results.all()], [runs, why, []]);
    await job.promote();
  }
  await home.until(DOCS, jobId, "completed");
  const [result] = await home.app.stores.results.all();
  assert.deepEqual(
    result?.document.reading?.map(({ source, unread }) => [source, unread]),
    [
      ["none", "server-error"],
      ["ocr", undefined],
      ["text-layer", undefined],
    ],
  );
  const lines = await home.ledger();
  assert.equal(lines.filter((line) => line === "tesseract answered").length, 1, "what was read is not read again");
  const [folder = ""] = await readdir(join(home.dir, "out", "documents"));
  const report = await readFile(join(home.dir, "out", "documents", folder, "rapport.md"), "utf8");
  assert.match(report, /Page 1.: non lue, la reconnaissance de caractères s’est arrêtée avant la fin.; un nouvel essai suivra/);
});
