import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Theme, ThemeContributions } from "../../src/documents/analysis.ts";
import { datasetLines, datasetName, testContributions } from "../../src/documents/dataset.ts";
import { slugOf } from "../../src/documents/slug.ts";

const THEME: Theme = {
  category: "culture",
  title: "Fête du port",
  keywords: [],
  evidence: [
    { kind: "not-found", page: 9 },
    { kind: "found", page: 4, text: "la fête du port", edits: 0 },
  ],
};
const LONG = `${"é".repeat(79)}😀 et la suite`;
const ANSWER: ThemeContributions = {
  contributions: (["valid", "valid", "subtle", "aggressive"] as const).map((sort, index) => ({
    sort,
    constat_factuel: index === 0 ? LONG : "Court.",
    idees_ameliorations: `Idée\n"${index}"`,
  })),
};
const ORIGIN = { sha256: "abcdef0123456789", themeNumber: 2 };

describe("a dataset of test contributions", () => {
  const records = testContributions(THEME, ANSWER, "practice", ORIGIN);

  it("has the platform's title and body for each, cut by characters and never in half", () => {
    assert.equal(records[0]?.title, `${"é".repeat(79)}😀...`);
    assert.equal(records[1]?.title, "Court.");
    assert.equal(records[1]?.body, `**Constat factuel:**\nCourt.\n\n**Vos idées d'améliorations:**\nIdée\n"1"`);
  });

  it("says which ones the charter check must accept, and what was put into the others", () => {
    assert.deepEqual(
      records.map((record) => [record.expected_valid, record.violations_injected]),
      [
        [true, null],
        [true, null],
        [false, ["subtle"]],
        [false, ["aggressive"]],
      ],
    );
  });

  it("says from which theme and page it comes, and whether a language model wrote it", () => {
    assert.deepEqual(
      new Set(records.map((record) => `${record.theme} ${record.page} ${record.category} ${record.source}`)),
      new Set(["Fête du port 4 culture practice"]),
    );
    assert.equal(testContributions({ ...THEME, evidence: [{ kind: "not-found", page: 9 }] }, ANSWER, "model", ORIGIN)[0]?.page, null);
  });

  it("has an id of its own for each", () => {
    assert.equal(records[0]?.id, "doc-abcdef01-t02-1");
    assert.equal(new Set(records.map((record) => record.id)).size, 4);
  });

  it("is one record a line, whatever line ends the texts have", () => {
    const lines = datasetLines({ dataset: records }).split("\n");
    assert.equal(lines.pop(), "");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      records,
    );
    assert.equal(datasetLines({ dataset: [] }), "");
  });

  for (const [what, at, day] of [
    ["just after midnight in Audierne in winter", "2026-01-14T23:30:00Z", "20260115"],
    ["just after midnight in Audierne in summer", "2026-07-14T22:30:00Z", "20260715"],
    ["in the evening", "2026-07-14T21:30:00Z", "20260714"],
  ] as const) {
    it(`bears the day in Audierne when it is made ${what}`, () =>
      assert.equal(datasetName("a/Compte rendu.pdf", new Date(at)), `audierne-compte-rendu-${day}.jsonl`));
  }
});

describe("a document's name in a path", () => {
  for (const [name, slug] of [
    ["2026/Arrêté n° PM2026-031.pdf", "arrete-n-pm2026-031"],
    ["Arrete-du-maire-n%C2%B0-PM2025-292.pdf", "arrete-du-maire-n-pm2025-292"],
    ["Œuvre à 100%.pdf", "oeuvre-a-100"],
    ["../../etc/passwd", "passwd"],
    ["..\\..\\CON.pdf", "con"],
    ["a\n\"b'\u202Efdp.pdf", "a-b-fdp"],
    ["%2e%2e%2f%2e%2e%2fetc.pdf", "etc"],
    ["文書.pdf", "document"],
    ["", "document"],
    [".pdf", "pdf"],
    ["\uD800.pdf", "document"],
  ] as const) {
    it(`is ${slug} for ${JSON.stringify(name)}`, () => assert.equal(slugOf(name), slug));
  }
  it("has at most 60 characters and ends in none of its hyphens", () =>
    assert.match(slugOf(`${"a".repeat(59)} ${"é".repeat(300)}`), /^a{59}$/));
});
