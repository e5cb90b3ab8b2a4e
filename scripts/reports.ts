#!/usr/bin/env node
import { loadConfig } from "../src/config.ts";
import { leftFolders, removeFolder } from "../src/documents/left-reports.ts";
import { differing, originalsFor, reportFiles, sharedFiles, writeOut } from "../src/documents/report-files.ts";
import { openStores } from "../src/ledger/stores.ts";
import { onInterrupt, printJson, runCommand, say } from "./command.ts";

const HELP = `npm run reports -- [--check] [--json]

Makes every report, the list of them and the datasets anew from the stored results, byte for byte; asks no model. A folder of a
report whose document has gone or has another name now is removed; nothing that this program did not make is touched.

  --check  write nothing; exit code 1 when a file is missing or differs, or a folder is left over
  --json   one JSON document on stdout: {results, files, differ: [path], left: [folder]}
  --help   this text
`;

await runCommand({
  name: "npm run reports",
  help: HELP,
  options: { check: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
  async run({ values: { check, json } }) {
    const config = loadConfig();
    const interrupt = onInterrupt();
    const stored = openStores(config).results;
    const results = await stored.all();
    const files = [
      ...results.flatMap((result) => reportFiles(result, originalsFor(config))),
      ...sharedFiles(results, config.DATASET_SEED, await stored.unread()),
    ];
    const differ: string[] = [];
    for (const [index, file] of files.entries()) {
      interrupt.signal.throwIfAborted();
      if (index % 200 === 199) say(`${index + 1} of ${files.length} files`);
      if (!(await differing(file, config.OUT_DIR))) continue;
      differ.push(file[0]);
      if (!check) await writeOut([file], config.OUT_DIR);
    }
    const left = await leftFolders(results, config.OUT_DIR);
    if (!check) for (const folder of left) await removeFolder(folder, config.OUT_DIR);
    interrupt.release();
    if (json) printJson({ results: results.length, files: files.length, differ, left });
    else process.stdout.write(`${shown({ check, results: results.length, files: files.length, differ, left })}\n`);
    return check && differ.length + left.length > 0 ? 1 : 0;
  },
});

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
