import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Redis } from "ioredis";
import type { Bench } from "./bench.ts";

/**
 * A redis-server of the bench's own on a free loopback port, nothing written to disk, gone with the bench.
 *
 * Without persistence Redis costs the least, so what we add weighs the most.
 *
 * @returns its address, without a database
 */
export async function privateRedis(bench: Bench): Promise<string> {
  const port = await freePort();
  const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", bench.dir, "--save", "", "--maxmemory-policy", "noeviction"];
  const server = spawn("redis-server", settings, { stdio: "ignore" });
  bench.own(server);
  const client = new Redis({ port, host: "127.0.0.1", maxRetriesPerRequest: null });
  client.on("error", () => {});
  const failed = new Promise<never>((_, reject) => {
    server.once("error", () => reject(new Error("redis-server was not found: run npm run setup")));
    server.once("exit", () => reject(new Error("redis-server ended by itself")));
  });
  try {
    await Promise.race([client.ping(), failed]);
  } finally {
    client.disconnect();
    server.removeAllListeners();
    failed.catch(() => {});
  }
  return `redis://127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
