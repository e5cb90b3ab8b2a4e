import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { takeContribution } from "../../src/contributions/contribution.ts";
import { judge, type Verdict, verdictOf } from "../../src/contributions/judge.ts";
import type { CharterAnswer } from "../../src/contributions/verdict.ts";

const YES: CharterAnswer = {
  is_valid: true,
  category: "culture",
  violations: [],
  encouraged_aspects: ["question"],
  reasoning: "La contribution pose une question sur le programme du théâtre.",
  confidence: 0.9,
};
const NO: CharterAnswer = { ...YES, is_valid: false, violations: ["attaque-personnelle"] };

type Row = readonly [what: string, answer: CharterAnswer, verdict: Verdict["verdict"], because: Verdict["undecidedBecause"]];

describe("what an accepted answer amounts to", () => {
  const rows: readonly Row[] = [
    ["valid when the model is surer than 85 %", YES, "valid", null],
    ["invalid when it names what is broken and is as sure", NO, "invalid", null],
    ["a person's to decide at 85 % exactly", { ...YES, confidence: 0.85 }, "undecided", "low-confidence"],
    ["a person's to decide when the model is not sure at all", { ...NO, confidence: 0 }, "undecided", "low-confidence"],
    ["a person's to decide when it is valid and breaks a rule", { ...NO, is_valid: true }, "undecided", "contradiction"],
    ["a person's to decide when it is invalid and breaks none", { ...YES, is_valid: false }, "undecided", "contradiction"],
    [
      "a person's to decide when it would depend on the facts, however sure the model is",
      { ...NO, violations: ["informations-mensongeres"], confidence: 1 },
      "undecided",
      "needs-facts",
    ],
  ];
  for (const [what, answer, verdict, because] of rows) {
    it(`is ${what}`, () => assert.deepEqual(judge(answer), { verdict, undecidedBecause: because }));
  }

  it("is never valid unless the answer says so itself, surely and without any violation", () => {
    for (const is_valid of [true, false]) {
      for (const violations of [[], ["hors-sujet"], ["informations-mensongeres"], ["hors-sujet", "spam-publicite"]] as const) {
        for (let percent = 0; percent <= 100; percent += 1) {
          const { verdict } = judge({ ...YES, is_valid, violations: [...violations], confidence: percent / 100 });
          assert.equal(verdict === "valid", is_valid && violations.length === 0 && percent > 85);
        }
      }
    }
  });
});

describe("a stored verdict", () => {
  it("is about the contribution that was sent, and keeps the category its author chose beside the model's", () => {
    const letter = takeContribution({ id: "c-7", category: "Transports", title: "Bus", body: "Plus de bus le dimanche." });
    const answeredBy = { provider: "ollama", model: "m", site: { kind: "local" }, attempts: [] } as const;
    const verdict = verdictOf(letter, YES, { at: new Date(0), promptVersion: "1", practice: false, answeredBy });
    assert.deepEqual([verdict.contribution, verdict.sha256], ["c-7", letter.sha256]);
    assert.deepEqual([verdict.category, verdict.original_category], ["culture", "Transports"]);
  });
});
