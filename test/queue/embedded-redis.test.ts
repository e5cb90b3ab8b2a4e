import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { type EmbeddedRedis, findEmbeddedRedis, startEmbeddedRedis } from "../../src/queue/embedded-redis.ts";

function dataDir(test: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "ecluse-embedded-"));
  test.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
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

  it("is found through a symbolic link to its folder as well", async (test) => {
    const dir = dataDir(test);
    const link = join(dir, "link");
    symlinkSync(dir, link);
    const redis = await startEmbeddedRedis(link);
    const found = await findEmbeddedRedis(link);
    await redis.stop();
    assert.equal(found, redis.url);
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
