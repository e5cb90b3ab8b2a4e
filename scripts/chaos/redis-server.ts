import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Fault } from "../../src/core/fault.ts";
import type { Bench } from "../bench/bench.ts";

/** A redis-server of the bench's own, as an operator should run it: it appends to a file and drops nothing. */
export interface ChaosRedis {
  readonly port: number;
  /** Without a database. */
  readonly url: string;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Ends it as a power cut of the process would; settles when it is gone. */
  kill(): Promise<void>;
  /** On the same port again. @param isEmpty  its files are taken away before */
  start(isEmpty: boolean): void;
  /** Rejects when there is no such program. */
  readonly failed: Promise<never>;
}

export async function chaosRedis(bench: Bench): Promise<ChaosRedis> {
  const port = await freePort();
  const dir = join(bench.dir, "redis");
  mkdirSync(dir);
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const launch = (): ChildProcess => {
    const child = spawnRedis(port, dir);
    child.once("error", () => reject(new Fault("misconfigured", "redis-server was not found: run npm run setup")));
    bench.own(child);
    return child;
  };
  let server = launch();
  return {
    failed,
    port,
    url: `redis://127.0.0.1:${port}`,
    signal: (name) => void server.kill(name),
    async kill() {
      await killed(server);
    },
    start(isEmpty) {
      if (isEmpty) rmSync(join(dir, "appendonlydir"), { recursive: true, force: true });
      server = launch();
    },
  };
}

function spawnRedis(port: number, dir: string): ChildProcess {
  const lasting = ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"];
  // The watcher is told of each change of a string key: set, deleted, expired.
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, ...lasting, "--notify-keyspace-events", "K$gx"];
  return spawn("redis-server", settings, { stdio: "ignore" });
}

/** Settles when the process is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
