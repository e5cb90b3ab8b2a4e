#!/usr/bin/env node
import { withBench } from "./bench/bench.ts";
import { versionOf } from "./bench/lock/client.ts";
import { compareContended, PROCESSES } from "./bench/lock/contended.ts";
import { measureForeign } from "./bench/lock/foreign.ts";
import { type BenchLock, tables } from "./bench/lock/result.ts";
import { targetsOf } from "./bench/lock/targets.ts";
import { compareUncontended } from "./bench/lock/uncontended.ts";
import { privateRedis } from "./bench/redis.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";

const HELP = `npm run bench:lock -- [--json] [--rounds N] [--work MS] [--quick]

Measures our lock beside redlock and redis-semaphore, both with their default settings and with the shortest pause between
two tries, in turn and on redis-servers of its own: how fast a free lock is taken and given back, how fast it passes from one
holder to the next, how long it lies idle meanwhile, how evenly waiters are served, how many commands Redis gets for it, and
whether a foreign program gets its turn. How it is done: docs/decisions/2026-11-25-bench-lock.md

  --json      one JSON document on stdout, nothing else:
              {uncontended: [{name, ratio}], foreign: {attempts, wins}, contended: [{name, waiters, handoffMs: {p50, p95},
              idleShare, maxOverMedianWait, commandsPerAcquisition}], targets: [{what, promised, measured, isKept}]}
  --rounds N  rounds with 2, 8 and 32 waiters (default 3); the free lock gets fifty times as many
  --work MS   how long a holder works (default 20)
  --quick     one short round of everything, and a foreign chance every half second instead of every minute: for CI. Its times
              say little, so only commands, foreign wins and exclusion decide its exit code
  --help      this text

Progress is printed on stderr. It takes about five minutes (--quick: 15 s). Exit code 0 when every promise was kept, 1 when
one was not or nothing could be measured, 2 for a wrong argument.
`;

// As many changes of hands with 8 waiters as with 32: a p95 of fewer is one of the four longest, and so an accident.
const FULL = { lines: { 2: 6, 8: 8, 32: 2 }, steadyTurns: 5, warmUpMs: 1_000, isShort: false } as const;
const SHORT = { lines: { 2: 1, 8: 1, 32: 1 }, steadyTurns: 2, warmUpMs: 30, isShort: true } as const;

interface Asked {
  readonly rounds: number;
  readonly workMs: number;
  readonly isQuick: boolean;
}

await runCommand({
  name: "npm run bench:lock",
  help: HELP,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    work: { type: "string" },
  },
  async run({ values }) {
    const { json, quick: isQuick } = values;
    const rounds = numberOf("rounds", values.rounds, isQuick ? 1 : 3);
    const workMs = numberOf("work", values.work, isQuick ? 3 : 20);
    let result: BenchLock;
    try {
      result = await measure({ rounds, workMs, isQuick });
    } catch (error) {
      say(`npm run bench:lock: ${error instanceof Error ? error.message : error}`);
      return 1;
    }
    if (json) printJson(result);
    else process.stdout.write(tables(result));
    const missed = result.targets.filter(({ isKept, isTiming }) => !isKept && !(isQuick && isTiming));
    for (const { what, promised, measured } of missed) say(`NOT KEPT: ${what} ${promised}, but ${measured}`);
    return missed.length === 0 ? 0 : 1;
  },
});

function measure({ rounds, workMs, isQuick }: Asked): Promise<BenchLock> {
  return withBench(say, async (bench) => {
    const free = await compareUncontended(bench, isQuick ? { rounds: 4, warmUp: 2 } : { rounds: rounds * 50, warmUp: 10 });
    const redisUrl = await privateRedis(bench);
    const contended = await compareContended(bench, redisUrl, { rounds, workMs, ...(isQuick ? SHORT : FULL) });
    const foreign = await measureForeign(
      bench,
      redisUrl,
      isQuick ? { ms: 2_000, workMs, tryEveryMs: 20, chance: { everyMs: 500, gapMs: 100 } } : { ms: 65_000, workMs, tryEveryMs: 250 },
    );
    const measured = { uncontended: free.rows, contended, foreign };
    const redis = await versionOf(redisUrl);
    const settings = { pinnedTo: free.core ?? null, isQuick, rounds, workMs, processes: PROCESSES, redis, node: process.version };
    return { ...measured, targets: targetsOf(measured), settings };
  });
}

function numberOf(option: string, words: string | undefined, usual: number): number {
  if (words === undefined) return usual;
  if (!/^[1-9]\d{0,2}$/.test(words)) throw new UsageError(`--${option} must be a whole number from 1 to 999, but is "${words}"`);
  return Number(words);
}
