import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { inTurn, median, rounded } from "./numbers.ts";
import { SIDES, type SideName, startReadyWorker } from "./sides.ts";

export interface Ready {
  /** Medians of several starts: memory in MB, time from start to ready in ms. */
  readonly rssMb: Readonly<Record<SideName, number>>;
  /** ecluse / bare. */
  readonly rssRatio: number;
  readonly readyMs: Readonly<Record<SideName, number>>;
}

/** After this a started process has run what it put off, and its memory stands still. */
const SETTLE_MS = 1_500;

/** Memory and start of a worker that listens on both queues and has nothing to do, several starts of each side in turn. */
export async function compareReady(bench: Bench, redis: string, starts: number): Promise<Ready> {
  const rss: Record<SideName, number[]> = { bare: [], ecluse: [] };
  const ready: Record<SideName, number[]> = { bare: [], ecluse: [] };
  for (let round = 0; round < starts; round += 1) {
    for (const side of inTurn(SIDES, round)) {
      const worker = await startReadyWorker(bench, side, redis);
      await pause(SETTLE_MS, undefined, { signal: bench.signal });
      rss[side].push(rssMb(worker.pid));
      ready[side].push(worker.readyMs);
      await worker.stop();
    }
    bench.say(`start ${round + 1} of ${starts}`);
  }
  const medians = (values: Record<SideName, readonly number[]>, digits: number) => ({
    bare: rounded(median(values.bare), digits),
    ecluse: rounded(median(values.ecluse), digits),
  });
  return {
    rssMb: medians(rss, 1),
    rssRatio: rounded(median(rss.ecluse) / median(rss.bare), 3),
    readyMs: medians(ready, 0),
  };
}

/** Resident memory of a process, as the system counts it. */
function rssMb(pid: number): number {
  const kb =
    process.platform === "linux"
      ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : execFileSync("ps", ["-o", "rss=", "-p", `${pid}`], { encoding: "utf8" });
  return Number(kb) / 1_024;
}
