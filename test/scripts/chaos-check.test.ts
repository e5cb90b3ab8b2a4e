import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isKept, type Judged } from "../../scripts/chaos/chaos.ts";
import { check } from "../../scripts/chaos/check.ts";
import { type Happening, type Line, openHistory, readHistory } from "../../scripts/chaos/history.ts";
import { table } from "../../scripts/chaos/table.ts";

let temporary = "";
before(() => {
  temporary = mkdtempSync(join(tmpdir(), "ecluse-chaos-check-"));
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
