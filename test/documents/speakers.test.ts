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

const UNTIMED = [
  "Réunion publique sur le port",
  "Jeanne Exemple : Bonsoir à tous, je laisse la parole à Yann.",
  "Yann Le Guirriec : Merci Jeanne, le port attend depuis dix ans.",
  "Comme l'a dit Mme Exemple, il faut avancer.",
  "Jeanne Exemple : Quand commencent les travaux du quai ?",
  "Le maire : Au printemps, si le budget est voté.",
  "Yann Le Guirriec : M. Guirrieç n'a pas dit cela, Madame Exemle non plus.",
  "Jeanne Exemple : Nous verrons bien au printemps prochain.",
  "Yann Le Guirriec : La rue Jeanne Exemple reste fermée, par exemple.",
].join("\n");
const MINUTES = [
  "M. KERDRAON. – La parole est à Mme Exemple pour le budget.",
  "Mme EXEMPLE. – Le budget du port est en hausse cette année.",
  "M. KERDRAON. – Qui souhaite intervenir sur ce point ?",
  "M. Tanneau, adjoint : Je souhaite revenir sur le prix du quai.",
  "Mme EXEMPLE. – Il a été fixé par le conseil en décembre.",
  "M. Tanneau : Merci, Madame Exemple, et merci à monsieur Kerdraon.",
].join("\n");

describe("the speakers of a transcript without times", () => {
  it("are masked before what they say and in it, and an office stays", () => {
    assert.equal(maskSpeakers([UNTIMED]).speakers, 2);
    assert.deepEqual(mask(UNTIMED).split("\n"), [
      "Réunion publique sur le port",
      "Intervenant_1 : Bonsoir à tous, je laisse la parole à Intervenant_2.",
      "Intervenant_2 : Merci Intervenant_1, le port attend depuis dix ans.",
      "Comme l'a dit Mme Intervenant_1, il faut avancer.",
      "Intervenant_1 : Quand commencent les travaux du quai ?",
      "Le maire : Au printemps, si le budget est voté.",
      "Intervenant_2 : M. Intervenant_2 n'a pas dit cela, Madame Intervenant_1 non plus.",
      "Intervenant_1 : Nous verrons bien au printemps prochain.",
      "Intervenant_2 : La rue Jeanne Exemple reste fermée, par exemple.",
    ]);
  });
  it("are masked where minutes name them by their surname, with a dash or a colon", () => {
    assert.equal(maskSpeakers([MINUTES]).speakers, 3);
    assert.deepEqual(mask(MINUTES).split("\n"), [
      "M. Intervenant_1. – La parole est à Mme Intervenant_2 pour le budget.",
      "Mme Intervenant_2. – Le budget du port est en hausse cette année.",
      "M. Intervenant_1. – Qui souhaite intervenir sur ce point ?",
      "M. Intervenant_3, adjoint : Je souhaite revenir sur le prix du quai.",
      "Mme Intervenant_2. – Il a été fixé par le conseil en décembre.",
      "M. Intervenant_3 : Merci, Madame Intervenant_2, et merci à monsieur Intervenant_1.",
    ]);
  });
  it("are masked in bold, in a list, and with what they say on the next line", () => {
    const text = UNTIMED.replace(/^([^:\n]+) : /gm, "**$1 :**\n");
    assert.equal(maskSpeakers([text]).speakers, 2);
    assert.doesNotMatch(mask(text).replace("rue Jeanne Exemple", ""), /Jeanne|Yann|Exemple/);
  });
  it("are recognised over all pages, not on each", () => {
    const pages = UNTIMED.split(/\n(?=Yann)/);
    assert.equal(maskSpeakers(pages).speakers, 2);
    assert.equal(maskSpeakers(pages).texts.join("\n"), mask(UNTIMED));
  });
});

it("a surname that is said alone is masked through one wrong letter, a short one and a first name are not", () => {
  const text = [
    "00:00:01 Jeanne Exemple",
    "Oui.",
    "00:00:09 Yann Riou",
    "Madame Exemle a raison, Monsieur Rioux aussi, et Jeannne.",
    "00:01:00 Jeanne Exemple",
    "Un bon exemle.",
  ].join("\n");
  assert.match(mask(text), /Madame Intervenant_1 a raison, Monsieur Rioux aussi, et Jeannne\./);
  assert.match(mask(text), /Un bon exemle\./);
});

const council = Array.from(
  { length: 4 },
  (_, index) => `Délibération n° 2031-01${index}
Objet : Tarifs du camping municipal pour la saison prochaine
Rapporteur : Mme Jeanne EXEMPLE, adjointe aux finances
Membres Présents : Jeanne Exemple, Yann Riou, Anne Le Goff et dix autres
Votes Pour : quatorze voix, dont deux pouvoirs donnés à des présents
Ordre Du Jour : tarifs, budget, port, école et questions diverses
Article 1 : Le tarif est fixé à douze euros par nuit et par personne.`,
).join("\n");

describe("what is no transcript", () => {
  for (const [what, text] of [
    ["an act", "Le maire de Port-Brillac arrête :\nArticle 1er. À 12:30 Place du Port, le stationnement est interdit."],
    ["a timetable", "Programme\n10:00 Accueil des Kerdraon\n11:30 Visite du port\n12:30 Repas : crêpes\n14:00 Régate\nMerci à tous."],
    ["minutes whose headings are repeated", council],
    [
      "an order with those who get a copy",
      "Article 1 : Le stationnement est interdit.\nFait à Port-Kerelec\nLe maire, Jeanne Exemple\nDestinataires :\nM. Yann Riou : adjoint au maire\nMme Anne Le Goff : adjointe\nM. Paul Morvan : police\nM. Yann Riou : archives\nMme Anne Le Goff : voirie\nM. Paul Morvan : port",
    ],
    [
      "an election in two rounds",
      ["premier", "second"]
        .map((round) => `Au ${round} tour :\nJeanne Exemple : 12 voix\nYann Riou : 8 voix\nAnne Le Goff : 3 voix`)
        .join("\n"),
    ],
    [
      "a list of what each is in charge of",
      "Jeanne Exemple : finances et personnel de la commune\nYann Riou : travaux et voirie de la commune\nAnne Le Goff : écoles et fêtes de la commune\nPaul Morvan : port et plages de la commune\nMarie Kerdraon : culture et sport pour tous\nLuc Tanneau : eau et déchets de la commune",
    ],
    ["two who are quoted once", "Jeanne Exemple : Bonsoir à tous et merci.\nYann Riou : Bonsoir, le port attend toujours."],
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
