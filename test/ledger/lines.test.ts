import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { systemClock } from "../../src/clock.ts";
import type { NewEntry } from "../../src/core/ledger.ts";
import { ledgerPath, openLedger, readLedger } from "../../src/ledger/ledger.ts";
import { tracked } from "../support/children.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ecluse-ledger-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const intended = (attempt: string): NewEntry => ({
  attempt,
  job: "j",
  jobName: "validation",
  dataClass: "contribution",
  provider: "mistral",
  site: "EU",
  reason: "first",
  event: "intended",
  egressChars: 5,
});
const attempts = async () => (await readLedger(dir)).entries.map(({ attempt }) => attempt);

describe("the lines of the ledger", () => {
  it("are each whole when four processes write two hundred at the same time, and only their owner may read them", async () => {
    const file = new URL("./writer.ts", import.meta.url).pathname;
    const writers = [1, 2, 3, 4].map((name) =>
      tracked(spawn(process.execPath, [file, dir, `${name}`, "200"], { stdio: ["ignore", "ignore", "inherit"] })),
    );
    await Promise.all(writers.map((writer) => once(writer, "exit")));
    const { entries, unreadable } = await readLedger(dir);
    assert.deepEqual([new Set(entries.map(({ attempt }) => attempt)).size, entries.length, unreadable], [800, 800, 0]);
    assert.equal(statSync(ledgerPath(dir)).mode & 0o077, 0);
  });

  it("after one that a crash cut are all there: the cut one is counted and swallows no other", async () => {
    const before = openLedger(dir, systemClock);
    before.record(intended("1"));
    before.close();
    appendFileSync(ledgerPath(dir), '{"v":1,"at":"2026-11-24T12:00:00.000Z","attempt":"cu');
    const after = openLedger(dir, systemClock);
    after.record(intended("2"));
    after.close();
    assert.deepEqual([await attempts(), (await readLedger(dir)).unreadable], [["1", "2"], 1]);
  });

  it("are none when there is no ledger yet, and no empty line is added to a whole one", async () => {
    assert.deepEqual(await readLedger(dir), { entries: [], unreadable: 0 });
    for (const attempt of ["1", "2"]) {
      const ledger = openLedger(dir, systemClock);
      ledger.record(intended(attempt));
      ledger.close();
    }
    assert.doesNotMatch(readFileSync(ledgerPath(dir), "utf8"), /^\n|\n\n/);
  });

  it("must be written whole before a text may leave: a disk that takes half of a line refuses the egress", async () => {
    const file = new URL("./writer.ts", import.meta.url).pathname;
    // The shell's limit on the size of a file acts as a disk that becomes full in the middle of a line.
    const writer = tracked(
      spawn("bash", ["-c", `trap '' XFSZ; ulimit -f 1; exec "$@"`, "bash", process.execPath, file, dir, "x", "20"], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
    const [told] = (await once(writer.stdout, "data")) as [Buffer];
    const { entries, unreadable } = await readLedger(dir);
    assert.deepEqual([`${told}`, unreadable], [`${entries.length} written, then unknown\n`, 1]);
    assert.ok(entries.length >= 1);
  });
});
