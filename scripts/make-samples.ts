#!/usr/bin/env node
/**
 * Draws the PDFs of samples/documents from the texts in samples/sources. The same sources give the same bytes.
 *
 *   node scripts/make-samples.ts [--out FOLDER]     the PDFs, into samples/documents or FOLDER
 *   node scripts/make-samples.ts --rescan           first draws the picture of the scanned page anew
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readSource, type Source } from "./samples/blocks.ts";
import { drawPdf, wrapScan } from "./samples/draw.ts";

const SAMPLES = join(import.meta.dirname, "../samples");
/** The picture is kept beside its text: drawing letters gives other pixels on another processor, and the PDF must not change. */
const PICTURE = join(SAMPLES, "sources/PM2026-018.jpg");
const SCANNED = "PM2026-018-rue-de-la-cale-neuve";

/** Source -> names in samples/documents. Two names for one act: the same bytes are to be analysed once. */
const DOCUMENTS = {
  "DE2026-012-groupe-scolaire": ["DE2026-012-groupe-scolaire.pdf"],
  "PM2026-031-fete-du-port": ["Arrêté n° PM2026-031 – Fête du port.pdf", "PM2026-031.pdf"],
  "tarifs-et-subventions-2026": ["tarifs-et-subventions-2026.pdf"],
  "bulletin-n7-hiver-2026": ["bulletin-n7-hiver-2026.pdf"],
};

const HELP = `usage: node scripts/make-samples.ts [--out FOLDER] [--rescan]

Draws the PDFs of samples/documents from the texts in samples/sources.
  --out FOLDER  write there instead (made if missing)
  --rescan      draw the picture of the scanned page anew (changes samples/sources/PM2026-018.jpg)
  --help        this text
`;

await main();

async function main(): Promise<void> {
  const values = asked();
  if (values.help === true) return void process.stdout.write(HELP);
  const folder = values.out ?? join(SAMPLES, "documents");
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: Buffer) => {
    writeFileSync(join(folder, name), bytes);
    console.log(`${String(bytes.length).padStart(7)} bytes  ${name}`);
  };

  for (const [source, names] of Object.entries(DOCUMENTS)) {
    const bytes = await drawPdf(sourceOf(source));
    for (const name of names) write(name, bytes);
  }
  if (values.rescan === true) await rescan();
  write("PM2026-018-signe.pdf", await wrapScan(readFileSync(PICTURE), sourceOf(SCANNED).datedAt));
}

function sourceOf(name: string): Source {
  return readSource(readFileSync(join(SAMPLES, "sources", `${name}.txt`), "utf8"));
}

async function rescan(): Promise<void> {
  const { scanPage } = await import("./samples/scan.ts");
  writeFileSync(PICTURE, await scanPage(await drawPdf(sourceOf(SCANNED))));
}

function asked() {
  try {
    return parseArgs({ options: { out: { type: "string" }, rescan: { type: "boolean" }, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    return process.exit(2);
  }
}
