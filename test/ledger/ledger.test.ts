import assert from "node:assert/strict";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import type { NewEntry } from "../../src/core/ledger.ts";
import { ledgerPath, openLedger } from "../../src/ledger/ledger.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ecluse-ledger-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const about = {
  attempt: "1",
  job: "j",
  jobName: "validation",
  dataClass: "contribution",
  provider: "p",
  site: "local",
  reason: "first",
} as const;
const answered: NewEntry = { ...about, event: "answered", durationMs: 1, slotWaitMs: 0, egressChars: 0 };
const intended: NewEntry = { ...about, event: "intended", egressChars: 5 };
const events = () =>
  readFileSync(ledgerPath(dir), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { event: string }).event);

describe("the ledger on disk", () => {
  it("has the line of a coming egress before the call that records it returns, after all lines before it", () => {
    const ledger = openLedger(dir, systemClock);
    ledger.record(answered);
    ledger.record(intended);
    assert.deepEqual(events(), ["answered", "intended"]);
    ledger.close();
  });

  it("has the lines of answers that came in the same moment before any of their jobs goes on", async () => {
    const ledger = openLedger(dir, systemClock);
    const seen: number[] = [];
    const job = async () => {
      ledger.record(answered);
      await ledger.written?.();
      seen.push(events().length);
    };
    await Promise.all([job(), job(), job()]);
    assert.deepEqual(seen, [3, 3, 3]);
    ledger.close();
  });

  it("has every line when it is closed at once", () => {
    const ledger = openLedger(dir, systemClock);
    ledger.record(answered);
    ledger.close();
    assert.deepEqual(events(), ["answered"]);
  });

  it("stamps each line with its version and instant, and keeps what was recorded", () => {
    const ledger = openLedger(dir, { ...systemClock, now: () => new Date("2026-11-24T10:00:00Z") });
    ledger.record(intended);
    assert.deepEqual(JSON.parse(readFileSync(ledgerPath(dir), "utf8")), { v: 1, at: "2026-11-24T10:00:00.000Z", ...intended });
    ledger.close();
  });

  it("on a full disk tells each job that waits for its line, and refuses the egress", { skip: !canOpenFull() }, async () => {
    mkdirSync(join(dir, "ledger"));
    symlinkSync("/dev/full", ledgerPath(dir));
    const ledger = openLedger(dir, systemClock);
    ledger.record(answered);
    await assert.rejects(async () => await ledger.written?.(), /the ledger cannot be written/);
    assert.throws(() => ledger.record(intended), /nothing is sent without it/);
    ledger.close();
  });
});

/** A device that is always full; not on macOS. */
function canOpenFull(): boolean {
  try {
    closeSync(openSync("/dev/full", "a"));
    return true;
  } catch {
    return false;
  }
}
