import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../src/clock.ts";
import type { NewEntry } from "../../src/core/ledger.ts";
import { attemptsOf } from "../../src/ledger/attempts.ts";
import { ledgerPath, openLedger, readLedger } from "../../src/ledger/ledger.ts";
import { type Summary, summarize } from "../../src/ledger/summary.ts";
import { isPractice } from "../../src/practice/models.ts";

const line = (attempt: string, at: string, more: object) => ({
  v: 1,
  at,
  attempt,
  job: "contribution-a",
  jobName: "validation",
  dataClass: "contribution",
  provider: "ollama",
  site: "local",
  reason: "first",
  ...more,
});
const NOON = "2026-02-28T12:00:00.000Z";
const spent = { durationMs: 10, slotWaitMs: 0, egressChars: 0 };
const mistral = { provider: "mistral", site: "EU", reason: "ollama busy" };
const summary = (lines: readonly object[], period = {}): Summary => summarize(attemptsOf(lines).attempts, { ...period, isPractice });

describe("the figures of the ledger", () => {
  it("count a cloud call's announcement and its answer as one call that left", () => {
    const { attempts, share, providers, left } = summary([
      line("a", NOON, { ...mistral, event: "intended", egressChars: 700 }),
      line("b", NOON, { event: "answered", ...spent, model: "mistral:latest", costEur: 0 }),
      line("a", NOON, { ...mistral, ...spent, event: "answered", egressChars: 700, model: "m", tokensIn: 5, tokensOut: 2, costEur: 0.25 }),
    ]);
    assert.equal(attempts, 2);
    assert.deepEqual(share.contribution, { answeredLocal: 1, answeredCloud: 1, localShare: 0.5, left: 1, characters: 700 });
    assert.deepEqual(left, [{ reason: "ollama busy", dataClass: "contribution", calls: 1, characters: 700 }]);
    assert.deepEqual(providers[0], {
      provider: "mistral",
      site: "EU",
      answered: 1,
      failed: 0,
      unrecorded: 0,
      characters: 700,
      tokensIn: { sum: 5, unknown: 0 },
      tokensOut: { sum: 2, unknown: 0 },
      costEur: { sum: 0.25, unknown: 0 },
    });
  });

  it("say unknown, and never 0, for the cost of a model without a price", () => {
    const answered = (attempt: string, costEur?: number) =>
      line(attempt, NOON, { ...mistral, ...spent, event: "answered", egressChars: 1, model: "new", costEur });
    assert.deepEqual(summary([answered("a")]).providers[0]?.costEur, { sum: null, unknown: 1 });
    assert.deepEqual(summary([answered("a"), answered("b", 0.1), answered("c", 0.2)]).providers[0]?.costEur, { sum: 0.3, unknown: 1 });
  });

  it("do not call a cloud call that failed free: nobody knows what it was billed", () => {
    const failed = line("a", NOON, { ...mistral, ...spent, event: "faulted", fault: "timed-out", egressChars: 9 });
    assert.deepEqual(summary([failed]).providers[0]?.costEur, { sum: null, unknown: 1 });
    const busy = line("b", NOON, { ...spent, event: "faulted", fault: "busy" });
    assert.deepEqual(summary([busy]).providers[0]?.costEur, { sum: 0, unknown: 0 });
  });

  it("show a call whose end was never written, and count its text as gone", () => {
    const { unrecorded, share, providers } = summary([line("a", NOON, { ...mistral, event: "intended", egressChars: 40 })]);
    assert.deepEqual(unrecorded, [{ at: NOON, job: "contribution-a", provider: "mistral", characters: 40 }]);
    assert.deepEqual([share.all.left, share.all.characters, share.all.localShare], [1, 40, null]);
    assert.equal(providers[0]?.unrecorded, 1);
  });

  it("keep exercises of the practice model out of the local share", () => {
    const { share, practice, providers } = summary([
      line("a", NOON, { ...spent, event: "answered", model: "practice:latest", slotWaitMs: 90 }),
      line("b", NOON, { ...spent, event: "faulted", model: "practice", fault: "invalid-answer" }),
    ]);
    assert.equal(share.all.localShare, null);
    assert.deepEqual(providers, []);
    assert.deepEqual(practice, { answered: 1, failed: 1, slotWaitMs: { calls: 2, p50: 0, p95: 90, max: 90 } });
  });

  it("give the wait of every call that waited, also of those that gave up, and not of those that were stopped", () => {
    const waits = Array.from({ length: 100 }, (_, index) =>
      line(`w${index}`, NOON, { ...spent, event: "answered", model: "m", slotWaitMs: index + 1 }),
    );
    const stopped = line("s", NOON, { ...spent, event: "faulted", fault: "cancelled" });
    const busy = line("b", NOON, { ...spent, event: "faulted", fault: "busy", slotWaitMs: 45_000 });
    assert.deepEqual(summary([...waits, stopped]).slotWaitMs.all, { calls: 100, p50: 50, p95: 95, max: 100 });
    assert.deepEqual(summary([...waits, busy]).slotWaitMs.contribution, { calls: 101, p50: 51, p95: 96, max: 45_000 });
    assert.deepEqual(summary([]).slotWaitMs.all, { calls: 0, p50: null, p95: null, max: null });
  });

  it("name who was passed over for policy, and which causes failed where", () => {
    const { skipped, failures } = summary([
      line("a", NOON, { ...spent, event: "faulted", fault: "busy" }),
      line("b", NOON, { event: "skipped", provider: "openai", site: "US", why: "egress-refused" }),
      line("c", NOON, { event: "skipped", provider: "openai", site: "US", why: "egress-refused" }),
    ]);
    assert.deepEqual(skipped, [{ provider: "openai", site: "US", dataClass: "contribution", why: "egress-refused", calls: 2 }]);
    assert.deepEqual(failures, [{ fault: "busy", provider: "ollama", site: "local", calls: 1 }]);
  });

  it("count what is no entry of a ledger as unreadable instead of guessing", () => {
    const good = line("a", NOON, { ...spent, event: "answered", model: "m" });
    const wrong = [
      null,
      7,
      "text",
      [],
      {},
      { ...good, v: 2 },
      { ...good, at: "noon" },
      { ...good, egressChars: -1 },
      { ...good, event: "x" },
    ];
    const read = attemptsOf([...wrong, good]);
    assert.equal(read.unreadable, wrong.length);
    assert.equal(read.attempts.length, 1);
  });

  it("survive a line that a crash cut, and say so", async (test: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), "ecluse-ledger-"));
    test.after(() => rmSync(folder, { recursive: true, force: true }));
    const ledger = openLedger(folder, systemClock);
    const entry = line("a", NOON, { ...spent, event: "answered", model: "m" });
    ledger.record(entry as unknown as NewEntry);
    appendFileSync(ledgerPath(folder), '{"v":1,"at":"2026-\n');
    ledger.record({ ...entry, attempt: "b" } as unknown as NewEntry);
    ledger.close();
    const read = await readLedger(folder);
    assert.equal(read.unreadable, 1);
    assert.equal(attemptsOf(read.entries).attempts.length, 2);
  });
});

/** Any ledger that a run could leave, its lines in an order that several processes could write. */
function randomLedger(seed: number): object[] {
  let state = seed;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const at = () => new Date(Date.UTC(2026, 1, 1 + next(20), next(24))).toISOString();
  return Array.from({ length: 60 }, (_, index) => {
    const dataClass = ["document", "contribution"][next(2)];
    const attempt = `a${index}`;
    const model = ["m", "practice", undefined][next(3)];
    const used = { durationMs: next(99), slotWaitMs: next(9_000), tokensIn: next(2) ? next(500) : undefined };
    if (next(2) === 0) return [line(attempt, at(), { dataClass, ...used, egressChars: 0, event: "answered", model: model ?? "m" })];
    if (next(4) === 0) return [line(attempt, at(), { dataClass, ...mistral, event: "skipped", why: "outside-eu" })];
    const egressChars = next(4_000) + 1;
    const intended = line(attempt, at(), { dataClass, ...mistral, event: "intended", egressChars });
    const end = { dataClass, ...mistral, ...used, egressChars, costEur: next(2) ? next(100) / 1_000 : undefined };
    const ended = line(attempt, at(), next(2) ? { ...end, event: "answered", model: "m" } : { ...end, event: "faulted", fault: "refused" });
    return next(5) === 0 ? [intended] : [intended, ended];
  }).flat();
}

describe("for any ledger, the figures", () => {
  const ledgers = Array.from({ length: 40 }, (_, seed) => randomLedger(seed + 1));
  const whole = ({ share, providers, unrecorded, practice, skipped, failures }: Summary) => ({
    answered: share.all.answeredLocal + share.all.answeredCloud + practice.answered,
    left: share.all.left,
    characters: share.all.characters,
    unrecorded: unrecorded.length,
    skipped: skipped.reduce((sum, row) => sum + row.calls, 0),
    failed: failures.reduce((sum, row) => sum + row.calls, 0),
    byProvider: providers.reduce((sum, row) => sum + row.answered + row.failed + row.unrecorded, 0),
  });

  it("add up: every attempt is answered, failed, passed over, or without an end, exactly once", () => {
    for (const ledger of ledgers) {
      const all = summary(ledger);
      const { answered, skipped, failed, unrecorded } = whole(all);
      assert.equal(answered + skipped + failed + unrecorded + all.practice.failed, all.attempts);
      assert.equal(all.attempts, 60);
      const { document, contribution } = all.share;
      assert.equal(document.left + contribution.left, all.share.all.left);
      assert.equal(document.characters + contribution.characters, all.share.all.characters);
      assert.equal(
        all.left.reduce((sum, row) => sum + row.characters, 0),
        all.providers.reduce((sum, row) => sum + row.characters, 0),
      );
    }
  });

  it("of two periods that adjoin give those of both together", () => {
    const middle = new Date("2026-02-10T12:00:00Z");
    for (const ledger of ledgers) {
      const before = whole(summary(ledger, { until: middle }));
      const after = whole(summary(ledger, { since: middle }));
      const both = Object.entries(before).map(([name, value]) => [name, value + after[name as keyof typeof after]]);
      assert.deepEqual(Object.fromEntries(both), whole(summary(ledger)));
      assert.ok(before.answered > 0 && after.answered > 0);
    }
  });

  it("do not depend on how the lines of several workers lie between each other", () => {
    for (const ledger of ledgers) {
      const byAttempt = ledger.toSorted((a, b) => ((a as { attempt: string }).attempt < (b as { attempt: string }).attempt ? -1 : 1));
      const one = summary(ledger);
      const other = summary(byAttempt);
      assert.deepEqual({ ...other, unrecorded: [] }, { ...one, unrecorded: [] });
    }
  });

  it("are the same after having been written as JSON and read back", () => {
    for (const ledger of ledgers) assert.deepEqual(JSON.parse(JSON.stringify(summary(ledger))), summary(ledger));
  });
});
