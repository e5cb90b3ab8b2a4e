import type { KnownSum, Share, Summary, Waits } from "../src/ledger/summary.ts";
import { table } from "./terminal.ts";

export interface Report extends Summary {
  readonly period: { readonly since: string | null; readonly until: string | null };
  /** Lines of the whole ledger, whatever their period: a cut line has no time. */
  readonly unreadableLines: number;
  /** No language model answered yet: the figures are those of the practice model. */
  readonly onlyExercises: boolean;
}

const CLASSES = [
  ["all", "all"],
  ["document", "documents"],
  ["contribution", "contributions"],
] as const;

/** The tables, on stdout. */
export function printSummary(report: Report): void {
  const parts = [headline(report), ...(report.attempts === 0 ? [] : tablesOf(report)), ...notes(report)];
  process.stdout.write(`${parts.join("\n")}\n`);
}

function headline({ attempts, first, last, onlyExercises, period: { since, until } }: Report): string {
  const asked = `${since === null ? "" : ` since ${since}`}${until === null ? "" : ` until ${until}`}`;
  if (attempts === 0) return `The ledger has no attempt${asked}.`;
  return `${attempts} attempts in the ledger${asked}, from ${first} to ${last}.${
    onlyExercises ? "\nNo language model has answered yet: all of it is an exercise with the practice model." : ""
  }`;
}

function tablesOf(report: Report): string[] {
  return [
    section(
      "What stayed here",
      ["data", "answered here", "answered elsewhere", "local share", "calls that left", "characters sent"],
      CLASSES.map(([key, name]) => [name, ...shareCells(report.share[key])]),
      1,
    ),
    section(
      "By provider and country",
      ["provider", "country", "answered", "failed", "not recorded", "characters sent", "tokens in", "tokens out", "cost EUR"],
      report.providers.map((row) => [
        row.provider,
        row.site,
        ...[row.answered, row.failed, row.unrecorded, row.characters].map(String),
        knownCell(row.tokensIn),
        knownCell(row.tokensOut),
        knownCell(row.costEur),
      ]),
      2,
    ),
    section(
      "Why calls left",
      ["reason", "data", "calls", "characters sent"],
      report.left.map((row) => [row.reason, row.dataClass, `${row.calls}`, `${row.characters}`]),
      2,
    ),
    section(
      "Passed over for policy",
      ["provider", "country", "data", "why", "times"],
      report.skipped.map((row) => [row.provider, row.site, row.dataClass, row.why, `${row.calls}`]),
      4,
    ),
    section(
      "Failures",
      ["cause", "provider", "country", "calls"],
      report.failures.map((row) => [row.fault, row.provider, row.site, `${row.calls}`]),
      3,
    ),
    section(
      "Wait for the local model",
      ["data", "calls", "p50", "p95", "longest"],
      CLASSES.map(([key, name]) => [name, ...waitCells(report.slotWaitMs[key])]),
      1,
    ),
  ];
}

/** Columns from `firstNumber` on are figures. A table without rows is said in words: an absent one looks forgotten. */
function section(title: string, head: readonly string[], rows: readonly (readonly string[])[], firstNumber: number): string {
  const numbers = head.map((_, column) => column).slice(firstNumber);
  return rows.length === 0 ? `\n${title}: none` : `\n${title}\n${table(head, rows, numbers).trimEnd()}`;
}

const shareCells = ({ answeredLocal, answeredCloud, localShare, left, characters }: Share): string[] => [
  `${answeredLocal}`,
  `${answeredCloud}`,
  // Rounded down: 99.96 % is not "all of it".
  localShare === null ? "-" : `${(Math.floor(localShare * 1_000) / 10).toFixed(1)} %`,
  `${left}`,
  `${characters}`,
];

/** "0.0123", "unknown", or "0.0123 + unknown for 2 calls". */
export function knownCell({ sum, unknown }: KnownSum): string {
  if (sum === null) return "unknown";
  return unknown === 0 ? `${sum}` : `${sum} + unknown for ${unknown} call${unknown === 1 ? "" : "s"}`;
}

const waitCells = ({ calls, p50, p95, max }: Waits): string[] => [`${calls}`, ...[p50, p95, max].map(secondsOf)];

const secondsOf = (ms: number | null): string => (ms === null ? "-" : `${(ms / 1_000).toFixed(1)} s`);

function notes({ unrecorded, practice, unreadableLines }: Report): string[] {
  const said: string[] = [];
  if (unrecorded.length > 0) {
    const characters = unrecorded.reduce((sum, one) => sum + one.characters, 0);
    said.push(
      `\n${unrecorded.length} call(s) announced, outcome not recorded: a crash, or an answer still awaited. ` +
        `They count as left, with ${characters} characters; last one ${unrecorded.at(-1)?.at} to ${unrecorded.at(-1)?.provider}.`,
    );
  }
  if (practice.answered + practice.failed > 0) {
    said.push(
      `\nCounted apart: ${practice.answered} answers of the practice model, which are exercises ` +
        `(${practice.failed} refused; wait p50 ${secondsOf(practice.slotWaitMs.p50)}, p95 ${secondsOf(practice.slotWaitMs.p95)}).`,
    );
  }
  if (unreadableLines > 0) said.push(`\n${unreadableLines} line(s) of the ledger cannot be read: cut by a crash, or edited.`);
  return said;
}
