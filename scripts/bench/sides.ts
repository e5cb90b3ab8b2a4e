import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WORKER_SETTINGS } from "../../workers/start-worker.ts";
import { type Bench, type Started, startProgram } from "./bench.ts";
import { QUEUE, QUEUES, READY, type WorkerOrder } from "./same.ts";

export type SideName = "bare" | "ecluse";
export const SIDES = ["bare", "ecluse"] as const;

/** A database each: the same keys, nothing in common. */
const DATABASE: Readonly<Record<SideName, number>> = { bare: 1, ecluse: 2 };
export const redisOf = (side: SideName, redis: string): string => `${redis}/${DATABASE[side]}`;

/** Starts a worker on the measured queue, with a model that answers at once. */
export function startWorkerOn(bench: Bench, side: SideName, redis: string, concurrency: number): Promise<Started> {
  const order = { ...orderOf(bench, side, redis), concurrency, queues: [QUEUE] };
  return startProgram(bench, {
    file: join(import.meta.dirname, `${side}.ts`),
    args: [JSON.stringify(order)],
    readyOn: "stdout",
    isReady: (line) => line === READY,
  });
}

/** Starts what listens on both queues: `workers/index.ts --worker` as it ships, or the bare worker twice in one process. */
export function startReadyWorker(bench: Bench, side: SideName, redis: string): Promise<Started> {
  const order = { ...orderOf(bench, side, redis), concurrency: 4, queues: QUEUES };
  if (side === "bare") {
    return startProgram(bench, {
      file: join(import.meta.dirname, "bare.ts"),
      args: [JSON.stringify(order)],
      readyOn: "stdout",
      isReady: (line) => line === READY,
    });
  }
  return startProgram(bench, {
    file: join(import.meta.dirname, "../../workers/index.ts"),
    args: ["--worker"],
    env: { REDIS_URL: order.redisUrl, DATA_DIR: order.dir, OUT_DIR: order.dir, DOCUMENTS_DIR: order.dir, LOG_LEVEL: "info" },
    readyOn: "stderr",
    isReady: (line) => line.includes('"app.ready"'),
  });
}

function orderOf(bench: Bench, side: SideName, redis: string): Omit<WorkerOrder, "concurrency" | "queues"> {
  const dir = join(bench.dir, side);
  mkdirSync(dir, { recursive: true });
  return { redisUrl: redisOf(side, redis), settings: WORKER_SETTINGS, dir };
}
