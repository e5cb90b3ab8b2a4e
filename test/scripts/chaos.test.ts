import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Judged } from "../../scripts/chaos/chaos.ts";
import { openHistory, readHistory } from "../../scripts/chaos/history.ts";
import { planOf } from "../../scripts/chaos/plan.ts";
import { progressOf } from "../../scripts/chaos/progress.ts";
import { newProxies } from "../../scripts/chaos/proxy.ts";
import { LOCK_DB, LOCK_KEY, type WorkerOrder } from "../../scripts/chaos/same.ts";
import { newWatcher } from "../../scripts/chaos/watcher.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import { tracked } from "../support/children.ts";
import { startRedis } from "../support/redis.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/chaos.ts");
const WORKER = join(import.meta.dirname, "../../scripts/chaos/worker.ts");
let temporary = "";
before(() => {
  temporary = mkdtempSync(join(tmpdir(), "ecluse-chaos-test-"));
});
after(() => rmSync(temporary, { recursive: true, force: true }));

describe("the plan of the faults", () => {
  it("is the same for the same seed, another one for another, and has every kind of fault and stops from a tenth of a lease to three", () => {
    const order = { seed: 7, events: 2_000, ttlMs: 1_000, isMutant: false };
    const plan = planOf(order);
    assert.deepEqual(planOf(order), plan);
    assert.notDeepEqual(planOf({ ...order, seed: 8 }), plan);
    const stops = plan.filter(({ kind }) => kind === "stop").map(({ forMs }) => forMs);
    assert.ok(stops.length > 400 && Math.min(...stops) >= 100 && Math.max(...stops) <= 3_000 && Math.max(...stops) > 2_500);
    assert.equal(new Set(plan.map(({ kind }) => kind)).size, 13, "each kind of fault comes");
  });

  it("empties Redis a few times, and only near the beginning, while few jobs can be forgotten by it", () => {
    for (const seed of [1, 7, 11]) {
      const placesOf = (events: number) =>
        planOf({ seed, events, ttlMs: 1_000, isMutant: false }).flatMap(({ kind }, place) => (kind === "redis-lost" ? [place] : []));
      assert.deepEqual(placesOf(2_000), [9, 19, 29, 39]);
      assert.deepEqual([placesOf(499), placesOf(500)], [[], [9]]);
      const night = placesOf(10_000);
      assert.ok(night.length === 20 && night.every((place) => place < 200));
    }
  });

  it("strikes a mutant only with what strikes ours, too", () => {
    const kindsOf = (isMutant: boolean) => new Set(planOf({ seed: 7, events: 1_000, ttlMs: 1_000, isMutant }).map(({ kind }) => kind));
    assert.deepEqual(
      [...kindsOf(true)].filter((kind) => !kindsOf(false).has(kind)),
      [],
    );
    assert.ok(kindsOf(true).size > 2);
  });
});

describe("what is said while it runs", () => {
  it("names the faults done, the time they took, and when the last one comes if it goes on like that", () => {
    const now = new Date(2026, 10, 25, 23, 30);
    const at = (done: number, of: number, elapsedMs: number) => progressOf({ done, of, elapsedMs, now });
    assert.equal(at(100, 500, 20_400), "100 of 500 faults in 20 s, about 1 min 22 s to go (until 23:31)");
    assert.equal(at(2_500, 10_000, 1_200_000), "2500 of 10000 faults in 20 min 0 s, about 1 h 0 min to go (until 00:30)");
    assert.equal(at(501, 500, 100_000), "501 of 500 faults in 1 min 40 s, about 0 s to go (until 23:30)");
  });
});

describe("the record of who changed the key", () => {
  it("names the worker and the value in whose name it was done, for plain commands and inside scripts, through a restart", async () => {
    const redis = await startRedis(["--appendonly", "yes", "--notify-keyspace-events", "K$gx"]);
    const proxies = newProxies(redis.port);
    const history = openHistory(join(temporary, "watched.jsonl"));
    const watcher = newWatcher(history, proxies.whoIs);
    const clients = [];
    try {
      await watcher.watch(redis.port, new AbortController().signal);
      proxies.setOpen(true);
      for (const worker of ["w1", "w2"]) clients.push(lockConnection(`redis://127.0.0.1:${await proxies.open(worker)}`, LOCK_DB));
      const [first, second] = clients as [ReturnType<typeof lockConnection>, ReturnType<typeof lockConnection>];
      const granted = Promise.withResolvers<void>();
      watcher.onGrant(granted.resolve);
      await first.set(LOCK_KEY, "a value", "PX", 60_000, "NX");
      await granted.promise;
      assert.equal(watcher.value(), "a value");
      await second.set(LOCK_KEY, "too late", "PX", 60_000, "NX");
      await second.eval("if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end", 1, LOCK_KEY, 'another "one"');
      await second.eval("redis.call('del', KEYS[1])", 1, LOCK_KEY, 'another "one"');
      await first.set(LOCK_KEY, "kept");
      await redis.kill();
      await redis.restart();
      await watcher.watch(redis.port, new AbortController().signal);
      await redis.connect(LOCK_DB).del(LOCK_KEY);
      const gone = Promise.withResolvers<void>();
      watcher.onGrant(gone.resolve);
      await redis.connect(LOCK_DB).set(LOCK_KEY, "last");
      await gone.promise;
      const seen = readHistory(history.path).map(({ t: _, ...line }) => line);
      assert.deepEqual(seen, [
        { e: "lock-found", value: null },
        { e: "lock-set", value: "a value", by: "w1" },
        { e: "lock-del", how: "del", by: "w2", claim: 'another "one"' },
        { e: "lock-set", value: "kept", by: "w1" },
        { e: "lock-found", value: "kept" },
        { e: "lock-del", how: "del", by: "outside" },
        { e: "lock-set", value: "last", by: "outside" },
      ]);
    } finally {
      for (const client of clients) client.disconnect();
      watcher.close();
      proxies.close();
      await redis.stop();
    }
  });
});

const begin = (...args: string[]) =>
  tracked(spawn(process.execPath, [SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: temporary } }));

async function run(...args: string[]) {
  const child = begin(...args);
  const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, "close")]);
  return { code: child.exitCode, stdout: Buffer.concat(out as Buffer[]).toString(), stderr: Buffer.concat(err as Buffer[]).toString() };
}

/** What a run left: its folders, and (on Linux) its processes, known by the folder in their environment. */
function leftBehind(): readonly string[] {
  const pids = existsSync("/proc/self/environ") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  const folders = readdirSync(temporary).filter((name) => name.startsWith("ecluse-bench-"));
  return [...folders, ...pids.filter((pid) => environmentOf(pid).includes(temporary))];
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

describe("npm run chaos", () => {
  it("strikes six workers and their Redis, and finds no two requests at once, no wrong release, no lost job, no second answer; both faulty locks are caught", async () => {
    const { code, stdout, stderr } = await run("--json", "--events", "40", "--seed", "11");
    const result = JSON.parse(stdout) as Judged;
    const { maxInFlight, wrongReleases, lostJobs, doubledEffects, crashes } = result;
    assert.deepEqual(
      { maxInFlight, wrongReleases, lostJobs, doubledEffects, crashes },
      { maxInFlight: 1, wrongReleases: 0, lostJobs: 0, doubledEffects: 0, crashes: 0 },
    );
    assert.deepEqual(
      result.mutants.map(({ name, caught }) => ({ name, caught })),
      [
        { name: "article", caught: true },
        { name: "heartbeat", caught: true },
      ],
    );
    assert.equal(code, 0, stderr);
    assert.ok(result.events >= 40 && result.requests > 5 && result.done > 5 && result.aimedShare > 0.5, stdout);
    assert.deepEqual(leftBehind(), []);
  });

  it("stopped with Ctrl-C in the middle ends with its workers, stopped ones too, and its Redis, and gives no figure", {
    timeout: 40_000,
  }, async () => {
    const history = join(temporary, "interrupted.jsonl");
    const child = begin("--json", "--no-mutants", "--history", history, "--seed", "11");
    const stdout = child.stdout.toArray();
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      said += piece;
    });
    await stopped(history);
    child.kill("SIGINT");
    await once(child, "close");
    assert.equal(child.exitCode, 1);
    assert.deepEqual(await stdout, []);
    assert.match(said, /interrupted/);
    assert.deepEqual(leftBehind(), []);
  });

  it("leaves nothing behind either when Ctrl-C comes again and again while it tidies up, as through npm it always does", {
    timeout: 40_000,
  }, async () => {
    const history = join(temporary, "pressed.jsonl");
    const child = begin("--json", "--no-mutants", "--history", history, "--seed", "11");
    const stdout = child.stdout.toArray();
    child.stderr.resume();
    await stopped(history);
    const closed = once(child, "close");
    while (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGINT");
      await nextTurn();
    }
    await closed;
    assert.deepEqual(await stdout, []);
    assert.deepEqual(leftBehind(), []);
  });

  it("has no worker that outlives it, not even one that is still looking for its Redis", { timeout: 20_000 }, async () => {
    const nowhere = { redisUrl: "redis://127.0.0.1:1", ollamaUrl: "http://127.0.0.1:1" };
    const order: WorkerOrder = { ...nowhere, dir: temporary, history: join(temporary, "orphan.jsonl"), ttlS: 1, mutant: "none" };
    const worker = tracked(spawn(process.execPath, [WORKER, JSON.stringify(order)], { stdio: ["pipe", "ignore", "ignore"] }));
    worker.stdin.end();
    await once(worker, "exit");
    assert.equal(worker.exitCode, 0);
  });

  it("says what is wrong with an argument, and starts nothing", async () => {
    for (const args of [["--events", "0"], ["--seed", "x"], ["--mutant", "redlock"], ["--history", "/no/such/folder/file"], ["--fast"]]) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.ok(stderr.includes(args[0] ?? ""), stderr);
    }
    const help = await run("--help");
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /--mutant/);
  });
});

/** Settles when a worker was stopped, as the run's history says. */
async function stopped(history: string): Promise<void> {
  const tail = tracked(spawn("tail", ["-n", "+1", "--retry", "-f", history], { stdio: ["ignore", "pipe", "ignore"] }));
  for await (const line of createInterface({ input: tail.stdout })) if (line.includes('"kind":"stop"')) break;
  tail.kill();
}
