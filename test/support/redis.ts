import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

export interface TestRedis {
  readonly port: number;
  connect(db?: number): Redis;
  stop(): Promise<void>;
}

/** A real redis-server of this test file's own, on a free loopback port, gone with `stop()`. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "ecluse-redis-"));
  const server: ChildProcess = spawn("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--save", ""], {
    stdio: "ignore",
  });
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
    connect,
    async stop() {
      for (const client of clients) client.disconnect();
      const gone = once(server, "exit");
      server.kill("SIGKILL");
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
