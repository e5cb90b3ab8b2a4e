import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { knownCell } from "../../scripts/report-tables.ts";
import { systemClock } from "../../src/clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import { ledgerPath, openLedger } from "../../src/ledger/ledger.ts";
import { placeFor } from "./place.ts";

const SCRIPT = "scripts/report.ts";
const spent = { durationMs: 5, slotWaitMs: 0, egressChars: 0 };

/** A ledger of two days, written by the ledger itself: what a worker would have left. */
function twoDays(test: TestContext) {
  const here = placeFor(test);
  const data = here.env.DATA_DIR ?? "";
  let now = new Date("2026-02-27T22:30:00Z");
  const clock: Clock = { ...systemClock, now: () => now };
  const ledger = openLedger(data, clock);
  const about = { job: "j", jobName: "validation", dataClass: "contribution", reason: "first" } as const;
  const ollama = { ...about, provider: "ollama", site: "local" } as const;
  const mistral = { ...about, provider: "mistral", site: "EU", reason: "ollama busy" } as const;
  ledger.record({ ...ollama, attempt: "1", event: "answered", ...spent, model: "mistral:latest", costEur: 0, slotWaitMs: 1_500 });
  // 28 February begins in Paris an hour before it does in UTC.
  now = new Date("2026-02-27T23:30:00Z");
  ledger.record({ ...ollama, attempt: "2", event: "faulted", fault: "busy", ...spent, slotWaitMs: 45_000 });
  ledger.record({ ...about, provider: "openai", site: "US", attempt: "3", event: "skipped", why: "outside-eu", reason: "ollama busy" });
  ledger.record({ ...mistral, attempt: "4", event: "intended", egressChars: 812 });
  ledger.record({
    ...mistral,
    attempt: "4",
    event: "answered",
    ...spent,
    egressChars: 812,
    model: "evil\u001b[2Jmodel",
    tokensIn: 200,
    tokensOut: 40,
  });
  ledger.record({ ...mistral, attempt: "5", event: "intended", egressChars: 100 });
  ledger.record({ ...ollama, attempt: "6", event: "answered", ...spent, model: "practice:latest", costEur: 0 });
  ledger.close();
  return { ...here, data };
}

describe("npm run report", () => {
  it("prints what stayed, who was asked where, why calls left, what failed and what is not known", async (test) => {
    const here = twoDays(test);
    appendFileSync(ledgerPath(here.data), '{"v":1,"at":\n{"v":1}\n');
    const { code, stdout, stderr } = await here.run(SCRIPT);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^6 attempts in the ledger/);
    assert.match(stdout, /│ contributions +│ +1 │ +1 │ +50\.0 % │ +2 │ +912 │/);
    assert.match(stdout, /│ documents +│ +0 │ +0 │ +- │/);
    assert.match(stdout, /│ mistral +│ EU +│ +1 │ +0 │ +1 │ +912 │ +200 \+ unknown for 1 call │ +40 \+ unknown for 1 call │ +unknown │/);
    assert.match(stdout, /│ ollama +│ local +│ +1 │ +1 │ +0 │ +0 │/);
    assert.match(stdout, /│ ollama busy +│ contribution +│ +2 │ +912 │/);
    assert.match(stdout, /│ openai +│ US +│ contribution +│ outside-eu +│ +1 │/);
    assert.match(stdout, /│ busy +│ ollama +│ local +│ +1 │/);
    assert.match(stdout, /│ contributions +│ +2 │ +1\.5 s │ +45\.0 s │ +45\.0 s │/);
    assert.match(stdout, /1 call\(s\) announced, outcome not recorded: a crash/);
    assert.match(stdout, /Counted apart: 1 answers of the practice model/);
    assert.match(stdout, /2 line\(s\) of the ledger cannot be read/);
  });

  it("gives the same as one JSON document, where unknown is null and never 0", async (test) => {
    const { code, stdout } = await twoDays(test).run(SCRIPT, "--json");
    const report = JSON.parse(stdout) as { share: { all: object }; providers: { provider: string; costEur: object }[] };
    assert.equal(code, 0);
    assert.deepEqual(report.share.all, { answeredLocal: 1, answeredCloud: 1, localShare: 0.5, left: 2, characters: 912 });
    assert.deepEqual(report.providers.find(({ provider }) => provider === "mistral")?.costEur, { sum: null, unknown: 2 });
  });

  it("shows the figures of somebody who only tried the program, and says that they are an exercise", async (test) => {
    const here = twoDays(test);
    const lines = readFileSync(ledgerPath(here.data), "utf8").split("\n");
    writeFileSync(ledgerPath(here.data), lines.filter((line) => line.includes("practice")).join("\n"));
    const { code, stdout } = await here.run(SCRIPT);
    assert.equal(code, 0);
    assert.match(stdout, /all of it is an exercise with the practice model/);
    assert.match(stdout, /│ ollama +│ local +│ +1 │ +0 │/);
  });

  it("counts a day from midnight to midnight on the town's clock", async (test) => {
    const here = twoDays(test);
    const attempts = async (...words: string[]) =>
      (JSON.parse((await here.run(SCRIPT, "--json", ...words)).stdout) as { attempts: number }).attempts;
    assert.equal(await attempts("--since", "2026-02-28"), 5);
    assert.equal(await attempts("--until", "2026-02-27"), 1);
    assert.equal(await attempts("--since", "2026-02-27", "--until", "2026-02-28"), 6);
  });

  it("says that there is nothing yet, before the first call", async (test) => {
    const { code, stdout } = await placeFor(test).run(SCRIPT);
    assert.deepEqual([code, stdout], [0, "The ledger has no attempt.\n"]);
  });

  it("refuses a period that ends before it begins, and a day that does not exist", async (test) => {
    const here = placeFor(test);
    for (const words of [["--since", "2026-03-02", "--until", "2026-03-01"], ["--since", "2026-02-30"], ["word"]]) {
      const { code, stdout, stderr } = await here.run(SCRIPT, ...words);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, /^npm run report: .*\nnpm run report -- --help says/);
    }
  });

  it("writes a cost that is not known as unknown", () => {
    assert.equal(knownCell({ sum: null, unknown: 3 }), "unknown");
    assert.equal(knownCell({ sum: 0.0123, unknown: 2 }), "0.0123 + unknown for 2 calls");
    assert.equal(knownCell({ sum: 0, unknown: 0 }), "0");
  });
});
