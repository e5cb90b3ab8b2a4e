import { withBench } from "./bench/bench.ts";
import { type DayFigures, figuresOf } from "./bench/day/measure.ts";
import { POLICIES, type Policy } from "./bench/day/order.ts";
import { type DayResult, table, targetsOf } from "./bench/day/result.ts";
import { runDay } from "./bench/day/run-day.ts";
import { countsOf, type TraceAsk, traceOf } from "./bench/day/trace.ts";
import { privateRedis } from "./bench/redis.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";

const DEFAULTS = { seed: 2, load: 1, speed: 70, hours: 24, from: 0 } as const;
/** Where a part of the day begins when nobody says so: the evening of the public meeting. */
const EVENING = 18;

const HELP = `Usage: npm run bench:day -- [--json] [--seed N] [--load X] [--speed X] [--hours N] [--from HOUR]

One day of the town in compressed time, under the article's policy (lock for a whole task, to the cloud at once when it is
taken) and under ours (lock for one call, in order of need, with patience): the same documents, batches, persons, public meeting
and restart of Ollama. A real Redis, real queues, worker processes, and stand-ins for Ollama and a cloud that count what they
are asked. How it is done: docs/decisions/2026-11-25-bench-day.md

  --json       one JSON document on stdout, nothing else
  --seed N     another day of the same town (default ${DEFAULTS.seed})
  --load X     persons, batches and documents times so many (default ${DEFAULTS.load})
  --speed X    town time to real time (default ${DEFAULTS.speed}); stretches in which nothing happens are skipped
  --hours N    only so many hours of the day (default ${DEFAULTS.hours})
  --from HOUR  the hour it begins (default ${DEFAULTS.from}; ${EVENING}, or what fits, when --hours is given)
  --help       this text

Progress is printed on stderr. Exit code 0 when it was measured and every target is kept, 1 when one is not or it could not be
measured, 2 for a wrong argument. Only the whole day at load 1 has targets; a failed job is always an exit code of 1.
`;

const text = { type: "string" } as const;

await runCommand({
  name: "bench:day",
  help: HELP,
  options: { json: { type: "boolean" }, seed: text, load: text, speed: text, hours: text, from: text },
  async run({ values }) {
    const hours = number("hours", values.hours, DEFAULTS.hours, { min: 1, max: 24, whole: true });
    const usualFrom = values.hours === undefined ? DEFAULTS.from : Math.min(EVENING, 24 - hours);
    const ask: TraceAsk = {
      seed: number("seed", values.seed, DEFAULTS.seed, { min: 0, max: 1e9, whole: true }),
      load: number("load", values.load, DEFAULTS.load, { min: 0.05, max: 10 }),
      from: number("from", values.from, usualFrom, { min: 0, max: 24 - hours, whole: true }),
      hours,
    };
    const speed = number("speed", values.speed, DEFAULTS.speed, { min: 1, max: 2_000 });
    const result = await measure(ask, speed);
    if (values.json) printJson(result);
    else process.stdout.write(table(result));
    const isKept = result.targets.every(({ pass }) => pass) && result.ecluse.failures + result.article.failures === 0;
    return isKept ? 0 : 1;
  },
});

async function measure(ask: TraceAsk, speed: number): Promise<DayResult> {
  const events = traceOf(ask);
  const days = {} as Record<Policy, DayFigures>;
  try {
    await withBench(
      (line) => say(`bench:day: ${line}`),
      async (bench) => {
        // Side by side: whatever else the machine does disturbs both, and the town's time need not run twice as fast.
        const run = async (policy: Policy, redisUrl: string) => {
          const seen = await runDay(bench, { policy, redisUrl, seed: ask.seed, speed, from: ask.from * 3_600, events });
          for (const one of seen.failed.slice(0, 5)) bench.say(`${policy}: failed: ${one}`);
          days[policy] = figuresOf(seen);
        };
        // One after the other: two that look for a free port at the same moment can find the same one.
        const redis = { article: await privateRedis(bench), ecluse: await privateRedis(bench) };
        await Promise.all(POLICIES.map((policy) => run(policy, redis[policy])));
      },
    );
  } catch (error) {
    say(`bench:day: ${error instanceof Error ? error.message : error}`);
    // Its processes and folders are gone; what waits for a Redis that is gone as well must not keep it.
    process.exit(1);
  }
  const isWholeDay = ask.hours === 24 && ask.load === 1;
  return { ...days, trace: { ...ask, ...countsOf(events) }, speed, targets: isWholeDay ? targetsOf(days) : [] };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

function number(name: string, value: string | undefined, usual: number, { min, max, whole }: Range): number {
  if (value === undefined) return usual;
  const given = value.trim() === "" ? Number.NaN : Number(value);
  if (given >= min && given <= max && (!whole || Number.isInteger(given))) return given;
  throw new UsageError(`--${name} must be a ${whole ? "whole " : ""}number from ${min} to ${max}, but is "${value}"`);
}
