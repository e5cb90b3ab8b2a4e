import Table from "cli-table3";
import type { SideName } from "./sides.ts";
import type { Compared } from "./throughput.ts";

export const CONCURRENCIES = [1, 8, 50] as const;

/** What `--json` prints. */
export interface BenchResult {
  /** By concurrency. */
  readonly jobsPerSecond: Readonly<Record<string, Compared>>;
  readonly idleLatencyRatio: number;
  readonly rssRatio: number;
  /** From spawn to ready of `workers/index.ts --worker`, in ms. */
  readonly readyMs: number;
  readonly idleLatencyMs: Readonly<Record<SideName, number>>;
  readonly rssMb: Readonly<Record<SideName, number>>;
  readonly bareReadyMs: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly node: string;
}

/** What is promised of the ratios. */
const MIN_THROUGHPUT = 0.85;
const MAX_LATENCY = 1.2;
const MAX_RSS = 1.3;

/** For a person: each figure of both sides, the ratio, and whether it is within what is promised. */
export function table(result: BenchResult): string {
  const rows = new Table({ head: ["", "bare BullMQ", "écluse", "ratio", "promised"], style: { head: [], border: [] } });
  for (const [concurrency, { bare, ecluse, ratio }] of Object.entries(result.jobsPerSecond)) {
    rows.push([`jobs/s, concurrency ${concurrency}`, bare, ecluse, ratio, verdict(ratio >= MIN_THROUGHPUT, `>= ${MIN_THROUGHPUT}`)]);
  }
  const { idleLatencyMs, idleLatencyRatio, rssMb, rssRatio, readyMs, bareReadyMs } = result;
  const latency = verdict(idleLatencyRatio <= MAX_LATENCY, `<= ${MAX_LATENCY}`);
  rows.push(["idle latency, ms", idleLatencyMs.bare, idleLatencyMs.ecluse, idleLatencyRatio, latency]);
  rows.push(["memory when ready, MB", rssMb.bare, rssMb.ecluse, rssRatio, verdict(rssRatio <= MAX_RSS, `<= ${MAX_RSS}`)]);
  rows.push(["start to ready, ms", bareReadyMs, readyMs, (readyMs / bareReadyMs).toFixed(2), "-"]);
  return `${rows.toString()}\n`;
}

const verdict = (isKept: boolean, promise: string): string => `${promise} ${isKept ? "kept" : "NOT KEPT"}`;
