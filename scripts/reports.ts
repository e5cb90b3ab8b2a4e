#!/usr/bin/env node
import { loadConfig } from "../src/config.ts";
import { leftFolders, removeFolder } from "../src/documents/left-reports.ts";
import { differing, type OutFile, originalsFor, reportFiles, sharedFiles, writeOut } from "../src/documents/report-files.ts";
import { resultSchema } from "../src/documents/report-schema.ts";
import { openStores } from "../src/ledger/stores.ts";
import { onInterrupt, printJson, runCommand, say } from "./command.ts";

const HELP = `npm run reports -- [--check] [--json]
npm run reports -- --schema

Makes every report, the list of them and the datasets anew from the stored results, byte for byte; asks no model. A folder of a
report whose document has gone or has another name now is removed; nothing that this program did not make is touched. A stored
result that is broken is named, with exit code 1: the next scan of the folder makes it anew from the stored answers.

  --check  write nothing; exit code 1 when a file is missing or differs, or a folder is left over
  --schema print the JSON Schema of resultat.json, and do nothing else
  --json   one JSON document on stdout: {results, files, differ: [path], left: [folder], broken: [{name, why}]}
  --help   this text
`;

await runCommand({
  name: "npm run reports",
  help: HELP,
  options: {
    check: { type: "boolean", default: false },
    schema: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
  async run({ values: { check, schema, json } }) {
    if (!schema) return await make(check, json);
    process.stdout.write(resultSchema());
    return 0;
  },
});

/** @returns the exit code */
async function make(check: boolean, json: boolean): Promise<number> {
  const config = loadConfig();
  const interrupt = onInterrupt();
  const stored = openStores(config).results;
  const results = await stored.all();
  const files = [
    ...results.flatMap((result) => reportFiles(result, originalsFor(config))),
    ...sharedFiles(results, config.DATASET_SEED, await stored.unread()),
  ];
  const differ = await mend(files, config.OUT_DIR, { check, signal: interrupt.signal });
  const broken = await stored.broken();
  for (const { name, why } of broken) say(`results/${name} is no result (${why}): the next scan of the folder makes it anew`);
  // The report of a broken result is not left over: it is all that there is of it.
  const left = broken.length > 0 ? [] : await leftFolders(results, config.OUT_DIR);
  if (!check) for (const folder of left) await removeFolder(folder, config.OUT_DIR);
  interrupt.release();
  if (json) printJson({ results: results.length, files: files.length, differ, left, broken });
  else process.stdout.write(`${shown({ check, results: results.length, files: files.length, differ, left })}\n`);
  return broken.length > 0 || (check && differ.length + left.length > 0) ? 1 : 0;
}

/** @returns the paths that were missing or differed; unless it is only a check, they are written now */
async function mend(files: readonly OutFile[], outDir: string, asked: { readonly check: boolean; readonly signal: AbortSignal }) {
  const differ: string[] = [];
  for (const [index, file] of files.entries()) {
    asked.signal.throwIfAborted();
    if (index % 200 === 199) say(`${index + 1} of ${files.length} files`);
    if (!(await differing(file, outDir))) continue;
    differ.push(file[0]);
    if (!asked.check) await writeOut([file], outDir);
  }
  return differ;
}

interface Done {
  readonly check: boolean;
  readonly results: number;
  readonly files: number;
  readonly differ: readonly string[];
  readonly left: readonly string[];
}

function shown({ check, results, files, differ, left }: Done): string {
  const made = `${results} results, ${files} files: ${differ.length} ${check ? "differ" : "written, the others are as they must be"}`;
  const over = `${left.length} folders ${check ? "are left over" : "of documents that have gone or are named otherwise removed"}`;
  return [`${made}; ${over}.`, ...(check ? [...differ, ...left] : [])].join("\n");
}
