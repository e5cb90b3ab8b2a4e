import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ChunkAnswer } from "../../src/documents/analysis.ts";
import { answerChunk } from "../../src/practice/answer-chunk.ts";
import { pagesOf } from "../../src/practice/sentences.ts";
import { tokensOf } from "../../src/practice/tokens.ts";
import { ARRETE, DELIBERATION, TRANSCRIPTION } from "./acts.ts";

const values = (document: string, about: string): string[] =>
  answerChunk(document)
    .claims.filter((claim) => claim.about === about)
    .map(({ value }) => value);

describe("the practice model reading an arrêté", () => {
  it("knows its kind, its own number and date, and not those of the arrêtés it cites or repeals", () => {
    assert.equal(answerChunk(ARRETE).kind, "arrete");
    assert.deepEqual(values(ARRETE, "numero"), ["PM2026-031"]);
    assert.deepEqual(values(ARRETE, "date-acte"), ["2026-05-20"]);
  });
  it("takes what follows “portant” as its title, line break included in the quote", () => {
    const [title] = answerChunk(ARRETE).claims.filter(({ about }) => about === "titre");
    assert.match(title?.value ?? "", /portant réglementation temporaire/);
    assert.match(title?.quote ?? "", /PM2026-031\nportant/);
  });
  it("tells a deadline from another day, and gives both as calendar dates", () => {
    assert.deepEqual(values(ARRETE, "echeance"), ["2026-07-10"]);
    assert.deepEqual(values(ARRETE, "date"), ["2026-07-18", "2026-08-01"]);
  });
  it("finds amounts as they are written", () => assert.deepEqual(values(ARRETE, "montant"), ["3,20 €", "1 250 €", "12 500 euros"]));
  it("finds places by name, and takes Port-Kerelec for a town and not for a port", () => {
    assert.deepEqual(values(ARRETE, "lieu"), ["place du Phare-Vert", "quai des Goémoniers"]);
  });
  it("takes what an article orders as decision, with the page it stands on", () => {
    const decisions = answerChunk(ARRETE).claims.filter(({ about }) => about === "decision");
    assert.deepEqual(
      decisions.map(({ value, page }) => [value.slice(0, 30), page]),
      [
        ["La circulation de tous les véh", 1],
        ["Le droit de place est fixé à 3", 2],
      ],
    );
  });
  it("finds roads as theme, under the platform's category, with words and a sentence that stand there", () => {
    const [theme] = answerChunk(ARRETE).themes;
    assert.deepEqual([theme?.category, theme?.title, theme?.page], ["logement", "Voirie, circulation et stationnement", 1]);
    assert.deepEqual(theme?.keywords, ["circulation", "stationnement", "véhicules"]);
  });
});

describe("the practice model reading a délibération", () => {
  it("knows its kind though a convocation is mentioned, its number, the day of the session and its object", () => {
    assert.equal(answerChunk(DELIBERATION).kind, "deliberation");
    assert.deepEqual(values(DELIBERATION, "numero"), ["DE2026-012"]);
    assert.deepEqual(values(DELIBERATION, "date-acte"), ["2026-02-26"]);
    assert.deepEqual(values(DELIBERATION, "titre"), ["Rénovation du groupe scolaire Les Hirondelles"]);
  });
  it("takes each item that the council decides", () => assert.equal(values(DELIBERATION, "decision").length, 2));
});

describe("the practice model reading other texts", () => {
  it("knows a transcription by its times, keeps the page number, and claims no number or title for it", () => {
    const answer = answerChunk(TRANSCRIPTION);
    assert.equal(answer.kind, "transcription");
    assert.deepEqual([answer.themes[0]?.title, answer.themes[0]?.page], ["Port et pêche", 4]);
    assert.deepEqual(answer.claims, []);
  });
  it("says nothing of an empty text but that there is nothing", () => {
    const answer = ChunkAnswer.parse(answerChunk(""));
    assert.deepEqual([answer.kind, answer.themes, answer.claims], ["autre", [], []]);
    assert.match(answer.summary, /aucune phrase/);
  });
  it("takes an agenda that approves minutes for an agenda, because it says so first", () => {
    const agenda = "CONSEIL MUNICIPAL\nORDRE DU JOUR\n1. Approbation du procès-verbal\n2. Compte rendu des décisions de la maire";
    assert.equal(answerChunk(agenda).kind, "ordre-du-jour");
  });
  it("introduces its summary as extracts and copies whole sentences", () => {
    const { summary } = answerChunk(ARRETE);
    assert.match(summary, /^Extraits du texte : « La circulation de tous les véhicules est interdite quai des Goémoniers, du samedi/);
  });
  it("keeps decisions when a table of amounts would fill the answer", () => {
    const table = Array.from({ length: 400 }, (_, row) => `| Ligne ${row} | ${row + 1} 000 €\n`).join("");
    const answer = answerChunk(`${table}\nLe conseil municipal approuve le budget de la commune pour cette année.`);
    assert.ok(answer.claims.some(({ about }) => about === "decision"));
    assert.ok(tokensOf(JSON.stringify(answer)).length < 2_048);
  });
  it("takes no date that no calendar has", () =>
    assert.deepEqual(values("Réunion le 31 février 2026, le 12/13/2026 et le 2026-02-30.", "date"), []));
  it("reads each page mark, and text before the first as page 1", () => {
    assert.deepEqual(
      pagesOf("a\n[page 3]\nb\n[page 4]\nc").map(({ number, text }) => [number, text.trim()]),
      [
        [1, "a"],
        [3, "b"],
        [4, "c"],
      ],
    );
  });
});
