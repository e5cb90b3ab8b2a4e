import { styleText } from "node:util";
import Table from "cli-table3";
import type { Answerer, Summary } from "./summary.ts";

const PRACTICE = [
  "These results were made with the PRACTICE MODEL: it copies sentences, counts words.",
  "They show how the program works. No language model read a document.",
];

/** Reports named on the terminal; the index lists them all. */
const SHOWN_REPORTS = 12;

/** What a person reads at the end. Nothing in it is wider than 80 columns but names and paths. */
export function summaryText(summary: Summary): string {
  const banner = summary.practice ? [PRACTICE.map((line) => paint("yellow", line)).join("\n")] : [];
  const failures = failureLines(summary);
  return `${[
    ...banner,
    answerTable(summary.answeredBy),
    figures(summary),
    ...(failures.length === 0 ? [] : [failures.join("\n")]),
    reportLines(summary),
  ].join("\n\n")}\n`;
}

const paint = (style: Parameters<typeof styleText>[0], text: string): string => styleText(style, text, { stream: process.stdout });
/** Colours are ours, and no line between two rows: the table must fit on a small screen. */
const plain = { style: { head: [], border: [] }, chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" } };

function answerTable(answerers: readonly Answerer[]): string {
  const table = new Table({
    ...plain,
    head: ["answered by", "model", "where", "documents", "contributions"],
    colAligns: ["left", "left", "left", "right", "right"],
  });
  for (const one of answerers) {
    table.push([one.provider, one.model, one.site === "local" ? "here" : one.site, one.document, one.contribution]);
  }
  if (answerers.length === 0) table.push([{ colSpan: 5, content: "nobody was asked" }]);
  return table.toString();
}

function figures(summary: Summary): string {
  const { calls, localShare, waitMs, waitMsBy, verdicts, quotes, withoutText, readByOcr, failedDocuments, failedContributions } = summary;
  const table = new Table({ ...plain, wordWrap: true, colWidths: [20, 57] });
  const failed = failedDocuments.length + failedContributions.length;
  table.push(
    ["calls", `${calls.local} here, ${calls.cloud} in a cloud${share(localShare)}; ${summary.faultedCalls} faulted`],
    ["wait for the lock", `p50 ${time(waitMs.p50)}, p95 ${time(waitMs.p95)}`],
    ["  contributions", `p50 ${time(waitMsBy.contribution.p50)}, p95 ${time(waitMsBy.contribution.p95)}`],
    ["  documents", `p50 ${time(waitMsBy.document.p50)}, p95 ${time(waitMsBy.document.p95)}`],
    [
      "documents",
      `${summary.documents} (${summary.files} files): ${summary.analysed} analysed (${readByOcr.length} read by OCR), ${withoutText.length} without a text, ${failedDocuments.length} failed`,
    ],
    [
      "contributions",
      `${summary.contributions}: ${verdicts.valid} valid, ${verdicts.invalid} invalid, ${verdicts.undecided} for a person to decide`,
    ],
    ["quotes", `${quotes.found} of ${quotes.checked} are on their page; no other is printed`],
    ["failures", failed === 0 ? "none" : `${failed}, named below`],
    ["time", `${summary.seconds} s`],
  );
  return table.toString();
}

const share = (localShare: number | null): string => (localShare === null ? "" : ` (${Math.round(localShare * 1_000) / 10} % local)`);

function time(ms: number | null): string {
  if (ms === null) return "-";
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function failureLines({ withoutText, failedDocuments, failedContributions }: Summary): readonly string[] {
  return [
    ...withoutText.map((file) => `no text    ${file}`),
    ...failedDocuments.map(({ file, cause, reason }) => `${paint("red", "failed")}     ${file}: ${reason} (${cause})`),
    ...failedContributions.map(
      ({ contribution, cause, reason }) => `${paint("red", "failed")}     contribution ${contribution}: ${reason} (${cause})`,
    ),
  ];
}

function reportLines({ reports }: Summary): string {
  const more = reports.length - SHOWN_REPORTS;
  const lines = [...reports.slice(0, SHOWN_REPORTS), ...(more > 0 ? [`and ${more} more, all listed in ${reports[0]}`] : [])];
  return `Reports, the list of them first:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
