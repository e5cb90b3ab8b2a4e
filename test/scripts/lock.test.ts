import assert from "node:assert/strict";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { holderProcess, KEY, slotOn } from "../lock/bench.ts";
import { killed } from "../support/children.ts";
import { run } from "../support/command.ts";
import { startRedis } from "../support/redis.ts";
import { bench, busyLock, commandFor, firstKey, LONG_MS, type Status } from "./lock-command.ts";
import { listen } from "./place.ts";

describe("npm run lock -- status", () => {
  it("shows every key of every slot, free as they are, for several Ollamas with several requests each", async (test) => {
    const command = commandFor(test, { OLLAMA_HOST: "http://clerk:secret-word@a:1,b:2", OLLAMA_NUM_PARALLEL: "2" });
    const { slots } = await command.json<Status>();
    assert.deepEqual(
      slots.map(({ slot, host, keys }) => [slot, host, ...keys.map(({ key, holder }) => (holder === null ? key : "held"))]),
      [
        ["ollama", "a:1", KEY, `${KEY}:2`],
        ["ollama-2", "b:2", `${KEY}@2`, `${KEY}@2:2`],
      ],
    );
    const ran = await command.lock("status");
    assert.deepEqual([ran.code, ran.stderr, ran.stdout.match(/\bfree\b/g)?.length], [0, "", 4]);
    assert.doesNotMatch(ran.stdout, /secret-word/);
  });

  it("names who holds the lock, since when and until when, and who waits in the order in which they will be served", async (test) => {
    const command = commandFor(test);
    await busyLock(test, [
      { holder: "audierne-docs.document-2", priority: 5 },
      { holder: "validation.contribution-3", priority: 1 },
    ]);
    const status = await command.json<Status>("status");
    const { holder, heldMs, since, leftMs, fence, warnings } = firstKey(status);
    assert.deepEqual(holder, {
      kind: "ecluse",
      name: "audierne-docs.document-1",
      host: hostname().replace(/[^\w.-]/g, "_"),
      pid: process.pid,
      state: "running or unknown",
      value: await bench.redis.get(KEY),
    });
    assert.ok(heldMs !== null && heldMs > 0 && heldMs < 20_000 && Math.abs(Date.now() - heldMs - Date.parse(since ?? "")) < 20_000);
    assert.ok(leftMs !== null && leftMs > 30_000 && leftMs <= LONG_MS && fence > 0);
    assert.deepEqual(warnings, []);
    const waiters = status.slots[0]?.waiters ?? [];
    assert.deepEqual(
      waiters.map(({ place, owner, priority }) => [place, owner.name, priority]),
      [
        [1, "validation.contribution-3", 1],
        [2, "audierne-docs.document-2", 5],
      ],
    );
    assert.ok(waiters.every(({ waitedMs }) => waitedMs > 0 && waitedMs < 20_000));
    const { stdout } = await command.lock();
    assert.ok(stdout.indexOf("validation.contribution-3") < stdout.indexOf("audierne-docs.document-2"), stdout);
  });

  it("estimates each turn from what the last local calls took, and from nothing that a cloud took", async (test) => {
    const command = commandFor(test);
    const ledger = openLedger(command.env.DATA_DIR ?? "", systemClock);
    const about = { job: "j", jobName: "validation", dataClass: "contribution", reason: "first", slotWaitMs: 7, egressChars: 0 } as const;
    for (const [provider, site, durationMs] of [
      ["ollama", "local", 3_600_000],
      ["ollama", "local", 7_200_000],
      ["mistral", "FR", 1],
    ] as const)
      ledger.record({ ...about, event: "answered", attempt: `${durationMs}`, provider, site, durationMs });
    await ledger.written?.();
    ledger.close();
    await busyLock(test, [
      { holder: "first", priority: 1 },
      { holder: "second", priority: 2 },
    ]);
    const [first, second] = (await command.json<Status>("status")).slots[0]?.waiters ?? [];
    // The middle of both is an hour and a half, of which the holder has spent some seconds.
    assert.ok((first?.turnInMs ?? 0) > 5_380_000 && (first?.turnInMs ?? 0) < 5_400_000, `${first?.turnInMs}`);
    assert.equal((second?.turnInMs ?? 0) - (first?.turnInMs ?? 0), 5_400_000);
  });

  it("says of a foreign program that it is one, and warns of a key that never ends and of a turn that nobody can know", async (test) => {
    const command = commandFor(test);
    await bench.redis.set(KEY, "some \u001b[31mscript");
    const { holder, leftMs, warnings } = firstKey(await command.json<Status>("status"));
    assert.deepEqual([holder?.kind, holder?.value, leftMs], ["foreign", "some \u001b[31mscript", null]);
    assert.match(warnings.join(), /no TTL/);
    const { stdout } = await command.lock("status");
    assert.match(stdout, /a foreign program: some \?\[31mscript/);
    assert.match(stdout, /no TTL/);
  });

  it("warns of a holder that is stopped, and of one that is dead", async (test) => {
    const command = commandFor(test);
    const { child, says } = holderProcess(bench, "hold", { leaseMs: LONG_MS });
    test.after(() => killed(child));
    assert.equal(await says(), "held");
    child.kill("SIGSTOP");
    const stopped = firstKey(await command.json<Status>("status"));
    assert.deepEqual([stopped.holder?.pid, stopped.holder?.state], [child.pid, "stopped"]);
    assert.match(stopped.warnings.join(), new RegExp(`kill -CONT ${child.pid}`));
    await killed(child);
    const dead = firstKey(await command.json<Status>("status"));
    assert.deepEqual([dead.holder?.pid, dead.holder?.state], [child.pid, "dead"]);
    assert.match(dead.warnings.join(), /is dead/);
  });
});

describe("npm run lock -- release", () => {
  it("gives back what a dead program left, and says that a free lock is free", async (test) => {
    const command = commandFor(test);
    const { child, says } = holderProcess(bench, "hold", { leaseMs: LONG_MS });
    test.after(() => killed(child));
    assert.equal(await says(), "held");
    await killed(child);
    const released = await command.lock("release");
    assert.deepEqual([released.code, released.stderr], [0, ""]);
    assert.match(released.stdout, /taken from holder, which is dead; it is free now/);
    assert.equal(await bench.redis.get(KEY), null);
    const again = await command.lock("release");
    assert.deepEqual([again.code, again.stdout], [0, `${KEY} is free: there is nothing to release\n`]);
  });

  it("refuses while the holder lives or is only stopped, and hands the lock to the next in line when it is forced", async (test) => {
    const command = commandFor(test);
    const { child, says } = holderProcess(bench, "hold", { leaseMs: LONG_MS });
    test.after(() => killed(child));
    assert.equal(await says(), "held");
    const value = (await bench.redis.get(KEY)) ?? "";
    for (const signal of ["SIGCONT", "SIGSTOP"] as const) {
      child.kill(signal);
      const refused = await command.lock("release");
      assert.deepEqual([refused.code, refused.stdout], [1, ""]);
      assert.ok(refused.stderr.includes(`--force '${value}'`), refused.stderr);
      assert.equal(await bench.redis.get(KEY), value);
    }
    const slot = slotOn(bench.ours, LONG_MS);
    assert.equal((await slot.scripts.ask("next", 1, true)).kind, "taken");
    const { keys } = await command.json<{ keys: readonly object[] }>("release", "--force", value);
    assert.deepEqual(keys, [
      {
        key: KEY,
        result: "released",
        value,
        now: "next",
        says: `${KEY} was taken from holder; it is held by a foreign program: next now`,
      },
    ]);
    assert.equal(await bench.redis.get(KEY), "next");
  });

  it("releases a foreign program's lock only by its exact value, which can be copied from the refusal whatever is in it", async (test) => {
    const command = commandFor(test);
    for (const value of ['it\'s "mine" & $HOME `id` \\n|', "two\nlines'\t\\"]) {
      await bench.redis.set(KEY, value, "EX", 600);
      const other = await command.lock("release", "--force", `${value} `);
      assert.equal(other.code, 1);
      assert.match(other.stderr, /is not the value given: not released/);
      const refused = await command.lock("release");
      const words = /npm run lock -- (release --force .*)/s.exec(refused.stderr)?.[1]?.trim() ?? "";
      assert.equal(refused.code, 1);
      assert.equal(await bench.redis.get(KEY), value);
      const forced = await run("bash", ["-c", `exec "$NODE" scripts/lock.ts ${words}`], {
        env: { ...command.env, NODE: process.execPath },
      });
      assert.deepEqual([forced.code, forced.stderr], [0, ""]);
      assert.equal(await bench.redis.get(KEY), null);
    }
  });
});

describe("npm run lock -- wait", () => {
  it("says who holds the lock, and ends as soon as it is free", async (test) => {
    const command = commandFor(test);
    await bench.redis.set(KEY, "somebody");
    const child = command.start("scripts/lock.ts", "wait", "--json");
    const [out, err] = [listen(child.stdout), listen(child.stderr)];
    await err.until(/ollama is held by a foreign program: somebody, 0 in line/);
    assert.equal(child.exitCode, null);
    await bench.redis.del(KEY);
    await once(child, "close");
    assert.equal(child.exitCode, 0);
    const { isFree, slot } = JSON.parse(out.text()) as { isFree: boolean; slot: string };
    assert.deepEqual([isFree, slot], [true, "ollama"]);
  });

  it("ends with 3 when the time given is over, and leaves the lock as it was", async (test) => {
    const command = commandFor(test);
    await bench.redis.set(KEY, "somebody");
    const ran = await command.lock("wait", "--timeout", "0.3");
    assert.deepEqual([ran.code, ran.stdout], [3, ""]);
    assert.match(ran.stderr, /still held after 0\.3 s/);
    assert.equal(await bench.redis.get(KEY), "somebody");
  });

  it("ends on Ctrl-C, and leaves the lock as it was", async (test) => {
    const command = commandFor(test);
    await bench.redis.set(KEY, "somebody");
    const child = command.start("scripts/lock.ts", "wait");
    const err = listen(child.stderr);
    await err.until(/held by/);
    child.kill("SIGINT");
    await once(child, "close");
    assert.equal(child.exitCode, 1);
    assert.match(err.text(), /stopped by the person who started it/);
    assert.equal(await bench.redis.get(KEY), "somebody");
  });
});

// Together: a Redis that went away is given five seconds to come back.
describe("npm run lock, where it can say nothing of the lock", { concurrency: true }, () => {
  it("says so when Redis goes away while it waits, and when there is none", async (test) => {
    const server = await startRedis();
    test.after(() => server.stop());
    const command = commandFor(test, { REDIS_URL: server.url });
    await server.connect(6).set(KEY, "somebody");
    const child = command.start("scripts/lock.ts", "wait");
    const err = listen(child.stderr);
    await err.until(/held by/);
    await server.kill();
    await once(child, "close");
    assert.equal(child.exitCode, 1);
    assert.match(err.text(), /npm run lock: Redis stopped answering/);
    const gone = await command.lock("status");
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /^npm run lock: Redis does not answer at REDIS_URL/);
  });

  it("says what is wrong with what was asked, with exit code 2", async (test) => {
    const command = commandFor(test);
    for (const words of [
      ["free"],
      ["status", "wait"],
      ["wait", "--timeout", "soon"],
      ["status", "--force", "somebody"],
      ["--slot", "ollama-2"],
    ]) {
      const ran = await command.lock(...words);
      assert.deepEqual([ran.code, ran.stdout], [2, ""], ran.stderr);
      assert.match(ran.stderr, /^npm run lock: /);
    }
    const help = await command.lock("--help");
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /release +gives back/);
  });
});
