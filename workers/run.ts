import { mkdirSync } from "node:fs";
import { type App, assemble, describeChain } from "../src/assemble.ts";
import { type Config, ConfigError, loadConfig } from "../src/config.ts";
import { Fault } from "../src/core/fault.ts";
import { type Log, openLog } from "../src/log.ts";
import { checkRedis } from "../src/queue/connection.ts";
import { type EmbeddedRedis, findEmbeddedRedis, startEmbeddedRedis } from "../src/queue/embedded-redis.ts";
import { startHeartbeat } from "../src/queue/heartbeat.ts";
import { startScheduler } from "./scheduler.ts";
import { startWorkers } from "./start-worker.ts";

export interface Roles {
  readonly worker: boolean;
  readonly scheduler: boolean;
  /** Whether a Redis of our own may be started when REDIS_URL is not set. */
  readonly embedded: boolean;
}

/**
 * Runs until SIGINT or SIGTERM, then stops at a safe point: running jobs go back to the queue, no attempt burned.
 *
 * Ends with exit code 2 when a setting is wrong, before anything connects; 1 when Redis is not there.
 */
export async function runProcess(roles: Roles): Promise<void> {
  // Before anything else: a signal that comes during start must not leave a Redis behind.
  const asked = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => asked.resolve(signal));
  try {
    const config = loadConfig();
    await untilStopped(config, roles, asked.promise);
  } catch (error) {
    process.exitCode = error instanceof ConfigError ? 2 : 1;
    const lines = error instanceof ConfigError ? error.mistakes : [Fault.from(error, "starting").message];
    process.stderr.write(lines.map((line) => `ecluse: ${line}\n`).join(""));
  }
}

async function untilStopped(config: Config, roles: Roles, asked: Promise<NodeJS.Signals>): Promise<void> {
  const log = openLog(config);
  mkdirSync(config.DOCUMENTS_DIR, { recursive: true });
  const redis = await redisFor(config, roles);
  let app: App | undefined;
  try {
    await checkRedis(redis.url);
    app = assemble({ config, redisUrl: redis.url, log });
    log.info({ event: "app.started", redis: redis.how, roles }, describeChain(config, app.chain, app.scanReaders));
    if (redis.how !== "given") log.info({ event: "redis.ready", how: redis.how, url: redis.url }, "embedded Redis");
    const workers = roles.worker ? startWorkers(app.definitions, app) : undefined;
    const scheduler = roles.scheduler ? await startScheduler(app) : undefined;
    await workers?.ready();
    const heartbeat = await startHeartbeat(
      app.lockRedis,
      (["worker", "scheduler"] as const).filter((role) => roles[role]),
      app.clock,
    );
    log.info({ event: "app.ready", readyMs: Math.round(performance.now()) }, "ready");
    log.info({ event: "app.stopping", signal: await asked }, "stopping: running jobs go back to the queue");
    endAnyhow(log);
    await heartbeat.stop();
    await scheduler?.stop();
    await workers?.stop();
  } finally {
    await app?.close();
    await redis.stop();
  }
  log.info({ event: "app.stopped" }, "stopped");
}

/** A Redis that hangs or is gone must not keep the process: its jobs are taken up by another worker once it is back. */
const END_MS = 9_000;

function endAnyhow(log: Log): void {
  const end = () => {
    log.warn({ event: "app.cut" }, "Redis does not answer: ended without giving the jobs back; another worker takes them up");
    process.exit(1);
  };
  // Not waited for: a process with nothing left to do ends before.
  setTimeout(end, END_MS).unref();
}

async function redisFor(config: Config, roles: Roles): Promise<(Omit<EmbeddedRedis, "how"> & { how: EmbeddedRedis["how"] }) | GivenRedis> {
  if (config.REDIS_URL !== undefined) return { url: config.REDIS_URL, how: "given", stop: async () => {} };
  if (roles.embedded) return await startEmbeddedRedis(config.DATA_DIR);
  const url = await findEmbeddedRedis(config.DATA_DIR);
  if (url !== undefined) return { url, how: "given", stop: async () => {} };
  throw new ConfigError(["REDIS_URL is not set, and no npm start is running with this DATA_DIR: set it, or use npm start"]);
}

interface GivenRedis {
  readonly url: string;
  readonly how: "given";
  stop(): Promise<void>;
}
