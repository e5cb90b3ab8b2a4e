import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Worker } from "bullmq";
import { systemClock } from "../../src/clock.ts";
import { heartbeatKey, startHeartbeat } from "../../src/queue/heartbeat.ts";
import { runNode } from "../support/command.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";

interface Health {
  readonly healthy: boolean;
  readonly checks: readonly { readonly name: string; readonly isHealthy: boolean; readonly says: string }[];
}

describe("npm run health, which a container asks whether it is well", () => {
  let server: TestRedis;
  let url: string;
  before(async () => {
    server = await startRedis();
    url = `redis://127.0.0.1:${server.port}`;
  });
  after(() => server.stop());

  const health = async (...args: string[]) => {
    const ran = await runNode("scripts/health.ts", [...args, "--json"], { env: { REDIS_URL: url } });
    return { code: ran.code, ...(JSON.parse(ran.stdout) as Health) };
  };
  const wrong = ({ checks }: Health) => checks.filter(({ isHealthy }) => !isHealthy).map(({ name }) => name);

  it("says no for a worker that is not there, and names every queue that nobody reads", async () => {
    const asked = await health("--role", "worker");
    assert.deepEqual(wrong(asked), [
      "heartbeat of the worker",
      "workers of audierne-docs",
      "workers of validation",
      "workers of validation-batch",
    ]);
    assert.equal(asked.code, 1);
  });
  it("says yes while the worker of this host beats and every queue is read, and no as soon as it has stopped", async () => {
    const workers = ["audierne-docs", "validation", "validation-batch"].map(
      (queue) => new Worker(queue, async () => {}, { connection: { url } }),
    );
    await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    const heart = await startHeartbeat(server.connect(6), ["worker"], systemClock);
    assert.deepEqual(wrong(await health("--role", "worker")), []);
    await heart.stop();
    assert.deepEqual(wrong(await health("--role", "worker")), ["heartbeat of the worker"]);
    await Promise.all(workers.map((worker) => worker.close()));
  });
  it("says no for a scheduler whose last beat is too long ago, even if its process hangs on", async () => {
    const redis = server.connect(6);
    const heart = await startHeartbeat(redis, ["scheduler"], systemClock);
    assert.equal((await health("--role", "scheduler")).code, 0);
    const leftMs = await redis.pttl(heartbeatKey("scheduler"));
    assert.ok(leftMs > 0 && leftMs <= 35_000, `the beat must end by itself, and has ${leftMs} ms left`);
    await redis.pexpire(heartbeatKey("scheduler"), 1);
    assert.deepEqual(wrong(await health("--role", "scheduler")), ["heartbeat of the scheduler"]);
    await heart.stop();
  });
  it("says no, and nothing of the address, when Redis is not there", async () => {
    const gone = await startRedis();
    await gone.stop();
    const ran = await runNode("scripts/health.ts", [], { env: { REDIS_URL: `redis://:secret-word@127.0.0.1:${gone.port}` } });
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /wrong redis: Redis does not answer at REDIS_URL/);
    assert.doesNotMatch(ran.stdout + ran.stderr, /secret-word/);
  });
  it("refuses a role it does not know with exit code 2", async () => {
    const ran = await runNode("scripts/health.ts", ["--role", "mayor"], { env: { REDIS_URL: url } });
    assert.deepEqual([ran.code, ran.stdout], [2, ""]);
    assert.match(ran.stderr, /^health: --role must be worker or scheduler\n/);
  });
});
