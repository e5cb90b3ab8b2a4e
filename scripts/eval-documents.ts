import { existsSync } from "node:fs";
import { join } from "node:path";
import { onInterrupt, printJson, runCommand, say, UsageError } from "./command.ts";
import { folderFor } from "./eval/folder.ts";
import { localOcr } from "./eval/local-ocr.ts";
import { pdfFolder, readAll } from "./eval/read.ts";
import { missedBy, scoreOf, TARGETS } from "./eval/score.ts";
import { shown, shownModel } from "./eval/show.ts";
import { readTruth, type Truth } from "./eval/truth.ts";
import { progressBar } from "./terminal.ts";

const SAMPLES = join(import.meta.dirname, "../samples");
const percent = (share: number): string => `${share * 100} %`;

const HELP = `Usage: npm run eval:documents -- [--corpus DIR] [--ground-truth FILE] [--keep DIR] [--json]
       npm run eval:documents -- --model [--limit N] [the same options]

Reads real documents as the product reads them and compares with what people wrote down: is each quote in the text of its page,
and are kind, number and date of the act right. No model is asked, and no cloud: scans are read by Tesseract here, a
few seconds a page. How it is compared: docs/decisions/2026-11-25-act-by-rules.md

With --model the documents are analysed by the model that answers at OLLAMA_HOST, and by no other, and the model is measured:
answers in the asked shape, quotes that stand in the document, facts of the ground truth that it found, seconds per page. It
waits in one line with the workers of this installation. A real model takes minutes per document: --limit and --keep help.

  --corpus DIR         a folder with ground-truth.json, and the PDFs in pdf/ or documents/ (default: the samples)
  --ground-truth FILE  another file of the same form
  --model              measure the local model
  --limit N            only the first N documents of the ground truth
  --keep DIR           a folder that keeps what was read and answered, so that the next run goes on from there
  --json               one JSON document on stdout, nothing else
  --help               this text

Progress is printed on stderr. Exit code 0 when every target is reached, 1 when one is missed, 2 for a wrong argument, a wrong
corpus, a wrong ground truth or no local model, 130 when it was stopped. Targets: ${percent(TARGETS.textLayer)} of the quotes of text layers, ${percent(TARGETS.scans)} of those of scans,
${percent(TARGETS.number)} of the numbers, ${percent(TARGETS.date)} of the dates, no crash, no document without an outcome. A model has one: no document may fail.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

await runCommand({
  name: "npm run eval:documents",
  help: HELP,
  options: { corpus: text, "ground-truth": text, keep: text, limit: text, model: flag, json: flag },
  async run({ values }) {
    const corpus = values.corpus ?? SAMPLES;
    const all = readTruth(values["ground-truth"] ?? join(corpus, "ground-truth.json"));
    const truths = all.slice(0, limitOf(values.limit, all.length));
    const root = pdfFolder(corpus, truths);
    if (values.keep !== undefined && !existsSync(values.keep))
      throw new UsageError(`--keep must name a folder that is there, not ${values.keep}`);
    const ask = { root, truths, keep: values.keep, isJson: values.json };
    return values.model ? await measureModel(ask) : await measureReading(ask);
  },
});

interface Asked {
  readonly root: string;
  readonly truths: readonly Truth[];
  readonly keep: string | undefined;
  readonly isJson: boolean;
}

function limitOf(words: string | undefined, all: number): number {
  if (words === undefined) return all;
  if (!/^[1-9]\d{0,5}$/.test(words)) throw new UsageError("--limit must be a whole number from 1");
  return Number(words);
}

async function measureReading({ root, truths, keep, isJson }: Asked): Promise<number> {
  const startMs = performance.now();
  const cases = await untilStopped((signal, onProgress) => readAll(root, truths, { signal, ocr: localOcr(signal), keep, onProgress }));
  if (cases === undefined) return stopped(keep);
  const score = scoreOf(cases, performance.now() - startMs);
  const missed = missedBy(score);
  if (isJson) printJson(score);
  else process.stdout.write(shown(score));
  for (const what of missed) say(`missed: ${what}`);
  return missed.length === 0 ? 0 : 1;
}

async function measureModel({ root, truths, keep, isJson }: Asked): Promise<number> {
  // Loaded late: reading needs no queue.
  const [{ askModel }, { modelScore }] = await Promise.all([import("./eval/model.ts"), import("./eval/model-score.ts")]);
  const { folder, remove } = folderFor(keep);
  try {
    const run = await untilStopped((signal, onProgress) => askModel(root, truths, { signal, folder, onProgress, say }));
    if (run === undefined) return stopped(keep);
    const score = modelScore(run);
    if (isJson) printJson(score);
    else process.stdout.write(shownModel(score));
    return score.failed === 0 ? 0 : 1;
  } finally {
    remove();
  }
}

/** @returns undefined when the person stopped it */
async function untilStopped<Value>(work: (signal: AbortSignal, onProgress: (done: number, total: number) => void) => Promise<Value>) {
  const { signal, release } = onInterrupt();
  const bar = progressBar("documents");
  try {
    return await work(signal, bar.show);
  } catch (error) {
    if (!signal.aborted) throw error;
    return undefined;
  } finally {
    bar.end();
    release();
  }
}

function stopped(keep: string | undefined): number {
  say(
    `stopped: nothing was measured${keep === undefined ? "" : `; what was read and answered is kept in ${keep}, the same command goes on`}`,
  );
  return 130;
}
