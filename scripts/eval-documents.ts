import { existsSync } from "node:fs";
import { join } from "node:path";
import { onInterrupt, printJson, runCommand, say, UsageError } from "./command.ts";
import { localOcr } from "./eval/local-ocr.ts";
import { pdfFolder, readAll } from "./eval/read.ts";
import { missedBy, type Score, scoreOf, TARGETS } from "./eval/score.ts";
import { readTruth } from "./eval/truth.ts";
import { progressBar, table } from "./terminal.ts";

const percent = (share: number): string => `${share * 100} %`;

const HELP = `Usage: npm run eval:documents -- --corpus DIR [--ground-truth FILE] [--keep DIR] [--json]

Reads real documents as the product reads them and compares with what people wrote down: is each quote in the text of its page,
and are kind, number and date of the act right. No model is asked, and no cloud: scans are read by Tesseract here, a
few seconds a page. How it is compared: docs/decisions/2026-11-25-act-by-rules.md

  --corpus DIR         a folder with pdf/ and ground-truth.json
  --ground-truth FILE  another file of the same form
  --keep DIR           a folder that keeps what OCR read, so that the next run takes seconds
  --json               one JSON document on stdout, nothing else
  --help               this text

Progress is printed on stderr. Exit code 0 when every target is reached, 1 when one is missed, 2 for a wrong argument, a wrong
corpus or a wrong ground truth, 130 when it was stopped. Targets: ${percent(TARGETS.textLayer)} of the quotes of text layers, ${percent(TARGETS.scans)} of those of scans,
${percent(TARGETS.number)} of the numbers, ${percent(TARGETS.date)} of the dates, no crash, no document without an outcome.
`;

const text = { type: "string" } as const;

await runCommand({
  name: "npm run eval:documents",
  help: HELP,
  options: { corpus: text, "ground-truth": text, keep: text, json: { type: "boolean", default: false } },
  async run({ values }) {
    if (values.corpus === undefined) throw new UsageError("--corpus must name a folder with pdf/ and ground-truth.json");
    const truths = readTruth(values["ground-truth"] ?? join(values.corpus, "ground-truth.json"));
    const root = pdfFolder(values.corpus, truths);
    if (values.keep !== undefined && !existsSync(values.keep))
      throw new UsageError(`--keep must name a folder that is there, not ${values.keep}`);
    const score = await evaluate(root, truths, values.keep);
    if (score === undefined) return 130;
    const missed = missedBy(score);
    if (values.json) printJson(score);
    else process.stdout.write(shown(score));
    for (const what of missed) say(`missed: ${what}`);
    return missed.length === 0 ? 0 : 1;
  },
});

/** @returns undefined when the person stopped it */
async function evaluate(root: string, truths: ReturnType<typeof readTruth>, keep: string | undefined): Promise<Score | undefined> {
  const { signal, release } = onInterrupt();
  const bar = progressBar("documents");
  const startMs = performance.now();
  try {
    const cases = await readAll(root, truths, { signal, ocr: localOcr(signal), keep, onProgress: bar.show });
    return scoreOf(cases, performance.now() - startMs);
  } catch (error) {
    if (!signal.aborted) throw error;
    say("stopped: nothing was measured");
    return undefined;
  } finally {
    bar.end();
    release();
  }
}

function shown({
  documents,
  textLayer,
  scans,
  number,
  date,
  kind,
  invented,
  crashed,
  withoutOutcome,
  pagesPerSecond,
  failures,
}: Score): string {
  const rows = [
    ["quotes of text layers", `${textLayer.found} of ${textLayer.facts}`],
    ["quotes of scans", `${scans.found} of ${scans.facts}`],
    ["kind", `${kind.right} of ${kind.stated}`],
    ["number", `${number.right} of ${number.stated}, ${invented.number} where none is stated`],
    ["date", `${date.right} of ${date.stated}, ${invented.date} where none is stated`],
    ["crashed, without outcome", `${crashed}, ${withoutOutcome}`],
    ["pages per second", String(pagesPerSecond)],
  ];
  return `${failures.map(({ file, what }) => `${file}: ${what}\n`).join("")}${table([`${documents} documents`, "right"], rows)}`;
}
