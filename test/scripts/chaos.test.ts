import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isKept, type Judged } from "../../scripts/chaos/chaos.ts";
import { check } from "../../scripts/chaos/check.ts";
import { type Happening, type Line, openHistory, readHistory } from "../../scripts/chaos/history.ts";
import { planOf } from "../../scripts/chaos/plan.ts";
import { progressOf } from "../../scripts/chaos/progress.ts";
import { newProxies } from "../../scripts/chaos/proxy.ts";
import { LOCK_DB, LOCK_KEY } from "../../scripts/chaos/same.ts";
import { table } from "../../scripts/chaos/table.ts";
import { newWatcher } from "../../scripts/chaos/watcher.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import { tracked } from "../support/children.ts";
import { startRedis } from "../support/redis.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/chaos.ts");
let temporary = "";
before(() => {
  temporary = mkdtempSync(join(tmpdir(), "ecluse-chaos-test-"));
});
after(() => rmSync(temporary, { recursive: true, force: true }));

/** A history, a second between two lines. */
const historyOf = (...happenings: readonly Happening[]): readonly Line[] =>
  happenings.map((happening, index) => ({ ...happening, t: index * 1_000 }));

/** The key's value while a process holds it. */
const heldBy = (pid: number): string => `ecluse|town-hall|boot|ns|${pid}|1|chaos.job-1|uuid`;
const start = (worker: string, pid: number): Happening => ({ e: "worker-start", worker, pid });
const kill = (pid: number): Happening => ({ e: "fault", kind: "kill", aimed: true, pid });
const set = (value: string, by: string, claim: string): Happening => ({ e: "lock-set", value, by, claim });
const del = (by: string, claim?: string): Happening => ({ e: "lock-del", how: "del", by, ...(claim === undefined ? {} : { claim }) });
const begun = (n: number): Happening => ({ e: "request-start", n });
const ended = (n: number): Happening => ({ e: "request-end", n, how: "served" });
const ack = (job: string): Happening => ({ e: "ack", job });
const effect = (job: string, answer: string): Happening => ({ e: "effect", job, answer });

describe("the checker, which reads nothing but the history", () => {
  it("counts the requests that were open at the model at the same time, in whatever order the processes wrote their lines", () => {
    const inTurn = check(historyOf(begun(1), ended(1), begun(2), ended(2)));
    assert.deepEqual([inTurn.requests, inTurn.maxInFlight, inTurn.overlaps], [2, 1, 0]);
    const atOnce = check(historyOf(begun(1), begun(2), ended(1), ended(2)).toReversed());
    assert.deepEqual([atOnce.requests, atOnce.maxInFlight, atOnce.overlaps], [2, 2, 1]);
    const [first, second] = historyOf(begun(1), ended(1)) as [Line, Line];
    const sameInstant = check([first, { ...begun(2), t: second.t }, second]);
    assert.equal(sameInstant.maxInFlight, 1, "one that begins in the instant in which another ends does not meet it");
  });

  it("calls it wrong to take the key from a living process, and right to give back one's own or that of a dead one", () => {
    const [ours, theirs] = [heldBy(11), heldBy(22)];
    const wrongOf = (...lines: Happening[]) => check(historyOf(start("w1", 11), start("w2", 22), ...lines)).wrongReleases;
    assert.equal(wrongOf(set(ours, "w1", ours), del("w1", ours)), 0);
    assert.equal(wrongOf(set(theirs, "w2", theirs), del("w1", ours)), 1, "by script, with another value than the key's");
    assert.equal(wrongOf(set(theirs, "w2", theirs), del("w1", theirs)), 1, "by script, with the value of a process that lives");
    assert.equal(wrongOf(set(theirs, "w2", theirs), kill(22), del("w1", theirs)), 0, "after its process was killed");
    assert.equal(wrongOf(set(theirs, "w2", theirs), kill(22), del("w1")), 1, "by a plain DEL, which names no value");
    assert.equal(wrongOf({ e: "lock-set", value: ours, by: "w1" }, del("w1")), 0, "by a plain DEL of the same process");
    assert.equal(wrongOf(set(ours, "w1", ours), set(theirs, "w1", ours)), 0, "handed over to the next in line");
    assert.equal(wrongOf(set(ours, "w1", ours), set(theirs, "w2", theirs)), 1, "written over");
    assert.equal(wrongOf({ e: "lock-set", value: "a foreign program", by: "outside" }, set(ours, "w1", ours)), 1, "a foreign key");
  });

  it("does not take a living process for the dead one that had its number before, as happens in a night of restarts", () => {
    const value = heldBy(11);
    const wrongOf = (...lines: Happening[]) => check(historyOf(start("w1", 11), kill(11), ...lines)).wrongReleases;
    assert.equal(wrongOf(start("w2", 11), set(value, "w2", value), del("w3", value)), 1, "it lives, and another worker took its key");
    assert.equal(
      wrongOf(start("w2", 11), set(value, "w2", value), del("w1", value)),
      1,
      "also the one whose process had the number before",
    );
    assert.equal(wrongOf(start("w2", 11), set(value, "w2", value), kill(11), del("w3", value)), 0, "it, too, was killed");
  });

  it("does not blame the workers for a key that ended by itself, was taken by the faults themselves, or went with Redis' data", () => {
    const [ours, theirs] = [heldBy(11), heldBy(22)];
    const wrongOf = (...lines: Happening[]) => check(historyOf(start("w1", 11), start("w2", 22), ...lines)).wrongReleases;
    assert.equal(wrongOf(set(ours, "w1", ours), { e: "lock-del", how: "expired", by: "w2" }, set(theirs, "w2", theirs)), 0);
    assert.equal(wrongOf(set(ours, "w1", ours), del("outside"), set(theirs, "w2", theirs)), 0);
    assert.equal(wrongOf(set(ours, "w1", ours), { e: "lock-found", value: null }, set(theirs, "w2", theirs)), 0);
    assert.equal(wrongOf({ e: "lock-found", value: theirs }, set(ours, "w1", ours)), 1, "a key found there belongs to somebody");
  });

  it("misses every acknowledged job that is neither done nor waiting nor visibly failed", () => {
    const end = (job: string, state: "completed" | "delayed" | "missing"): Happening => ({ e: "job-end", job, state });
    const failed: Happening = { e: "job-end", job: "failed", state: "failed", cause: "stalled" };
    const checked = check(
      historyOf(
        ...[ack("done"), ack("failed"), ack("delayed"), ack("gone"), ack("hollow"), ack("unasked"), effect("done", "1")],
        ...[end("done", "missing"), failed, end("delayed", "delayed"), end("gone", "missing"), end("hollow", "completed")],
      ),
    );
    const { acknowledged, done, failedVisibly, leftAtEnd, lostJobs, forgottenByRedis } = checked;
    assert.deepEqual([acknowledged, done, failedVisibly, leftAtEnd, lostJobs, forgottenByRedis], [6, 1, 1, 1, 3, 0]);
    assert.deepEqual(checked.failedBy, { stalled: 1 });
  });

  it("counts jobs apart that a Redis forgot because its data was taken away after it had acknowledged them", () => {
    const missing = (job: string): Happening => ({ e: "job-end", job, state: "missing" });
    const emptied: Happening = { e: "redis-up", isEmpty: true };
    const kept: Happening = { e: "redis-up", isEmpty: false };
    const counted = (...lines: Happening[]) => {
      const { lostJobs, forgottenByRedis } = check(historyOf(...lines));
      return [lostJobs, forgottenByRedis];
    };
    assert.deepEqual(counted(ack("before"), emptied, ack("after"), missing("before"), missing("after")), [1, 1]);
    assert.deepEqual(counted(ack("before"), kept, missing("before")), [1, 0], "a Redis that was only killed forgets nothing");
  });

  it("says how many acknowledged jobs it could judge, and keeps no promise with fewer than four of five", () => {
    const judgedOf = (forgotten: number, done: number): Judged => {
      const names = (word: string, count: number) => Array.from({ length: count }, (_, index) => `${word}-${index}`);
      const before = names("forgotten", forgotten);
      const after = names("done", done);
      const checked = check(
        historyOf(
          ...before.map(ack),
          { e: "redis-up", isEmpty: true },
          ...[begun(1), ended(1)],
          ...after.flatMap((job) => [ack(job), effect(job, "1")]),
          ...before.map((job): Happening => ({ e: "job-end", job, state: "missing" })),
        ),
      );
      return { ...checked, lock: "ecluse", seed: 1, mutants: [] };
    };
    const enough = judgedOf(1, 4);
    assert.deepEqual([enough.acknowledged, enough.judged, enough.judgedShare, enough.emptied, isKept(enough)], [5, 4, 0.8, 1, true]);
    assert.match(table(enough), /5 jobs acknowledged, 4 judged.*\n1 jobs forgotten by a Redis that was emptied on purpose, 1 times/);
    const tooFew = judgedOf(2, 7);
    assert.deepEqual([tooFew.judged, tooFew.judgedShare, tooFew.lostJobs, isKept(tooFew)], [7, 0.778, 0, false]);
    assert.match(table(tooFew), /cannot be judged, in % +│ 20 +│ 22.2 +│ BROKEN/);
  });

  it("finds a job that settled with two different answers, or whose stored answer is another one; the same one twice is one", () => {
    assert.equal(check(historyOf(effect("a", "1"), effect("a", "1"), { e: "stored", job: "a", answer: "1" })).doubledEffects, 0);
    assert.equal(check(historyOf(effect("a", "1"), effect("a", "2"), effect("b", "1"))).doubledEffects, 1);
    assert.equal(check(historyOf(effect("a", "1"), { e: "stored", job: "a", answer: "2" })).doubledEffects, 1);
  });

  it("measures from the kill of the holder to the next request, and to the end of the history when none came any more", () => {
    const checked = check(historyOf(kill(11), begun(1), ended(1), kill(12), kill(13), { e: "end" }, { e: "end" }));
    assert.deepEqual(checked.recoveryS, { p50: 2, max: 3 });
    assert.equal(checked.events, 3);
  });

  it("refuses a history with a line that cannot be read", () => {
    const history = openHistory(join(temporary, "torn.jsonl"));
    history.add(begun(1));
    history.add(ended(1));
    assert.equal(check(readHistory(history.path)).requests, 1);
    appendFileSync(history.path, '{"t":3,"e":"request-sta');
    assert.throws(() => readHistory(history.path), /line 3 of the history cannot be read/);
  });
});

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
