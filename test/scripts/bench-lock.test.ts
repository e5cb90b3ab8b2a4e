import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { countCommands } from "../../scripts/bench/lock/commands.ts";
import { handoffsOf, idleShareOf, maxOverMedianWait } from "../../scripts/bench/lock/figures.ts";
import { SIDES, type Turn } from "../../scripts/bench/lock/order.ts";
import type { BenchLock } from "../../scripts/bench/lock/result.ts";
import { targetsOf } from "../../scripts/bench/lock/targets.ts";
import { tracked } from "../support/children.ts";
import { ROOT } from "../support/command.ts";
import { startRedis } from "../support/redis.ts";
import { listen } from "./place.ts";

/** The bench's folders are looked for here after it ended: none may be left. */
let temporary = "";
before(() => {
  temporary = mkdtempSync(join(tmpdir(), "ecluse-bench-lock-test-"));
});
after(() => rmSync(temporary, { recursive: true, force: true }));

function start(...args: string[]) {
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", TMPDIR: temporary };
  const child = tracked(spawn(process.execPath, [`${ROOT}scripts/bench-lock.ts`, ...args], { stdio: ["ignore", "pipe", "pipe"], env }));
  return { child, out: listen(child.stdout), err: listen(child.stderr) };
}

async function run(...args: string[]) {
  const { child, out, err } = start(...args);
  await once(child, "close");
  return { code: child.exitCode, stdout: out.text(), stderr: err.text() };
}

/** What a bench left: its folders, and (on Linux) its processes, known by the folder in their environment. */
function leftBehind(): readonly string[] {
  const pids = existsSync("/proc/self/environ") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return [...readdirSync(temporary), ...pids.filter((pid) => environmentOf(pid).includes(temporary))];
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

const turn = (waiter: string, askedAt: number, startedAt: number, endedAt: number): Turn => ({ waiter, askedAt, startedAt, endedAt });

describe("what the bench makes of the turns at a lock", () => {
  const turns = [turn("a", 9, 11, 16), turn("b", 0, 6, 9), turn("a", 0, 0, 5), turn("c", 17, 19, 23)];

  it("takes a handoff from the end of one holder's work to the start of the next one's, in whatever order the processes tell", () => {
    const handoffs = handoffsOf(turns);
    assert.deepEqual(
      handoffs.map(({ ms, isAgain, isAwaited }) => [ms, isAgain, isAwaited]),
      [
        [1, false, true],
        [2, false, true],
        [3, false, false],
      ],
    );
    assert.equal(idleShareOf(handoffs), 6 / 18);
  });

  it("sees that two worked at once, and that one had the lock again before anybody else", () => {
    const handoffs = handoffsOf([turn("a", 0, 0, 5), turn("b", 0, 4, 6), turn("b", 6, 7, 8)]);
    assert.deepEqual(
      handoffs.map(({ ms, isAgain }) => [ms, isAgain]),
      [
        [-1, false],
        [1, true],
      ],
    );
  });

  it("counts the wait of one who was served long after the end, and of nobody who came before the line was full", () => {
    const waits = [
      turn("early", 0, 90, 91),
      turn("a", 10, 12, 13),
      turn("b", 11, 13, 14),
      turn("starved", 12, 52, 53),
      turn("late", 21, 99, 100),
    ];
    assert.equal(maxOverMedianWait(waits, 10, 20), 20);
  });

  it("counts a script as one command however much it does inside, and every try of a client that polls", async () => {
    const server = await startRedis();
    try {
      const [redis, other] = [server.connect(6), server.connect(6)];
      const busy = "redis.call('SET', KEYS[1], 1) redis.call('INCR', KEYS[1]) return redis.call('GET', KEYS[1])";
      const { commands, value } = await countCommands(redis, async () => {
        for (let tries = 0; tries < 5; tries += 1) await other.set("x", 1, "PX", 1_000, "NX");
        return await other.eval(busy, 1, "x");
      });
      assert.deepEqual([commands, value], [6, "2"]);
    } finally {
      await server.stop();
    }
  });
});

describe("npm run bench:lock", () => {
  it("measures every lock in two processes and leaves nothing behind: ours takes few commands, lets nobody in twice and starves nobody", async () => {
    const { code, stdout, stderr } = await run("--quick", "--json");
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as BenchLock;
    assert.deepEqual(
      result.uncontended.map(({ name }) => name),
      SIDES,
    );
    assert.ok(result.uncontended.every(({ ratio, pairsPerSecond }) => ratio > 0 && pairsPerSecond > 0));
    assert.deepEqual(
      result.contended.map(({ name, waiters }) => `${waiters} ${name}`),
      [2, 8, 32].flatMap((waiters) => SIDES.map((name) => `${waiters} ${name}`)),
    );
    for (const row of result.contended) {
      assert.ok(row.handoffMs.p50 > 0 && row.handoffMs.p50 <= row.handoffMs.p95, JSON.stringify(row));
      assert.ok(row.idleShare > 0 && row.idleShare < 1 && row.maxOverMedianWait >= 1 && row.overlaps === 0, JSON.stringify(row));
      // Nobody gets a lock and gives it back with fewer than two.
      assert.ok(row.commandsPerAcquisition >= 1.9, JSON.stringify(row));
    }
    const ours = result.contended.filter(({ name }) => name === "ecluse");
    assert.ok(ours.every(({ commandsPerAcquisition }) => commandsPerAcquisition <= 4));
    // Who polls pays for each waiter, whatever the machine.
    const [polled, own] = ["redis-semaphore tuned", "ecluse"].map(
      (name) => result.contended.find((row) => row.name === name && row.waiters === 32)?.commandsPerAcquisition ?? 0,
    );
    assert.ok((polled ?? 0) > 2 * (own ?? 0), `${polled} and ${own}`);
    const { attempts, wins, ourTurns, overlaps } = result.foreign;
    assert.ok(wins > 0 && wins < attempts && ourTurns > 0 && overlaps === 0, JSON.stringify(result.foreign));

    const slow = ours.map((row) => ({ ...row, commandsPerAcquisition: 5, maxOverMedianWait: 2 }));
    const missed = targetsOf({ ...result, contended: slow, foreign: { ...result.foreign, wins: 0, overlaps: 1 } }).filter(
      ({ isKept }) => !isKept,
    );
    for (const what of [/^commands per acquisition, 32/, /^longest by middle wait, 2 /, /^wins of a foreign/, /^times two worked/])
      assert.ok(
        missed.some((target) => what.test(target.what)),
        `${what}`,
      );
    assert.deepEqual(leftBehind(), []);
  });

  it("stopped with Ctrl-C ends at once with its processes and its Redis, and gives no figure", async () => {
    const { child, out, err } = start("--json");
    await err.until(/uncontended: /);
    child.kill("SIGINT");
    await once(child, "close");
    assert.deepEqual([child.exitCode, out.text()], [1, ""]);
    assert.match(err.text(), /interrupted/);
    assert.deepEqual(leftBehind(), []);
  });

  it("says what is wrong with an argument with exit code 2, and measures nothing", async () => {
    for (const args of [["--rounds", "0"], ["--work", "long"], ["--fast"]]) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.ok(stderr.includes(args[0] ?? ""), stderr);
    }
    const help = await run("--help");
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /--quick/);
  });
});
