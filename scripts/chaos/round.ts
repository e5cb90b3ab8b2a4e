import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lockConnection } from "../../src/queue/connection.ts";
import type { Bench } from "../bench/bench.ts";
import { type Checked, check } from "./check.ts";
import { newCrew, readiness, startProgram } from "./crew.ts";
import type { Field } from "./field.ts";
import { type History, openHistory, readHistory } from "./history.ts";
import { type Nemesis, newNemesis } from "./nemesis.ts";
import { planOf } from "./plan.ts";
import { newProducer, type Producer } from "./producer.ts";
import { progressOf } from "./progress.ts";
import { newProxies } from "./proxy.ts";
import { chaosRedis, killed } from "./redis-server.ts";
import { hashOf, LOCK_DB, type Mutant, STEP, type WorkerOrder } from "./same.ts";
import { newWatcher } from "./watcher.ts";

export interface Round {
  readonly seed: number;
  /** Faults to do. */
  readonly events: number;
  readonly mutant: Mutant | "none";
  /** File that the history is written to. */
  readonly history: string;
  /** How long all that is left may take at the end, in ms. */
  readonly drainMs: number;
}

const TTL_S = 1;
const WORKERS = ["w1", "w2", "w3", "w4", "w5", "w6"] as const;
/** A mutant is looked at so often, and is done when it was caught. */
const LOOK_EVERY = 10;
/** Faults between two lines of progress. */
const SAY_EVERY = 100;

/** One run: a Redis, a model, workers, jobs, and what is done to them. What came of it is read from the history alone. */
export async function runRound(bench: Bench, round: Round): Promise<Checked> {
  const closers: (() => Promise<void> | void)[] = [];
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  interrupted.catch(() => {});
  const stop = (): void => reject(bench.signal.reason);
  bench.signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([play(bench, round, closers), interrupted]);
    return check(readHistory(round.history));
  } finally {
    bench.signal.removeEventListener("abort", stop);
    // The last opened first: nobody is left waiting for a Redis that is gone.
    for (const close of closers.reverse()) await close();
  }
}

/** @param closers  is given what is to be closed, in the order of opening */
async function play(bench: Bench, round: Round, closers: (() => Promise<void> | void)[]): Promise<void> {
  const ttlMs = TTL_S * 1_000;
  const dir = join(bench.dir, "data");
  const history = openHistory(round.history);
  const { signal } = bench;
  signal.addEventListener("abort", history.close, { once: true });
  history.add({ e: "begin", seed: round.seed, ttlMs, mutant: round.mutant });
  const redis = await chaosRedis(bench);
  closers.push(redis.kill);
  const proxies = newProxies(redis.port);
  const watcher = newWatcher(history, proxies.whoIs);
  closers.push(proxies.close, watcher.close);
  await Promise.race([watcher.watch(redis.port, signal), redis.failed]);
  proxies.setOpen(true);
  const model = startProgram(bench, "stand-in.ts", { history: round.history, seed: round.seed, ttlMs });
  closers.push(() => killed(model));
  const ollamaUrl = `http://127.0.0.1:${(await readiness(model)).split(" ")[1]}`;
  const client = lockConnection(redis.url, LOCK_DB);
  client.on("connect", () => proxies.forget(`127.0.0.1:${client.stream.localPort}`));
  const producer = newProducer(redis.url, history);
  closers.push(() => client.disconnect(), producer.close);
  const ordersOf = async (worker: string): Promise<[string, WorkerOrder]> => {
    const redisUrl = `redis://127.0.0.1:${await proxies.open(worker)}`;
    return [worker, { redisUrl, ollamaUrl, dir, history: round.history, ttlS: TTL_S, mutant: round.mutant }];
  };
  const crew = newCrew({ bench, history, orders: Object.fromEntries(await Promise.all(WORKERS.map(ordersOf))) });
  closers.push(crew.close);
  await crew.ready();
  const field: Field = { history, crew, proxies, redis, watcher, client, ttlMs, back: Promise.resolve(), signal };
  await fight(bench, round, { nemesis: newNemesis(field), producer });
  await account({ history, producer, dir, round });
}

/** Strikes until enough was done, or the mutant was caught; jobs are added all the while, and the rest is worked off. */
async function fight(bench: Bench, round: Round, { nemesis, producer }: { readonly nemesis: Nemesis; readonly producer: Producer }) {
  const over = new AbortController();
  const producing = producer.produce(over.signal);
  producing.catch(() => {});
  const startedAt = performance.now();
  let lookedAt = 0;
  let saidAt = 0;
  const isMutant = round.mutant !== "none";
  for (const strike of planOf({ seed: round.seed, events: round.events, ttlMs: TTL_S * 1_000, isMutant })) {
    if (nemesis.done >= round.events) break;
    await pause(strike.afterMs, undefined, { signal: bench.signal });
    await nemesis.strike(strike);
    if (nemesis.done - saidAt >= SAY_EVERY) {
      saidAt = nemesis.done;
      bench.say(progressOf({ done: saidAt, of: round.events, elapsedMs: performance.now() - startedAt, now: new Date() }));
    }
    if (isMutant && nemesis.done - lookedAt >= LOOK_EVERY) {
      lookedAt = nemesis.done;
      if (isCaught(check(readHistory(round.history)))) break;
    }
  }
  await nemesis.rest();
  over.abort();
  await producing;
  if (isMutant) return;
  bench.say(`the faults are over; what is left is worked off, for ${Math.round(round.drainMs / 1_000)} s at most`);
  await producer.drained(round.drainMs);
}

export const isCaught = ({ maxInFlight, wrongReleases }: Checked): boolean => maxInFlight > 1 || wrongReleases > 0;

interface Account {
  readonly history: History;
  readonly producer: Producer;
  readonly dir: string;
  readonly round: Round;
}

/** Asks the queue for each acknowledged job, and the disk for each stored answer. */
async function account({ history, producer, dir, round }: Account): Promise<void> {
  const jobs = readHistory(round.history).flatMap((line) => (line.e === "ack" ? [line.job] : []));
  for (const job of jobs) {
    history.add({ e: "job-end", job, ...(await producer.stateOf(job)) });
    const path = join(dir, "answers", hashOf(job), `${STEP}.json`);
    if (!existsSync(path)) continue;
    const { result } = JSON.parse(readFileSync(path, "utf8")) as { readonly result: string };
    history.add({ e: "stored", job, answer: result });
  }
  history.add({ e: "end" });
}
