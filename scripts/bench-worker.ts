import { parseArgs } from "node:util";
import { withBench } from "./bench/bench.ts";
import { compareLatency } from "./bench/latency.ts";
import { compareReady } from "./bench/ready.ts";
import { privateRedis } from "./bench/redis.ts";
import { type BenchResult, CONCURRENCIES, table } from "./bench/table.ts";
import { type Compared, compareThroughput } from "./bench/throughput.ts";

const HELP = `Usage: npm run bench:worker -- [--json] [--jobs N] [--rounds N] [--samples N] [--starts N]

Measures our worker beside a bare BullMQ worker, in turn and on one redis-server of its own, with a model that answers at
once: jobs per second, latency of an idle worker, memory of a ready worker, time from start to ready. Only the ratios are
claimed: the figures themselves are those of this machine. How it is done: docs/decisions/2026-11-24-bench-worker.md

  --json       one JSON document on stdout, nothing else
  --jobs N     jobs per round and worker (default 1000)
  --rounds N   rounds at each concurrency, after four that warm up (default 25)
  --samples N  single jobs for the latency (default 200)
  --starts N   starts of each worker for memory and start time (default 5)
  --help       this text

Progress is printed on stderr. Exit code 0 when it was measured, 1 when it could not be, 2 for a wrong argument.
`;

const counts = { jobs: 1_000, rounds: 25, samples: 200, starts: 5 };
type Counts = typeof counts;

const asked = readArguments();
if (asked === "help") process.stdout.write(HELP);
else if (typeof asked === "string") {
  process.stderr.write(`bench:worker: ${asked}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  try {
    const result = await withBench((line) => process.stderr.write(`bench:worker: ${line}\n`), measure(asked));
    process.stdout.write(asked.json ? `${JSON.stringify(result)}\n` : table(result));
  } catch (error) {
    process.stderr.write(`bench:worker: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

function measure({ jobs, rounds, samples, starts }: Counts) {
  return async (bench: Parameters<Parameters<typeof withBench>[1]>[0]): Promise<BenchResult> => {
    const redis = await privateRedis(bench);
    const ready = await compareReady(bench, redis, starts);
    const latency = await compareLatency(bench, redis, samples);
    const jobsPerSecond: Record<string, Compared> = {};
    for (const concurrency of CONCURRENCIES) {
      jobsPerSecond[`${concurrency}`] = await compareThroughput(bench, redis, { concurrency, jobs, rounds });
    }
    return {
      jobsPerSecond,
      idleLatencyRatio: latency.ratio,
      rssRatio: ready.rssRatio,
      readyMs: ready.readyMs.ecluse,
      idleLatencyMs: { bare: latency.bareMs, ecluse: latency.ecluseMs },
      rssMb: ready.rssMb,
      bareReadyMs: ready.readyMs.bare,
      counts: { jobs, rounds, samples, starts },
      node: process.version,
    };
  };
}

/** What was asked for, "help", or what is wrong with it. */
function readArguments(): (Counts & { readonly json: boolean }) | "help" | (string & {}) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      options: { json: flag, help: { ...flag, short: "h" }, jobs: text, rounds: text, samples: text, starts: text },
    });
    if (values.help) return "help";
    const chosen = { ...counts, json: values.json };
    for (const name of ["jobs", "rounds", "samples", "starts"] as const) {
      const value = values[name];
      if (value === undefined) continue;
      if (!/^[1-9]\d{0,6}$/.test(value)) return `--${name} must be a whole number from 1 to 9999999, but is "${value}"`;
      chosen[name] = Number(value);
    }
    return chosen;
  } catch (error) {
    return error instanceof Error ? error.message : `${error}`;
  }
}
