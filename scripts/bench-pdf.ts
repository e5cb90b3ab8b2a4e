import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { withBench } from "./bench/bench.ts";
import { measureOurs } from "./bench/pdf/ours.ts";
import { isKept, type OursResult, type PlainResult, shown, summaryOf } from "./bench/pdf/result.ts";
import { measureScans } from "./bench/pdf/scans.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";
import { explainInterrupt } from "./faults/interrupt.ts";

const HELP = `Usage: npm run bench:pdf -- [--json] [--rounds N] [--corpus DIR]

How many pages a second our reading of PDFs makes beside plain pdf-parse, by turns: ours in a process of its own for each
document, with hidden text found and every page judged; pdf-parse in one process that is already there, text alone. And how
much memory either takes, and how long the program that asks can do nothing else. Then how many pages of scans a minute are drawn
and read, beside the tesseract program alone. Only ratios are claimed.

  --json        one JSON document on stdout, nothing else
  --rounds N    rounds of each side, after one that warms up (default 3)
  --corpus DIR  read the PDFs of this folder (default: the samples of this project)
  --help        this text

Exit code 0 when what is promised was kept, 1 when it was not or could not be measured, 2 for a wrong argument.
`;

const SAMPLES = join(import.meta.dirname, "../samples/documents");
const PLAIN = join(import.meta.dirname, "bench/pdf/plain.ts");

await runCommand({
  name: "npm run bench:pdf",
  help: HELP,
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "3" },
    corpus: { type: "string", default: SAMPLES },
  },
  async run({ values: { json, rounds, corpus } }) {
    if (!/^[1-9]\d{0,2}$/.test(rounds)) throw new UsageError(`--rounds must be a whole number from 1 to 999, but is "${rounds}"`);
    const files = pdfsOf(corpus);
    const result = await withBench(say, async ({ signal }) => {
      const ours: OursResult[] = [];
      const plain: PlainResult[] = [];
      for (let round = 0; round <= Number(rounds); round += 1) {
        const [mine, theirs] = [await measureOurs(files, signal), await measurePlain(files, signal)];
        // The first one loads both from the disk.
        if (round > 0) {
          ours.push(mine);
          plain.push(theirs);
        }
      }
      return summaryOf(files.length, ours, plain, await measureScans(Number(rounds), signal));
    }).catch(explainInterrupt);
    if (json) printJson(result);
    else process.stdout.write(shown(result));
    return isKept(result) ? 0 : 1;
  },
});

function pdfsOf(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    throw new UsageError(`--corpus must be a folder that can be read, but is "${folder}"`);
  }
  const files = names.filter((name) => name.endsWith(".pdf")).map((name) => join(folder, name));
  if (files.length === 0) throw new UsageError(`--corpus must be a folder with PDFs, but "${folder}" has none`);
  return files;
}

async function measurePlain(files: readonly string[], signal: AbortSignal): Promise<PlainResult> {
  const { stdout } = await promisify(execFile)(process.execPath, [PLAIN, ...files], { signal });
  return JSON.parse(stdout) as PlainResult;
}
