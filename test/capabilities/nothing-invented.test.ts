import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Completion } from "../../src/capabilities/completion/contract.ts";
import { acceptCharter, charterPrompt } from "../../src/contributions/prompt.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { Fault } from "../../src/core/fault.ts";
import { ChunkAnswer, type Theme, ThemeContributions } from "../../src/documents/analysis.ts";
import { splitIntoChunks } from "../../src/documents/chunk.ts";
import { acceptChunk, acceptTheme, chunkPrompt, themePrompt } from "../../src/documents/prompt.ts";
import { badAnswers, type Specimen, said } from "./bad-answers.ts";

const LETTER = "Banc public\n\nJe propose d'installer un banc à l'ombre près de l'école, pour les parents qui attendent.";
const [CHUNK] = splitIntoChunks([{ number: 3, text: "Le conseil municipal approuve une subvention de 12 500 € à l'école de voile." }]);
assert.ok(CHUNK);
const THEME: Theme = { category: "associations", title: "École de voile", keywords: [], evidence: [] };

const VERDICT = {
  is_valid: false,
  category: "jeunesse",
  violations: ["spam-publicite"],
  encouraged_aspects: ["proposition-concrete"],
  reasoning: "La contribution propose un aménagement concret, mais elle renvoie à un magasin.",
  confidence: 0.9,
};
const QUOTE = "approuve une subvention de 12 500 €";
const CHUNK_ANSWER = {
  kind: "deliberation",
  summary: "Le conseil municipal accorde une subvention à l'école de voile pour sa saison.",
  themes: [{ category: "associations", title: "École de voile", keywords: ["voile"], quote: QUOTE, page: 3 }],
  claims: [{ about: "montant", value: "12 500 €", quote: QUOTE, page: 3 }],
};
const one = (sort: string) => ({
  sort,
  constat_factuel: "Je ne peux pas inscrire mes enfants à l'école de voile, car il n'y a plus de place.",
  idees_ameliorations: "Il faudrait ouvrir un second cours le samedi matin avec les moniteurs du port.",
});

interface Case extends Specimen {
  readonly what: string;
  accept(completion: Completion): unknown;
}

const CASES: readonly Case[] = [
  {
    what: "the check of a contribution",
    good: VERDICT,
    freeTexts: ["reasoning"],
    badNumbers: { confidence: [7, -0.1, 1.01, 85, 1e300] },
    system: charterPrompt(LETTER, "Port-Kerelec").system,
    accept: (completion) => acceptCharter(completion, LETTER),
  },
  {
    what: "the analysis of a document",
    good: CHUNK_ANSWER,
    freeTexts: ["summary", "title", "keywords", "quote", "value"],
    badNumbers: { page: [0, -1, 1.5, 1e300] },
    system: chunkPrompt(CHUNK, "Port-Kerelec").system,
    accept: (completion) => acceptChunk(completion, CHUNK),
  },
  {
    what: "the writing of test contributions",
    good: { contributions: ["valid", "valid", "subtle", "aggressive"].map(one) },
    freeTexts: ["constat_factuel", "idees_ameliorations"],
    badNumbers: {},
    system: themePrompt(THEME, "Port-Kerelec").system,
    accept: (completion) => acceptTheme(completion),
  },
];

/** Those that were taken, or failed in a way that could show what they said. */
function wronglyTreated(bad: ReturnType<typeof badAnswers>, accept: (completion: Completion) => unknown): readonly string[] {
  return bad.flatMap(({ why, completion }) => {
    try {
      accept(completion);
      return [`taken: ${why}`];
    } catch (error) {
      const isRight = error instanceof Fault && ["truncated", "refused", "invalid-answer"].includes(error.kind);
      return isRight && error.message.length < 300 && !/SENTENCE|c-999/.test(error.message)
        ? []
        : [`badly refused: ${why}: ${String(error)}`];
    }
  });
}

for (const { what, accept, ...specimen } of CASES) {
  const bad = badAnswers(specimen);
  describe(`out of more than 300 bad answers, ${what}`, () => {
    it("takes none, and says why without repeating a word of them", () => {
      const different = new Set(bad.map(({ completion }) => `${completion.finish} ${completion.text}`));
      assert.ok(different.size > 300, `${different.size} different ones`);
      assert.deepEqual(wronglyTreated(bad, accept), []);
    });
    it("takes the one good answer that they were made from", () => {
      assert.deepEqual(accept(said(JSON.stringify(specimen.good))), specimen.good);
    });
  });
}

describe("the table of bad answers", () => {
  const [charter, document, themes] = CASES;
  assert.ok(charter && document && themes);
  const bad = badAnswers(charter);
  it("finds out a program that takes a verdict as valid when the answer does not say so", () => {
    const Lenient = CharterAnswer.extend({ is_valid: CharterAnswer.shape.is_valid.default(true) });
    const taken = wronglyTreated(bad, ({ text }) => Lenient.parse(JSON.parse(text)));
    assert.ok(taken.includes("taken: without is_valid"));
  });
  it("finds out a program that calls a contribution valid when anything goes wrong", () => {
    const failOpen = (completion: Completion) => {
      try {
        return charter.accept(completion);
      } catch {
        return { ...VERDICT, is_valid: true, confidence: 0.5 };
      }
    };
    assert.equal(wronglyTreated(bad, failOpen).length, bad.length);
  });
  it("finds out a program that trusts the shape alone, or the JSON alone", () => {
    for (const [specimen, shape] of [
      [charter, CharterAnswer],
      [document, ChunkAnswer],
      [themes, ThemeContributions],
    ] as const) {
      const answers = badAnswers(specimen);
      const taken = (accept: (text: string) => unknown) =>
        wronglyTreated(answers, ({ text }) => accept(text)).filter((one) => one.startsWith("taken")).length;
      assert.ok(taken((text) => shape.parse(JSON.parse(text))) > 5);
      assert.ok(taken((text) => JSON.parse(text) as unknown) > 100);
    }
  });
});
