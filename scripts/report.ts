#!/usr/bin/env node
import { loadConfig } from "../src/config.ts";
import { type Attempt, attemptsOf } from "../src/ledger/attempts.ts";
import { readLedger } from "../src/ledger/ledger.ts";
import { type Asked, type Summary, summarize } from "../src/ledger/summary.ts";
import { isPractice } from "../src/practice/models.ts";
import { printJson, runCommand, UsageError } from "./command.ts";
import { sinceOf, untilOf } from "./instant.ts";
import { printSummary } from "./report-tables.ts";

const HELP = `npm run report -- [--since TIME] [--until TIME] [--json]

What the ledger says: which share of the work stayed on this server, who else was asked, why, with how many characters, what
it cost, and what failed. Reads only; needs no Redis.

  --since TIME  from this instant on: 24h, 7d, 2026-02-28 (midnight in TIMEZONE) or 2026-02-28T08:00:00Z
  --until TIME  up to this instant; a day counts as a whole
  --json        one JSON document on stdout
  --help        this text
`;

await runCommand({
  name: "npm run report",
  help: HELP,
  options: { since: { type: "string" }, until: { type: "string" }, json: { type: "boolean", default: false } },
  async run({ values }) {
    const config = loadConfig();
    const now = new Date();
    const since = sinceOf("since", values.since, now, config.TIMEZONE);
    const until = untilOf("until", values.until, now, config.TIMEZONE);
    if (since !== undefined && until !== undefined && since >= until) throw new UsageError("--since must lie before --until");
    const ledger = await readLedger(config.DATA_DIR);
    const { attempts, unreadable } = attemptsOf(ledger.entries);
    const summary = figuresOf(attempts, { since, until });
    const report = {
      period: { since: since?.toISOString() ?? null, until: until?.toISOString() ?? null },
      unreadableLines: ledger.unreadable + unreadable,
      ...summary,
    };
    if (values.json) printJson(report);
    else printSummary(report);
  },
});

/** Whoever only tried the program sees the tables filled, and is told that all of it is an exercise. */
function figuresOf(attempts: readonly Attempt[], period: Pick<Asked, "since" | "until">): Summary & { readonly onlyExercises: boolean } {
  const summary = summarize(attempts, { ...period, isPractice });
  const { answeredLocal, answeredCloud } = summary.share.all;
  if (answeredLocal + answeredCloud > 0 || summary.practice.answered === 0) return { ...summary, onlyExercises: false };
  return { ...summarize(attempts, { ...period, isPractice: () => false }), onlyExercises: true };
}
