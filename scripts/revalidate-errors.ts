#!/usr/bin/env node
import { type AnyJob, jobDefinitions } from "../jobs/index.ts";
import { loadConfig } from "../src/config.ts";
import { FAULT_KINDS, isFaultKind } from "../src/core/fault.ts";
import { type Cause, type FailedJob, type Reenqueued, reenqueueFailures } from "../src/queue/failures.ts";
import { withQueues } from "../src/queue/one-command.ts";
import { onInterrupt, printJson, runCommand, say, UsageError } from "./command.ts";
import { sinceOf } from "./instant.ts";
import { redisAddress } from "./redis-address.ts";
import { plain, progressBar, table } from "./terminal.ts";

const HELP = `npm run revalidate -- [--dry-run] [--queue NAME]... [--cause KIND]... [--since TIME] [--limit N] [--anyway] [--json]

Puts failed jobs back in line, oldest first, their attempts counted from zero. Each failure is put back once, however often
this runs; a job that cannot succeed unchanged (a refused text, an unreadable document) stays where it is and is named.

  --dry-run     say what would be done, and do nothing
  --anyway      also what cannot succeed unchanged: you have looked, and the model or a setting is another one now
  --queue NAME  only this queue; may be given several times
  --cause KIND  only failures of this cause; may be given several times
  --since TIME  only what failed from then on: 24h, 7d, 2026-02-28 (midnight in TIMEZONE) or 2026-02-28T08:00:00Z
  --limit N     put back at most N
  --json        one JSON document on stdout: {dryRun, considered, reenqueued, skipped, jobs, interrupted}
  --help        this text

Ctrl-C stops between two jobs: what was put back stays so, the rest stays failed, and the exit code is 130.
Redis is REDIS_URL, or the one of npm start.
`;

const CAUSES: readonly Cause[] = [...FAULT_KINDS, "stalled"];
const WHY = {
  "cannot-succeed-unchanged": "cannot succeed unchanged",
  unreadable: "unreadable in Redis",
  "taken-by-another-run": "another run has it",
} as const;

await runCommand({
  name: "npm run revalidate",
  help: HELP,
  options: {
    "dry-run": { type: "boolean", default: false },
    queue: { type: "string", multiple: true, default: [] },
    cause: { type: "string", multiple: true, default: [] },
    since: { type: "string" },
    limit: { type: "string" },
    anyway: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
  async run({ values }) {
    const config = loadConfig();
    const filter = {
      causes: new Set(values.cause.map(causeNamed)),
      since: sinceOf("since", values.since, new Date(), config.TIMEZONE),
    };
    const limit = limitOf(values.limit);
    const { "dry-run": dryRun, anyway } = values;
    const wanted = namedQueues(jobDefinitions(config), values.queue);
    return await withQueues(await redisAddress(config), wanted, async ({ queues, redis }) => {
      const bar = progressBar("failed jobs");
      const { signal, release } = onInterrupt();
      const done = await reenqueueFailures({
        ...{ redis, queues, definitions: wanted, filter, limit, dryRun, anyway, signal },
        onStep: bar.show,
      }).finally(() => {
        bar.end();
        release();
      });
      if (values.json) printJson(jsonOf(done, dryRun));
      else printTables(done, dryRun);
      return done.interrupted ? 130 : 0;
    });
  },
});

function causeNamed(word: string): Cause {
  if (word === "stalled" || isFaultKind(word)) return word;
  throw new UsageError(`--cause ${plain(word)} is not a cause: ${CAUSES.join(", ")}`);
}

function limitOf(words: string | undefined): number {
  if (words === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(words)) throw new UsageError("--limit is a whole number from 1");
  return Number(words);
}

function namedQueues(definitions: readonly AnyJob[], names: readonly string[]): readonly AnyJob[] {
  const known = definitions.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError(`--queue ${plain(stranger)} is not a queue: ${known.join(", ")}`);
  return names.length === 0 ? definitions : definitions.filter(({ name }) => names.includes(name));
}

function jsonOf({ considered, jobs, skipped, interrupted }: Reenqueued, dryRun: boolean) {
  return { dryRun, considered, reenqueued: dryRun ? 0 : jobs.length, skipped, jobs, interrupted };
}

function printTables({ considered, jobs, skipped, interrupted }: Reenqueued, dryRun: boolean): void {
  const head = ["queue", "job", "failed at", "cause", "message"];
  const cells = ({ queue, jobId, failedAt, cause, message }: FailedJob) => [queue, jobId, failedAt.toISOString(), cause, message];
  const verb = dryRun ? "Would be put back in line" : "Put back in line";
  process.stdout.write(`${verb}: ${jobs.length} of ${considered} failed jobs looked at\n`);
  if (jobs.length > 0) process.stdout.write(table(head, jobs.map(cells)));
  if (skipped.length > 0) {
    const rows = skipped.map((one) => [...cells(one), WHY[one.why]]);
    process.stdout.write(`Left as they are: ${skipped.length}\n${table([...head, "why"], rows)}`);
  }
  if (interrupted) say("stopped: the failures that were not looked at stay as they are, run it again");
}
