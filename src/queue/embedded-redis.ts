import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { Redis } from "ioredis";
import { codeOf, Fault } from "../core/fault.ts";
import { LOCK_CLIENT } from "./connection.ts";

export interface EmbeddedRedis {
  readonly url: string;
  /** "started" by this call, or "found" running: left by a program that was killed, or used by another one. */
  readonly how: "started" | "found";
  /** Saves and ends the server. */
  stop(): Promise<void>;
}

const urlFile = (dir: string): string => join(dir, "url");

/**
 * The project's own Redis: append-only file on, never evicting, on loopback only, its data in `dataDir/redis`.
 *
 * It runs in a process group of its own: Ctrl-C must reach the workers first and end Redis last.
 *
 * @throws Fault "misconfigured" when there is no redis-server, or it does not start
 */
export async function startEmbeddedRedis(dataDir: string): Promise<EmbeddedRedis> {
  mkdirSync(join(dataDir, "redis"), { recursive: true, mode: 0o700 });
  // As Redis itself names it: without symbolic links.
  const dir = realpathSync(resolve(dataDir, "redis"));
  return await alone(dir, async () => {
    const running = await findEmbeddedRedis(dataDir);
    if (running !== undefined) return { url: running, how: "found", stop: () => shutdown(running, dir) };
    // Two programs may see the same port free at the same moment: who comes second takes any other one.
    const url = await launch(dir, await freePort(6379)).catch(async () => await launch(dir, await freePort(0)));
    return { url, how: "started", stop: () => shutdown(url, dir) };
  });
}

/** Two servers on one folder would write over each other's file: who starts one there leaves its process number until it runs. */
async function alone<Value>(dir: string, start: () => Promise<Value>): Promise<Value> {
  const mark = join(dir, "starting");
  for (let tries = 0; !takes(mark); tries += 1) {
    if (tries > 700)
      throw new Fault("misconfigured", `another program has been starting Redis for over a minute: end it, or remove ${mark}`);
    await pause(100);
  }
  try {
    return await start();
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Whether the mark is ours now. One whose program has ended is taken over. */
function takes(mark: string): boolean {
  try {
    writeFileSync(mark, `${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw new Fault("misconfigured", `${mark} cannot be written: check DATA_DIR`, { cause: error });
  }
  if (isRunning(mark)) return false;
  rmSync(mark, { force: true });
  return false;
}

function isRunning(mark: string): boolean {
  try {
    const pid = Number(readFileSync(mark, "utf8"));
    // Not written yet: its program is at it.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH" && codeOf(error) !== "ENOENT";
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The address of an embedded Redis that is running on this data folder, if one is. */
export async function findEmbeddedRedis(dataDir: string): Promise<string | undefined> {
  let dir: string;
  let url: string;
  try {
    dir = realpathSync(resolve(dataDir, "redis"));
    url = readFileSync(urlFile(dir), "utf8").trim();
  } catch {
    return undefined;
  }
  // Another program may have the port by now: only a server that works in our folder is ours.
  return (await worksIn(url, dir).catch(() => false)) ? url : undefined;
}

const worksIn = (url: string, dir: string): Promise<boolean> =>
  withClient(url, async (redis) => ((await redis.config("GET", "dir")) as string[])[1] === dir);

/** @returns the server's address, once it is ready */
async function launch(dir: string, port: number): Promise<string> {
  const url = `redis://127.0.0.1:${port}`;
  const log = openSync(join(dir, "redis.log"), "a", 0o600);
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--daemonize", "no", "--save", ""];
  // "always": a job that was acknowledged survives a power cut; a few milliseconds are nothing beside a model's answer.
  const safety = ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"];
  const server = spawn("redis-server", [...settings, ...safety], { stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  server.unref();
  // At once: a program that is killed while a large file is being loaded must find this server again, not start a second one.
  writeFileSync(urlFile(dir), url);
  const failed = new Promise<never>((_, reject) => {
    server.once("error", (cause) => reject(new Fault("misconfigured", "redis-server was not found: run npm run setup", { cause })));
    server.once("exit", () => reject(new Fault("misconfigured", `redis-server ended at once: see ${join(dir, "redis.log")}`)));
  });
  const given = new AbortController();
  try {
    await Promise.race([failed, untilReady(url, dir, given.signal)]);
  } finally {
    given.abort();
  }
  server.removeAllListeners();
  return url;
}

async function untilReady(url: string, dir: string, given: AbortSignal): Promise<void> {
  for (let tries = 0; !given.aborted; tries += 1) {
    // A large append-only file takes a while to load: commands are refused until then. A server that works in another
    // folder is not ours: ours could not have the port and is about to end.
    if (await worksIn(url, dir).catch(() => false)) return;
    if (tries > 600) throw new Fault("misconfigured", "redis-server does not become ready within 60 s");
    await pause(100);
  }
}

/** Last one out: another program with this data folder goes on working, and ends the server when it stops itself. */
async function shutdown(url: string, dir: string): Promise<void> {
  await withClient(url, async (redis) => {
    if (await isUsedByOthers(redis)) return;
    rmSync(urlFile(dir), { force: true });
    const gone = once(redis, "close");
    await redis.call("SHUTDOWN").catch(() => undefined);
    await gone;
  }).catch(() => undefined);
}

/** Asked again for a moment: our own connection may have been closed just now. */
async function isUsedByOthers(redis: Redis): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    if (!`${await redis.client("LIST")}`.includes(`name=${LOCK_CLIENT} `)) return false;
    await pause(50);
  }
  return true;
}

async function withClient<Value>(url: string, use: (redis: Redis) => Promise<Value>): Promise<Value> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000, enableReadyCheck: false });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    // ioredis starts a timer of 2 s for a connection that is closed already, and the program could not end before it.
    if (redis.status !== "end") redis.disconnect();
  }
}

/** The wanted port when nobody has it (6379: a plain `redis-cli -n 6 GET lock:ollama:global` finds the lock); else any free one. */
async function freePort(first: number): Promise<number> {
  for (const wanted of [first, 0]) {
    const probe = createServer();
    try {
      probe.listen(wanted, "127.0.0.1");
      await once(probe, "listening");
      const { port } = probe.address() as { port: number };
      probe.close();
      await once(probe, "close");
      return port;
    } catch {}
  }
  throw new Fault("misconfigured", "no free port on loopback");
}
