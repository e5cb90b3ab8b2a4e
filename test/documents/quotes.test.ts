import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normaliseText } from "../../src/documents/fold.ts";
import { verifyQuote } from "../../src/documents/quotes.ts";

const PAGE =
  "Le conseil municipal, après en avoir déli-\nbéré, approuve l’octroi d’une subvention de 12 500 € à\nl'école de voile de Port-\nKerelec.";

const found = (quote: string, page = PAGE) => {
  const evidence = verifyQuote(quote, 1, page);
  return evidence.kind === "found" ? { text: evidence.text, edits: evidence.edits } : undefined;
};

describe("a quote", () => {
  it("is found across a hyphenated line end and other apostrophes and spaces, and is shown as it stands on the page", () => {
    assert.deepEqual(found("APRÈS en avoir délibéré, approuve l'octroi d'une subvention de 12 500 €"), {
      text: "après en avoir délibéré, approuve l’octroi d’une subvention de 12 500 €",
      edits: 0,
    });
  });
  it("is found across a line end after the hyphen of a name", () => {
    assert.equal(found("à l’école de voile de Port-Kerelec")?.text, "à l'école de voile de Port-Kerelec");
  });
  it("is found with a small reading error, says how many edits that took, and is shown without the error", () => {
    assert.deepEqual(found("approuve l'octroi d'une subvcntion de 12 500 € à l'école"), {
      text: "approuve l’octroi d’une subvention de 12 500 € à l'école",
      edits: 1,
    });
  });
  it("is found when the page has lost its ligatures or broken a word in two", () => {
    const page = "Les travaux de réfection de la dé fi nition des e ff ets commenceront après la signature du marché";
    assert.equal(found("Les travaux de réfection de la définition des effets commenceront après la signature", page)?.edits, 4);
  });
  it("in quotation marks and with the page mark above it is found without them", () => {
    assert.equal(found("[page 1]\n« approuve l'octroi d'une subvention »")?.text, "approuve l’octroi d’une subvention");
  });
  it("that begins right after a negation is shown with it", () => {
    const page = "Le stationnement n’est pas autorisé sur le quai. Il ne peut être vendu. Aucune dérogation n’est prévue.";
    assert.equal(found("autorisé sur le quai", page)?.text, "n’est pas autorisé sur le quai");
    assert.equal(found("dérogation n'est prévue", page)?.text, "Aucune dérogation n’est prévue");
  });
  it("is found on the second place when the first one is only part of a longer number", () => {
    assert.equal(found("une aide de 500 € est", "une aide de 500 €. Puis 12 500 € et une aide de 500 € est versée")?.edits, 0);
  });

  const LONG = "Le stationnement est autorisé sur le quai Jean-Jaurès du 1er au 15 août, sans dérogation, pour moins de 3 heures par jour";
  for (const [what, quote, page] of [
    ["with another amount", "approuve l'octroi d'une subvention de 13 500 € à l'école de voile", PAGE],
    ["with the end of a longer amount", "500 €", PAGE],
    ["with the beginning of a longer amount", "une subvention de 12", PAGE],
    ["with the whole part of a decimal number", "un taux de 5", "un taux de 5,25 % est voté"],
    ["with another unit", "un taux de 5 € est voté pour la période qui vient", "un taux de 5 % est voté pour la période qui vient"],
    ["that says the contrary in other words", "le conseil municipal refuse la subvention demandée par l'école", PAGE],
    ["that drops a “ne”", LONG, LONG.replace("est autorisé", "n'est autorisé")],
    ["that drops a “pas”", LONG, LONG.replace("autorisé", "pas autorisé")],
    ["that adds a “non”", LONG.replace("autorisé", "non autorisé"), LONG],
    ["that turns “sans” into “dans”", LONG.replace("sans", "dans"), LONG],
    ["that turns “moins” into “mois”", LONG.replace("moins", "mois"), LONG],
    [
      "that turns “pas” into “par”",
      "Le maire ne doit pas signer ce marché avant la fin de la consultation",
      "Le maire ne doit par signer ce marché avant la fin de la consultation",
    ],
    [
      "that turns “favorable” into “défavorable”",
      "La commission rend un avis favorable au projet présenté",
      "La commission rend un avis défavorable au projet présenté",
    ],
    [
      "that turns “hausse” into “baisse”",
      "La commune constate une hausse de la fréquentation du port",
      "La commune constate une baisse de la fréquentation du port",
    ],
    [
      "with another person's name",
      "La délégation est donnée à Madame Le Goff, première adjointe, pour les affaires du port",
      "La délégation est donnée à Madame Le Gall, première adjointe, pour les affaires du port",
    ],
    [
      "with one figure of a long number changed",
      "La parcelle cadastrée sous le numéro 29003512 est cédée à la commune",
      "La parcelle cadastrée sous le numéro 29003612 est cédée à la commune",
    ],
    ["that is inside a longer word", "légal de construire", "il est illégal de construire"],
    [
      "with another month",
      "La séance du conseil est fixée au 12 juin à la salle des fêtes",
      "La séance du conseil est fixée au 12 juillet à la salle des fêtes",
    ],
    ["that is empty", "  ", PAGE],
    ["of one little word", "de", PAGE],
  ] as const) {
    it(`${what} is not found`, () => assert.equal(verifyQuote(quote, 1, page).kind, "not-found"));
  }

  it("is not found on a page that does not exist, and that page's number is not kept", () => {
    assert.deepEqual(verifyQuote("Le conseil municipal", 9, undefined), { kind: "not-found", page: null });
  });

  it("that is found stands on its page, whatever was asked (every stretch of a page, misread by one letter)", () => {
    const text = normaliseText(PAGE);
    for (let start = 0; start < text.length - 30; start += 1) {
      const piece = text.slice(start, start + 30);
      const evidence = verifyQuote(`${piece.slice(0, 14)}x${piece.slice(15)}`, 1, PAGE);
      if (evidence.kind === "found") assert.ok(text.includes(normaliseText(evidence.text)), evidence.text);
    }
  });

  for (const [what, page] of [
    ["white space", " \n".repeat(50_000)],
    ["hyphens and line ends", "a-\n".repeat(33_000)],
    ["figures", "123 ".repeat(25_000)],
    ["accents", "e\u0301\u0301".repeat(33_000)],
  ] as const) {
    it(`is looked for on 100,000 characters of ${what} in under two seconds`, () => {
      const began = performance.now();
      verifyQuote("123 456 une phrase que personne n'a écrite, de soixante caractères", 1, page);
      assert.ok(performance.now() - began < 2_000);
    });
  }
});
