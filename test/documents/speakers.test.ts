import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { maskSpeakers } from "../../src/documents/speakers.ts";

const mask = (text: string): string => maskSpeakers([text]).texts[0] ?? "";

const TALK = [
  "00:00:00 Maëlle Kerdraon",
  "Bonsoir à tous. Je laisse la parole à Yann Le Guirriec, puis à M. Tanneau.",
  "",
  "00:01:12 Yann Le Guirriec",
  "Merci Maëlle. Comme disait MAELLE KERDRAON, le port attend. La marine aussi.",
  "",
  "00:02:40 Marine Tanneau",
  "Merci Yann Le Guiriec. L'école Marine Tanneau n'est pas concernée, ni la rue Yann Le Guirriec.",
  "",
  "00:03:00 Maelle Kerdraon",
  "Merci Marine.",
].join("\n");

describe("the speakers of a transcript", () => {
  it("are numbered in the order in which they first speak, accents aside", () => {
    const turns = mask(TALK).match(/^\d\d:\d\d:\d\d .*$/gm);
    assert.deepEqual(turns, ["00:00:00 Intervenant_1", "00:01:12 Intervenant_2", "00:02:40 Intervenant_3", "00:03:00 Intervenant_1"]);
    assert.equal(maskSpeakers([TALK]).speakers, 3);
  });

  it("are masked where their name is said, whole, misspelt, in capitals, or by its first or last word", () => {
    const masked = mask(TALK);
    assert.match(masked, /la parole à Intervenant_2, puis à M\. Intervenant_3\./);
    assert.match(masked, /Merci Intervenant_1\. Comme disait Intervenant_1, le port attend\./);
    assert.match(masked, /Merci Intervenant_2\. L'école/);
    assert.doesNotMatch(masked, /Kerdraon|Maëlle|MAELLE/);
  });

  it("are masked by a Breton surname as well, however its c'h is written", () => {
    const said = ["00:00:01 Yves Kerloc'h", "Oui.", "00:01:00 Marie Le Floc’h", "Merci Monsieur Kerloc’h.", "00:02:00 Anne Riou"];
    const masked = mask([...said, "Comme Kerloch, et Mme Le Floc'h, j'ai la clé d'hier."].join("\n"));
    assert.match(masked, /Merci Monsieur Intervenant_1\./);
    assert.match(masked, /Comme Intervenant_1, et Mme Le Intervenant_2, j'ai la clé d'hier\./);
  });

  it("leave common words and places that bear their names alone", () => {
    const masked = mask(TALK);
    assert.match(masked, /La marine aussi/);
    assert.match(masked, /L'école Marine Tanneau n'est pas concernée, ni la rue Yann Le Guirriec\./);
  });

  it("are known as well where what they say stands behind their name", () => {
    const text = [
      "[00:00:01] Maëlle Kerdraon : Bonsoir, Yann.",
      "[00:00:09] Yann Riou : Merci, Maëlle.",
      "**00:01:00 Maëlle Kerdraon :** Oui.",
    ].join("\n");
    assert.equal(
      mask(text),
      "[00:00:01] Intervenant_1 : Bonsoir, Intervenant_2.\n[00:00:09] Intervenant_2 : Merci, Intervenant_1.\n**00:01:00 Intervenant_1 :** Oui.",
    );
  });

  it("have the same number on all pages", () => {
    const [first = "", second = ""] = TALK.split(/\n\n(?=00:02)/);
    const { texts, speakers } = maskSpeakers([first, second]);
    assert.equal(speakers, 3);
    assert.equal(texts.join("\n\n"), mask(TALK));
  });

  it("that are named by their part are numbered, and the word for their part stays in what is said", () => {
    const text = [
      "00:00:01 Speaker 1",
      "L'élu principal a parlé.",
      "00:00:09 Élu principal",
      "Oui.",
      "00:01:00 Speaker 1",
      "Speaker 1 dit non.",
    ].join("\n");
    assert.equal(
      mask(text),
      [
        "00:00:01 Intervenant_1",
        "L'élu principal a parlé.",
        "00:00:09 Intervenant_2",
        "Oui.",
        "00:01:00 Intervenant_1",
        "Speaker 1 dit non.",
      ].join("\n"),
    );
  });

  it("who share a first name are not mixed up by it", () => {
    const text = [
      "00:00:01 Anne Morvan",
      "Oui.",
      "00:00:09 Anne Riou",
      "Anne a dit oui, Anne Morvan aussi.",
      "00:01:00 Anne Morvan",
      "Oui.",
    ].join("\n");
    assert.match(mask(text), /Intervenant_\? a dit oui, Intervenant_1 aussi/);
  });
});

describe("what is no transcript", () => {
  for (const [what, text] of [
    ["an act", "Le maire de Port-Brillac arrête :\nArticle 1er. À 12:30 Place du Port, le stationnement est interdit."],
    ["a timetable", "Programme\n10:00 Accueil des Kerdraon\n11:30 Visite du port\n12:30 Repas : crêpes\n14:00 Régate\nMerci à tous."],
    ["an empty page", ""],
  ] as const) {
    it(`${what} is left as it is`, () => assert.deepEqual(maskSpeakers([text]), { texts: [text], speakers: 0 }));
  }
});

it("a long transcript takes little time: 200,000 characters in under a second", () => {
  const turn = `00:10:00 Maëlle Kerdraon\n${"Le port de Brillac et la marine attendent Yann. ".repeat(40)}\n\n00:11:00 Yann Riou\nOui.\n`;
  const text = turn.repeat(100);
  const startedAt = performance.now();
  assert.equal(maskSpeakers([text]).speakers, 2);
  assert.ok(performance.now() - startedAt < 1_000);
});
