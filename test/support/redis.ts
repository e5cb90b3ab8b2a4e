import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { killed, tracked } from "./children.ts";

export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** Folder of its files. */
  readonly dir: string;
  connect(db?: number): Redis;
  /** "SIGSTOP" makes it hang, "SIGCONT" lets it go on. */
  signal(name: NodeJS.Signals): void;
  /** Ends it as a power cut would, and settles when it is gone. */
  kill(): Promise<void>;
  /** On the same port and folder again, after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real redis-server of this test file's own, on a free loopback port, gone with `stop()`.
 *
 * @param settings  more of its command line, such as "--appendonly yes"
 */
export async function startRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "ecluse-redis-"));
  const launch = (): ChildProcess =>
    tracked(
      spawn("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--save", "", ...settings], { stdio: "ignore" }),
    );
  let server = launch();
  const clients: Redis[] = [];
  const connect = (db = 0): Redis => {
    const client = new Redis({ port, host: "127.0.0.1", db, maxRetriesPerRequest: null });
    client.on("error", () => {});
    clients.push(client);
    return client;
  };
  await connect().ping();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    dir,
    connect,
    signal: (name) => void server.kill(name),
    kill: () => killed(server),
    async restart() {
      server = launch();
      await connect().ping();
    },
    async stop() {
      for (const client of clients) client.disconnect();
      await killed(server);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
