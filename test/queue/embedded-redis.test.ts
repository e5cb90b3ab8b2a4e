import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Redis } from "ioredis";
import { Fault } from "../../src/core/fault.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import { type EmbeddedRedis, findEmbeddedRedis, startEmbeddedRedis } from "../../src/queue/embedded-redis.ts";
import { killed, tracked } from "../support/children.ts";

function dataDir(test: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "ecluse-embedded-"));
  test.after(async () => {
    // A test that failed half-way leaves no server either.
    if ((await findEmbeddedRedis(dir)) !== undefined) await (await startEmbeddedRedis(dir)).stop();
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** A program of its own process group that starts the embedded Redis, keeps something in it and goes on until it is ended. */
function keeper(dir: string) {
  const child = tracked(
    spawn(process.execPath, [new URL("./keeper.ts", import.meta.url).pathname, dir], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    }),
  );
  return { child, says: async (): Promise<string> => `${(await once(child.stdout, "data"))[0]}`.trim() };
}

/** Whether anybody takes connections there. */
async function listens(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const isOpen = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("the project's own Redis", () => {
  it("is found while it runs, is gone when stopped, and keeps no program waiting after that", async (test) => {
    const dir = dataDir(test);
    const before = timers();
    const redis = await startEmbeddedRedis(dir);
    const found = await findEmbeddedRedis(dir);
    await redis.stop();
    assert.deepEqual([redis.how, found, await findEmbeddedRedis(dir)], ["started", redis.url, undefined]);
    assert.equal(timers(), before);
  });

  it("stays for another program that works with it, and is ended by the last one", async (test) => {
    const dir = dataDir(test);
    const redis = await startEmbeddedRedis(dir);
    const other = lockConnection(redis.url, 6);
    await other.ping();
    await redis.stop();
    assert.equal(await findEmbeddedRedis(dir), redis.url);
    other.disconnect();
    await (await startEmbeddedRedis(dir)).stop();
    assert.equal(await findEmbeddedRedis(dir), undefined);
  });

  it("is found through a symbolic link to its folder as well", async (test) => {
    const dir = dataDir(test);
    const link = join(dir, "link");
    symlinkSync(dir, link);
    const redis = await startEmbeddedRedis(link);
    const found = await findEmbeddedRedis(link);
    await redis.stop();
    assert.equal(found, redis.url);
  });

  it("is one server for programs that start at the same moment in the same folder, even where one was killed while starting", async (test) => {
    const dir = dataDir(test);
    mkdirSync(join(dir, "redis"));
    writeFileSync(join(dir, "redis", "starting"), "4194303");
    const started = await Promise.all([1, 2, 3, 4].map(() => startEmbeddedRedis(dir)));
    await started[0]?.stop();
    assert.deepEqual(
      started.map(({ how }) => how).sort((a, b) => a.localeCompare(b)),
      ["found", "found", "found", "started"],
    );
    assert.equal(new Set(started.map(({ url }) => url)).size, 1);
  });

  it("loses nothing, drops nothing when it is full, and listens on loopback only", async (test) => {
    const redis = await startEmbeddedRedis(dataDir(test));
    const client = new Redis(redis.url);
    const settings = ["appendonly", "appendfsync", "maxmemory-policy", "bind"];
    const told = await Promise.all(settings.map(async (name) => ((await client.config("GET", name)) as string[])[1]));
    client.disconnect();
    await redis.stop();
    assert.deepEqual(told, ["yes", "always", "noeviction", "127.0.0.1"]);
  });

  it("outlives a program that is killed, is found by the next one with all its data, and ends with it", async (test) => {
    const dir = dataDir(test);
    const first = keeper(dir);
    const url = await first.says();
    await killed(first.child);
    const next = await startEmbeddedRedis(dir);
    const client = new Redis(next.url);
    assert.deepEqual([next.how, next.url, await client.get("kept")], ["found", url, "yes"]);
    client.disconnect();
    await next.stop();
    assert.equal(await listens(url), false);
    const later = await startEmbeddedRedis(dir);
    const again = new Redis(later.url);
    const kept = await again.get("kept");
    again.disconnect();
    await later.stop();
    assert.deepEqual([later.how, kept], ["started", "yes"]);
  });

  it("is not reached by Ctrl-C, which goes to every program of the terminal: its workers end first", async (test) => {
    const dir = dataDir(test);
    const program = keeper(dir);
    const client = new Redis(await program.says(), { retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on("error", () => {});
    await client.ping();
    // Ctrl-C in a terminal: SIGINT to the whole process group.
    process.kill(-(program.child.pid ?? assert.fail()), "SIGINT");
    await once(program.child, "exit");
    // Redis looks at its signals ten times a second; one that ends would cut this off.
    const isThere = await client.blpop("nothing", 0.5).then(
      () => true,
      () => false,
    );
    client.disconnect();
    assert.ok(isThere, "Redis has ended as well");
    await (await startEmbeddedRedis(dir)).stop();
  });

  it("that cannot start says where its reason stands, and leaves no server behind", async (test) => {
    const dir = dataDir(test);
    mkdirSync(join(dir, "redis", "appendonlydir"), { recursive: true });
    writeFileSync(join(dir, "redis", "appendonlydir", "appendonly.aof.manifest"), "this is no manifest");
    await assert.rejects(startEmbeddedRedis(dir), (error) => error instanceof Fault && /redis\.log$/.test(error.message));
    assert.equal(await findEmbeddedRedis(dir), undefined);
  });

  it("starts for several programs at the same moment, each in its own folder and on its own port", async (test) => {
    const started = await Promise.allSettled([1, 2, 3, 4].map(() => startEmbeddedRedis(dataDir(test))));
    const running = started.filter((one): one is PromiseFulfilledResult<EmbeddedRedis> => one.status === "fulfilled");
    for (const { value } of running) await value.stop();
    assert.deepEqual(
      started.map(({ status }) => status),
      Array(4).fill("fulfilled"),
    );
    assert.equal(new Set(running.map(({ value }) => value.url)).size, 4);
  });
});
