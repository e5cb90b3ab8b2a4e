import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { validation } from "../../jobs/validation.ts";
import { readConfig } from "../../src/config.ts";
import { takeContribution } from "../../src/contributions/contribution.ts";
import type { Verdict } from "../../src/contributions/judge.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";
import { context } from "./context.ts";

const job = validation(readConfig({ VALIDATION_WAIT_S: "30" }));
const LETTER = takeContribution({
  id: "c-1",
  category: "transports spatiaux",
  title: "Banc public",
  body: "Je propose d'installer un banc à l'ombre près de l'école, pour les parents qui attendent.",
});
const PAYLOAD = { contribution: LETTER.id, sha256: LETTER.sha256 };

/** A job with this contribution in its data folder, and what it puts there. */
function bench(complete?: () => Promise<Outcome<never>>) {
  const verdicts: Verdict[] = [];
  const contributions = {
    get: async (sha256: string) => (sha256 === LETTER.sha256 ? LETTER : undefined),
    putVerdict: async (verdict: Verdict) => void verdicts.push(verdict),
  };
  return { verdicts, context: context({ contributions, ...(complete === undefined ? {} : { complete }) }) };
}

describe("the check of a contribution", () => {
  it("asks once, stores one verdict that says who answered, and gives the queue no word of the citizen or the model", async () => {
    const { verdicts, context: ports } = bench();
    const ended = await job.run(PAYLOAD, ports);
    const [verdict] = verdicts;
    assert.deepEqual([verdicts.length, ports.asked.length, verdict?.answeredBy.model, verdict?.practice], [1, 1, "practice", true]);
    assert.deepEqual([verdict?.original_category, verdict?.sha256], ["transports spatiaux", LETTER.sha256]);
    assert.ok(ended.kind === "done");
    assert.deepEqual(Object.keys(ended.result), ["verdict", "category", "confidence", "by", "model"]);
    assert.doesNotMatch(JSON.stringify(ended), /banc|école|transports/i);
  });

  for (const [what, end] of [
    ["put off", { kind: "postponed", until: new Date(), why: "unreachable" }],
    ["refused by the model", { kind: "failed", fault: new Fault("refused", "a person must look at it") }],
    ["answered wrongly", { kind: "failed", fault: new Fault("invalid-answer", "no JSON") }],
  ] as const) {
    it(`that is ${what} leaves no verdict`, async () => {
      const { verdicts, context: ports } = bench(async () => end);
      assert.deepEqual([await job.run(PAYLOAD, ports), verdicts], [end, []]);
    });
  }

  it("of a contribution that is not in this worker's data folder fails in words that say what to do", async () => {
    const run = job.run({ ...PAYLOAD, sha256: "b".repeat(64) }, bench().context);
    await assert.rejects(run, (error) => error instanceof Fault && error.kind === "invalid-payload" && /DATA_DIR/.test(error.message));
  });

  it("is for a person who waits: before documents, and after 30 s it looks further than the local model", () => {
    assert.deepEqual([job.policy.priority, job.policy.slotWaitMs], [1, 30_000]);
  });

  it("is another job when the citizen changed a word, and the same one when nothing changed", () => {
    const changed = takeContribution({ id: "c-1", title: "Banc public", body: "Autre texte." });
    assert.equal(job.jobId(PAYLOAD), job.jobId({ ...PAYLOAD }));
    assert.notEqual(job.jobId(PAYLOAD), job.jobId({ contribution: "c-1", sha256: changed.sha256 }));
  });
});
