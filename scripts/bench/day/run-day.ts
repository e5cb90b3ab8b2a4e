import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, assemble } from "../../../src/assemble.ts";
import { takeContribution } from "../../../src/contributions/contribution.ts";
import { type Bench, startProgram } from "../bench.ts";
import { startCloud } from "./cloud.ts";
import type { DaySeen } from "./measure.ts";
import { OLLAMA_MODEL, startOllama, type TownOllama } from "./ollama.ts";
import { type DayOrder, type LeaseSeen, type Policy, READY, townConfig } from "./order.ts";
import { type QueueWatch, watchQueues } from "./queue-watch.ts";
import { newRecord } from "./record.ts";
import { contributionOf, documentText } from "./texts.ts";
import { sharedMs, startTownClock, type TownClock } from "./town-clock.ts";
import type { TownEvent } from "./trace.ts";

export interface DayAsk {
  readonly policy: Policy;
  /** A Redis of this day's own, empty. */
  readonly redisUrl: string;
  readonly seed: number;
  readonly speed: number;
  /** Second since midnight at which the trace begins. */
  readonly from: number;
  readonly events: readonly TownEvent[];
}

/** Documents one after the other, as a nightly script works on them; contributions in two processes. */
const PROCESSES: readonly (readonly string[])[] = [
  ["audierne-docs"],
  ["validation", "validation-batch"],
  ["validation", "validation-batch"],
];

/** Starting takes less, in s of real time. */
const START_S = 60;

interface Town {
  readonly bench: Bench;
  readonly clock: TownClock;
  readonly app: App;
  readonly watch: QueueWatch;
  readonly ollama: TownOllama;
  readonly enqueuedAt: Map<string, number>;
  readonly documentOf: Map<string, string>;
}

/** One day of the town under one policy, on models and worker processes of its own, all gone when this returns. */
export async function runDay(bench: Bench, { policy, redisUrl, seed, speed, from, events }: DayAsk): Promise<DaySeen> {
  const startedAt = sharedMs();
  const record = newRecord();
  // The night before: starting the workers is no part of the day.
  const clock = startTownClock(speed, from - START_S * speed);
  const ollama = await startOllama(clock, record, seed);
  const cloud = await startCloud(clock, record);
  const env = settingsOf(join(bench.dir, policy), { ollama: ollama.url, cloud: cloud.url });
  const app = assemble({ config: townConfig({ env, speed }), redisUrl });
  const watch = watchQueues(redisUrl, app.queues.names);
  const town: Town = { bench, clock, app, watch, ollama, enqueuedAt: new Map(), documentOf: new Map() };
  try {
    await watch.ready();
    const leases = await whileWorking(bench, { policy, speed, redisUrl, env }, async () => {
      bench.say(`${policy}: ${timeOf(from)}, the workers are ready`);
      clock.skipTo(from);
      // What warmed the workers up.
      record.served.length = 0;
      for (const event of events) {
        await untilDue(town, event.at);
        if (event.kind === "documents") bench.say(`${policy}: ${timeOf(event.at)}, ${record.served.length} calls so far`);
        await happen(town, event);
      }
      await untilQuiet(town);
    });
    const { enqueuedAt, documentOf } = town;
    return { record, leases, enqueuedAt, documentOf, failed: watch.failed, speed, realS: (sharedMs() - startedAt) / 1_000 };
  } finally {
    await Promise.all([watch.close(), app.close(), ollama.stop(), cloud.stop()]);
  }
}

const timeOf = (at: number): string => new Date(at * 1_000).toISOString().slice(11, 16);

function settingsOf(dir: string, { ollama, cloud }: { readonly ollama: string; readonly cloud: string }): Record<string, string> {
  const folder = (name: string) => {
    mkdirSync(join(dir, name), { recursive: true });
    return join(dir, name);
  };
  return {
    DATA_DIR: folder("data"),
    OUT_DIR: folder("out"),
    DOCUMENTS_DIR: folder("documents"),
    OLLAMA_HOST: ollama,
    OLLAMA_MODEL,
    OPENAI_API_KEY: "town",
    OPENAI_BASE_URL: `${cloud}/v1`,
    PROVIDER_CHAIN: "ollama,openai",
    // Else nothing could leave, and both policies would keep everything at home.
    EGRESS_DOCUMENTS: "all",
    EGRESS_CONTRIBUTIONS: "all",
    DOCUMENTS_CONCURRENCY: "1",
    LOG_LEVEL: "silent",
  };
}

/** @returns what the workers saw at the slot, once they have stopped */
async function whileWorking(
  bench: Bench,
  common: Omit<DayOrder, "jobs" | "leasesFile">,
  work: () => Promise<void>,
): Promise<readonly LeaseSeen[]> {
  const orders = PROCESSES.map((jobs, index) => ({
    ...common,
    jobs,
    leasesFile: join(bench.dir, `${common.policy}-leases-${index}.json`),
  }));
  const programs = await Promise.all(
    orders.map((order) =>
      startProgram(bench, {
        file: join(import.meta.dirname, "worker.ts"),
        args: [JSON.stringify(order satisfies DayOrder)],
        readyOn: "stdout",
        isReady: (line) => line === READY,
      }),
    ),
  );
  await work();
  await Promise.all(programs.map((program) => program.stop()));
  return orders.flatMap(({ leasesFile }) => JSON.parse(readFileSync(leasesFile, "utf8")) as LeaseSeen[]);
}

async function happen({ clock, app, watch, ollama, enqueuedAt, documentOf }: Town, event: TownEvent): Promise<void> {
  const send = async (queue: string, id: string) => {
    const contribution = takeContribution(contributionOf(id));
    await app.stores.contributions.put(contribution);
    enqueuedAt.set(id, sharedMs());
    const { jobId } = await app.queues.enqueue(queue, { contribution: id, sha256: contribution.sha256 });
    watch.expect(queue, jobId);
  };
  switch (event.kind) {
    case "person":
      return await send("validation", event.id);
    case "batch":
      return void (await Promise.all(event.ids.map((id) => send("validation-batch", id))));
    case "documents": {
      for (const document of event.documents) {
        const text = documentText(document);
        documentOf.set(createHash("sha256").update(text).digest("hex").slice(0, 16), document.id);
        writeFileSync(join(app.config.DOCUMENTS_DIR, `${document.id}.txt`), text);
      }
      const instant = new Date(Math.round(clock.now() * 1_000)).toISOString();
      const { jobId } = await app.queues.enqueue("audierne-docs", { kind: "scan", instant });
      return watch.expect("audierne-docs", jobId);
    }
    case "ollama-stops":
      return await ollama.stop();
    case "ollama-starts":
      return await ollama.start();
  }
}

/** Waits until the town's clock shows this second; when nothing is on its way, the clock is put forward to it. */
async function untilDue(town: Town, at: number): Promise<void> {
  const { clock, watch, bench } = town;
  for (let left = at - clock.now(); left > 0; left = at - clock.now()) {
    if (watch.isIdle()) return clock.skipTo(at);
    const over = new AbortController();
    const stop = AbortSignal.any([bench.signal, over.signal]);
    const due = clock.sleep(Math.min(left, STUCK_S), stop).catch(() => {});
    await Promise.race([due, watch.settled(stop)]);
    over.abort();
    bench.signal.throwIfAborted();
    assertMoving(town);
  }
}

async function untilQuiet(town: Town): Promise<void> {
  while (!town.watch.isIdle()) await untilDue(town, town.clock.now() + STUCK_S);
}

/** No job that ends or begins for so long, in town time and in ours, and some on their way: the workers are broken, not slow. */
const STUCK_S = 3_600;
const STUCK_MS = 20_000;

function assertMoving({ watch, clock }: Town): void {
  const silentMs = sharedMs() - watch.lastEventAt();
  if (watch.isIdle() || silentMs < STUCK_MS || (silentMs / 1_000) * clock.speed < STUCK_S) return;
  throw new Error("the workers stand still: no figure is given");
}
