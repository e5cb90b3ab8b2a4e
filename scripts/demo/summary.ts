import { join } from "node:path";
import type { App } from "../../src/assemble.ts";
import type { KeptContribution } from "../../src/contributions/contribution.ts";
import type { VerdictKind } from "../../src/contributions/judge.ts";
import type { LedgerEntry } from "../../src/core/ledger.ts";
import type { DataClass } from "../../src/core/provider.ts";
import type { DocumentResult } from "../../src/documents/analysis.ts";
import { printable } from "../../src/documents/clean-text.ts";
import { reportFolder, sharedFiles, writeOut } from "../../src/documents/report-files.ts";
import { readLedger } from "../../src/ledger/ledger.ts";
import type { SettledJob } from "./queue-view.ts";

export interface Percentiles {
  /** In ms; null when nobody waited. */
  readonly p50: number | null;
  readonly p95: number | null;
}

export interface Answerer {
  readonly provider: string;
  readonly model: string;
  /** "local", or a country. */
  readonly site: string;
  /** Calls answered about documents, and about contributions. */
  readonly document: number;
  readonly contribution: number;
}

/** What `--json` prints. Figures of calls and waits come from the ledger, those of jobs from the queues. */
export interface Summary {
  /** Different contents in the folder, and names that could not be read: done, without a text or failed. */
  readonly documents: number;
  /** Their names: the same bytes may lie under several. */
  readonly files: number;
  readonly contributions: number;
  /** Calls that were answered. */
  readonly calls: { readonly local: number; readonly cloud: number };
  /** 0 to 1; null when nobody was asked. */
  readonly localShare: number | null;
  /** Waits for the lock of every call to the local model. */
  readonly waitMs: Percentiles;
  readonly waitMsBy: Readonly<Record<DataClass, Percentiles>>;
  /** Jobs that failed. */
  readonly failures: number;
  /** index.html first, then one report per document. */
  readonly reports: readonly string[];
  readonly analysed: number;
  readonly withoutText: readonly string[];
  /** Scans of which at least one page was read by OCR. */
  readonly readByOcr: readonly string[];
  readonly failedDocuments: readonly { readonly file: string; readonly cause: string; readonly reason: string }[];
  readonly failedContributions: readonly { readonly contribution: string; readonly cause: string; readonly reason: string }[];
  readonly verdicts: Readonly<Record<VerdictKind, number>>;
  /** Quotes that models gave, and those found on their page; only these are printed as quotes. */
  readonly quotes: { readonly checked: number; readonly found: number };
  readonly answeredBy: readonly Answerer[];
  /** Attempts that failed or gave up waiting; the job went on all the same. */
  readonly faultedCalls: number;
  /** Whether any result was made by the practice model. */
  readonly practice: boolean;
  readonly seconds: number;
}

const wasReadByOcr = ({ document }: DocumentResult): boolean =>
  (document.reading ?? []).some(({ source }) => source === "ocr" || source === "both");

/** Collects what the run came to, and writes the index of the reports. */
export async function summarise(app: App, run: { contributions: readonly KeptContribution[]; settled: readonly SettledJob[]; ms: number }) {
  const { stores, config } = app;
  const { entries } = await readLedger(config.DATA_DIR);
  const results = await stores.results.all();
  const [index = ""] = await writeOut(sharedFiles(results, config.DATASET_SEED, await stores.results.unread()), config.OUT_DIR);
  const verdicts = (await Promise.all(run.contributions.map(({ sha256 }) => stores.contributions.getVerdict(sha256)))).filter(
    (verdict) => verdict !== undefined,
  );
  const failed = run.settled.filter((job) => job.end === "failed");
  const count = (kind: VerdictKind) => verdicts.filter(({ verdict }) => verdict === kind).length;
  return {
    documents: run.settled.filter(({ kind }) => kind === "document").length,
    files: run.settled.reduce((sum, { files }) => sum + files, 0),
    contributions: run.settled.filter(({ kind }) => kind === "contribution").length,
    ...callFigures(entries),
    failures: failed.length,
    reports: [index, ...results.map((result) => join(config.OUT_DIR, reportFolder(result), "rapport.html"))],
    readByOcr: results.filter(wasReadByOcr).map(({ document }) => printable(document.files[0] ?? "")),
    analysed: results.filter(({ status }) => status === "analysed").length,
    withoutText: results.filter(({ status }) => status === "no-text").map(({ document }) => printable(document.files[0] ?? "")),
    failedDocuments: failed.filter(({ kind }) => kind !== "contribution").map(({ name, cause, reason }) => ({ file: name, cause, reason })),
    failedContributions: failed
      .filter(({ kind }) => kind === "contribution")
      .map(({ name, cause, reason }) => ({ contribution: name, cause, reason })),
    verdicts: { valid: count("valid"), invalid: count("invalid"), undecided: count("undecided") },
    quotes: {
      checked: results.reduce((sum, { quotes }) => sum + quotes.checked, 0),
      found: results.reduce((sum, { quotes }) => sum + quotes.found, 0),
    },
    practice: results.some(({ production }) => production.practice) || verdicts.some(({ practice }) => practice),
    seconds: Math.round(run.ms / 100) / 10,
  } satisfies Summary;
}

type Answer = Extract<LedgerEntry, { event: "answered" }>;
type Attempt = Extract<LedgerEntry, { event: "answered" | "faulted" }>;

function callFigures(entries: readonly LedgerEntry[]) {
  const attempts = entries.filter((entry): entry is Attempt => entry.event === "answered" || entry.event === "faulted");
  const answers = attempts.filter((entry): entry is Answer => entry.event === "answered");
  const local = answers.filter(({ site }) => site === "local").length;
  const waits = (dataClass?: DataClass) =>
    percentiles(
      attempts
        .filter((entry) => entry.site === "local" && (dataClass === undefined || entry.dataClass === dataClass))
        .map(({ slotWaitMs }) => slotWaitMs),
    );
  return {
    calls: { local, cloud: answers.length - local },
    localShare: answers.length === 0 ? null : local / answers.length,
    waitMs: waits(),
    waitMsBy: { document: waits("document"), contribution: waits("contribution") },
    answeredBy: answerers(answers),
    faultedCalls: attempts.length - answers.length,
  };
}

function answerers(answers: readonly Answer[]): readonly Answerer[] {
  const byName = new Map<string, Answerer>();
  for (const { provider, model = "unknown", site, dataClass } of answers) {
    const key = JSON.stringify([provider, model, site]);
    const known = byName.get(key) ?? { provider, model, site, document: 0, contribution: 0 };
    byName.set(key, { ...known, [dataClass]: known[dataClass] + 1 });
  }
  return [...byName.values()].sort((a, b) => b.document + b.contribution - a.document - a.contribution);
}

/** By nearest rank. */
function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95) };
}
