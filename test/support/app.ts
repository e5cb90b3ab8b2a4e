import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, watch } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Job, QueueEvents } from "bullmq";
import { type App, assemble } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { takeContribution } from "../../src/contributions/contribution.ts";
import type { LedgerEntry } from "../../src/core/ledger.ts";
import { ledgerPath } from "../../src/ledger/ledger.ts";
import { type PracticeOptions, type PracticeServer, startPractice } from "../../src/practice/server.ts";
import { type RunningWorkers, startWorkers } from "../../workers/start-worker.ts";
import { killed, tracked } from "./children.ts";
import type { TestRedis } from "./redis.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const SAMPLES = join(ROOT, "samples");

/** A program of its own: folders, a practice model, queues on the given Redis; all of it gone with `close()`. */
export interface Home {
  readonly dir: string;
  /** Settings, as a process would get them. */
  readonly env: Readonly<Record<string, string>>;
  readonly app: App;
  readonly practice: PracticeServer;
  /** Bodies of the questions the practice model got, in order. */
  readonly asked: readonly unknown[];
  /** Starts the workers in this process. */
  work(): Promise<RunningWorkers>;
  /** Puts a file into the documents folder. */
  put(name: string, content: Uint8Array | string): Promise<void>;
  putSample(name: string): Promise<void>;
  /** Enqueues a scan of the folder and waits for its end. @returns its counts */
  scan(): Promise<unknown>;
  /** Keeps a contribution and enqueues its check. @returns the id of the job */
  submit(contribution: object): Promise<{ readonly jobId: string; readonly sha256: string }>;
  /** Settles when the job has this state, at once or later. */
  until(queue: string, jobId: string, state: "completed" | "failed" | "delayed"): Promise<Job>;
  /** Settles when no job of the queue waits or runs; delayed ones may stay. */
  untilIdle(queue: string): Promise<void>;
  /** Lines of the ledger as "provider event why". */
  ledger(): Promise<readonly string[]>;
  entries(): Promise<readonly LedgerEntry[]>;
  /** Settles when the ledger has this line. */
  untilLedger(line: string): Promise<void>;
  close(): Promise<void>;
}

export interface HomeOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly practice?: PracticeOptions;
  /** Pauses of a provider in trouble are divided by this. */
  readonly pace?: number;
}

export async function openHome(redis: TestRedis, { settings = {}, practice: options = {}, pace = 1 }: HomeOptions = {}): Promise<Home> {
  const dir = mkdtempSync(join(tmpdir(), "ecluse-home-"));
  const asked: unknown[] = [];
  const practice = await startPractice({ ...options, onChat: (body) => void asked.push(body) });
  const env = {
    REDIS_URL: redis.url,
    OLLAMA_HOST: practice.url,
    OLLAMA_MODEL: "practice",
    LOG_LEVEL: "silent",
    ...Object.fromEntries(["DOCUMENTS", "OUT", "DATA"].map((name) => [`${name}_DIR`, join(dir, name.toLowerCase())])),
    ...settings,
  };
  const config = readConfig(env);
  mkdirSync(config.DOCUMENTS_DIR, { recursive: true });
  const app = assemble({ config, redisUrl: redis.url, pace });
  const workers: RunningWorkers[] = [];
  const seen = watcher(redis, app);
  const entries = () => entriesOf(config.DATA_DIR);
  return {
    dir,
    env,
    app,
    practice,
    asked,
    async work() {
      const running = startWorkers(app.definitions, app);
      workers.push(running);
      await running.ready();
      return running;
    },
    put: (name, content) => writeFile(join(config.DOCUMENTS_DIR, name), content),
    putSample: (name) => copyFile(join(SAMPLES, "documents", name), join(config.DOCUMENTS_DIR, name)),
    async scan() {
      const { jobId } = await app.queues.enqueue("audierne-docs", { kind: "scan", instant: new Date().toISOString() });
      return (await seen.until("audierne-docs", jobId, "completed")).returnvalue as unknown;
    },
    async submit(sent) {
      const contribution = takeContribution(sent);
      await app.stores.contributions.put(contribution);
      const payload = { contribution: contribution.id, sha256: contribution.sha256 };
      return { ...(await app.queues.enqueue("validation", payload)), sha256: contribution.sha256 };
    },
    until: seen.until,
    untilIdle: seen.untilIdle,
    entries,
    ledger: async () => (await entries()).map(lineOf),
    untilLedger: (line) => untilFileHas(ledgerPath(config.DATA_DIR), async () => (await entries()).map(lineOf).includes(line)),
    async close() {
      await Promise.all(workers.map((running) => running.stop()));
      await seen.close();
      await app.close();
      await practice.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Waits for what queues tell, through BullMQ's own event streams: nothing is polled. */
function watcher(redis: TestRedis, { queues }: App) {
  const open = new Map<string, QueueEvents>();
  const events = async (name: string): Promise<QueueEvents> => {
    const known = open.get(name);
    if (known !== undefined) return known;
    // From the beginning: what happens between "ready" and the first read must not be missed.
    const opened = new QueueEvents(name, { connection: { url: redis.url, maxRetriesPerRequest: null }, lastEventId: "0-0" });
    opened.on("error", () => {});
    open.set(name, opened);
    await opened.waitUntilReady();
    return opened;
  };
  const settles = async (name: string, holds: () => Promise<boolean>): Promise<void> => {
    const source = await events(name);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => void holds().then((isSo) => isSo && resolve(), reject);
    const kinds = ["completed", "failed", "delayed", "waiting", "active", "added"] as const;
    for (const kind of kinds) source.on(kind, look);
    look();
    await promise.finally(() => kinds.forEach((kind) => void source.off(kind, look)));
  };
  return {
    async until(name: string, jobId: string, state: string): Promise<Job> {
      await settles(name, async () => (await queues.queue(name).getJobState(jobId)) === state);
      const job: Job | undefined = await queues.queue(name).getJob(jobId);
      if (job === undefined) throw new Error(`job ${jobId} is gone`);
      return job;
    },
    untilIdle: (name: string) =>
      settles(name, async () => {
        const counts = await queues.queue(name).getJobCounts("waiting", "active", "prioritized");
        return Object.values(counts).every((count) => count === 0);
      }),
    close: async () => void (await Promise.all([...open.values()].map((one) => one.close()))),
  };
}

async function entriesOf(dataDir: string): Promise<readonly LedgerEntry[]> {
  const text = await readFile(ledgerPath(dataDir), "utf8");
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LedgerEntry]));
}

/** Looks at each change of the file. */
async function untilFileHas(path: string, holds: () => Promise<boolean>): Promise<void> {
  const watcher = watch(dirname(path));
  for (;;) {
    const changed = once(watcher, "change");
    if (existsSync(path) && (await holds())) break;
    await changed;
  }
  watcher.close();
}

function lineOf(entry: LedgerEntry): string {
  const why = entry.event === "skipped" ? ` ${entry.why}` : entry.event === "faulted" ? ` ${entry.fault}` : "";
  return `${entry.provider} ${entry.event}${why}`;
}

/** The program as a process of its own, with these settings and none of the test's. Its log lines are kept. */
export function startProcess(role: "--worker" | "--scheduler" | undefined, env: Readonly<Record<string, string>>) {
  const child: ChildProcess = tracked(
    spawn(process.execPath, ["workers/index.ts", ...(role === undefined ? [] : [role])], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? "", LOG_LEVEL: "info", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  const lines: string[] = [];
  const waiting: { readonly word: string; resolve(line: string): void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const one of waiting.filter(({ word }) => line.includes(word))) one.resolve(line);
    });
  }
  const gone = once(child, "exit");
  const saysMore = (word: string): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>();
    waiting.push({ word, resolve });
    const ended = gone.then(() => Promise.reject(new Error(`ended before it said more:\n${lines.join("\n")}`)));
    return Promise.race([promise, ended]);
  };
  return {
    child,
    lines,
    /** Settles with the first line that has this word in it, said before or later. @throws when the process ends first */
    says: async (word: string): Promise<string> => lines.find((line) => line.includes(word)) ?? (await saysMore(word)),
    nextLine: (): Promise<string> => saysMore(""),
    /** How it ended, and after how many ms from now. */
    async ends(): Promise<{ readonly code: number | null; readonly ms: number }> {
      const startedAt = performance.now();
      const [code] = (await gone) as [number | null];
      return { code, ms: performance.now() - startedAt };
    },
    kill: () => killed(child),
  };
}
