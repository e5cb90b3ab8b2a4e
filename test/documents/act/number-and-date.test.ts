import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf, minutesOf, order } from "./pages.ts";

const numberOf = (...texts: string[]) => factsOf(...texts).number?.value;
const dateOf = (...texts: string[]) => factsOf(...texts).date?.value;

describe("the number of an order", () => {
  it("is the one in its title, not one it cites or repeals", () => {
    assert.deepEqual(factsOf(order()).number, {
      value: "PM2031-042",
      evidence: { page: 1, quote: "Arrêté du maire n° PM2031-042" },
    });
  });
  it("is none when only other orders' numbers are printed", () => {
    assert.equal(numberOf(order({ head: "Réglementant le stationnement" })), undefined);
    assert.equal(numberOf(order({ head: "ARRÊTÉ\nportant modification de l'arrêté du maire n° PM2030-009" })), undefined);
  });
  it("is none of a list of other orders in the text", () => {
    const body = "Sont abrogés :\n- arrêté municipal n° PM2029-118 ;\n- arrêté municipal n° PM2029-119.";
    assert.equal(numberOf(order({ head: "ARRÊTÉ\nportant interdiction", body })), undefined);
  });
  it("is none when it was written by hand, rather than what OCR made of the strokes", () => {
    assert.equal(numberOf(order({ head: "ARRÊTÉ PRÉFECTORAL Ne. Vae. dR BZ... 417 /8W/ 21" })), undefined);
  });
  it("has its noughts, ones and dashes back where OCR misread them", () => {
    assert.equal(numberOf(order({ head: "Arrêté du maire n° P - PM2O31–OO7" })), "P-PM2031-007");
    assert.equal(numberOf(order({ head: "Arrêté municipal permanent N° ST2O31—0l2" })), "ST2031-012");
  });
  it("is found in spaced letters, on a line of its own, and with a service before it", () => {
    assert.equal(numberOf(order({ head: "A R R Ê T É   D U   M A I R E\nN° 2031/118" })), "2031/118");
    assert.equal(numberOf(order({ head: "PM2031-042\nARRÊTÉ\nportant interdiction" })), "PM2031-042");
    assert.equal(numberOf(order({ head: "ARRÊTÉ n° 29-2031-05-14-00012 DU 14 MAI 2031" })), "29-2031-05-14-00012");
  });
  it("is the whole one beside the specks, when OCR put it a line too high and left a piece of it behind", () => {
    assert.equal(numberOf(order({ head: "Re d \\ d PM2031-042\nE € Le Arrêté du maire n° 11\nportant interdiction" })), "PM2031-042");
    assert.equal(numberOf(order({ head: "ARRÊTÉ n° 2031-118\nabrogeant l'arrêté PM2030-009" })), "2031-118");
  });
  it("is found at the edge of a later page, or in the prefecture's imprint, when the title has none", () => {
    const head = "ARRÊTÉ PRÉFECTORAL\nportant ouverture de la pêche";
    assert.equal(
      numberOf(order({ head }), "Arrêté du maire n° PM2031-042 - page 2/2\nArticle 2\nArticle 3\nArticle 4\na\nb\nc\nd"),
      "PM2031-042",
    );
    assert.equal(numberOf(order({ head, foot: "Direction de la mer - 29-2031-11-21-00018 - Arrêté pêche 4" })), "29-2031-11-21-00018");
  });
  it("is read off the stamp of the transmission only when nothing else says it", () => {
    const stamp = "Envoyé en préfecture le 22/02/2031\nID : 029-999999999-20310218-PM2031_042B-AI\n";
    assert.equal(numberOf(`${stamp}${order()}`), "PM2031-042");
    assert.equal(numberOf(`${stamp}${order({ head: "ARRÊTÉ" })}`), "PM2031-042B");
  });
});

describe("the number of another document", () => {
  it("is that of a resolution, whether it stands after the word or before the title", () => {
    assert.equal(numberOf(minutesOf()), "2031-034");
    assert.equal(numberOf(minutesOf({ number: "212-29 : Droits de place" })), "212-29");
  });
  it("is the reference of a letter, the issue of a magazine, the number of a form and of an inquiry", () => {
    const letter =
      "Port-Kerelec, le 3 mars 2031\nObjet : Convocation du conseil municipal\nNotre référence : DG/AB/2031-004\nMadame, Monsieur,";
    assert.equal(numberOf(letter), "DG/AB/2031-004");
    assert.equal(numberOf("Le magazine de la commune de Port-Kerelec\nn°31 automne 2031\nDossier\nLe port P. 6"), "31");
    assert.equal(numberOf("DIRECTION\nN° 14999*04\nDÉCLARATION EN MAIRIE\nLa loi vous oblige à remplir ce formulaire"), "14999*04");
    const running = "Dossier E31000087/29. Conclusions. Page 2\nLe projet est utile aux habitants.";
    assert.equal(numberOf("Dossier n°E3100087/29\nCONCLUSIONS ET AVIS\nDE L'ENQUÊTE PUBLIQUE", running, running), "E31000087/29");
  });
  it("is, for an annex, that of the act it belongs to", () => {
    assert.equal(numberOf("Annexe à la délibération n° 2031-060\nApprobation du plan local d'urbanisme"), "2031-060");
  });
  it("is none for an agenda, whose items have numbers", () => {
    assert.equal(
      numberOf("CONSEIL MUNICIPAL DU 12 MARS 2031\nORDRE DU JOUR\n1. Procès-verbal n° 2030-12\n2. Arrêté n° PM2031-001"),
      undefined,
    );
  });
});

describe("the date of an act", () => {
  it("is the day it was signed, not the day of the event, of an act it cites, or of a stamp", () => {
    const stamp = "Envoyé en préfecture le 22/02/2031\nReçu en préfecture le 22/02/2031\nPublié le 23 février 2031\n";
    assert.deepEqual(factsOf(`${stamp}${order()}`).date, {
      value: "2031-02-18",
      evidence: { page: 1, quote: "Port-Kerelec, le 18 février 2031" },
    });
  });
  it("is not the day it was shown, though that is printed in the same way under it", () => {
    const foot = "Port-Kerelec, le 18 février 2031\nLe maire,\nAffiché en mairie, le 23 février 2031";
    assert.equal(dateOf(order({ foot })), "2031-02-18");
  });
  it("is found in the title, after “Fait à”, and behind OCR's specks", () => {
    assert.equal(dateOf(order({ head: "ARRÊTÉ DU 7 MARS 2031\nPORTANT INTERDICTION", foot: "" })), "2031-03-07");
    assert.equal(dateOf(order({ foot: "Fait à Port-Kerelec, le 1er mars 2031" })), "2031-03-01");
    assert.equal(dateOf(order({ foot: "Port-Kerelec] le 04 juin 2031\nLe maire" })), "2031-06-04");
    assert.equal(dateOf(order({ foot: "Kemper le jeudi 12 juin 2031\nLe préfet" })), "2031-06-12");
  });
  it("is read off a rubber stamp with its gaps, letters for figures and a short month", () => {
    assert.equal(dateOf(order({ foot: "Fait à Port-Kerelec, le 1 O DEC, 2031" })), "2031-12-10");
    assert.equal(dateOf(order({ head: "ARRÊTÉ PRÉFECTORAL DU 17 CT. 2031" })), "2031-10-17");
  });
  it("is none when it was not signed with one, though the text is full of dates", () => {
    assert.equal(dateOf(order({ foot: "Le maire,\nAnne LE GOFF" })), undefined);
  });
  it("is, for a resolution, the day of the session: in words, with the year first, or in the head; not that of the convocation", () => {
    assert.equal(dateOf(minutesOf()), "2031-05-17");
    assert.equal(dateOf(minutesOf({ opening: "L'an deux mil vingt-trois, le seize du mois de février à 19 h" })), "2023-02-16");
    assert.equal(dateOf(minutesOf({ opening: "L'an 2022, le 6 décembre" })), "2022-12-06");
    assert.equal(dateOf(minutesOf({ head: "Séance ordinaire du 4 octobre 2027", opening: "Ce jour" })), "2027-10-04");
  });
  it("is, for a letter, the day above it and not that of the meeting", () => {
    const letter = "Port-Kerelec, le 3 mars 2031\nObjet : Convocation du conseil municipal\nLe mercredi 12 mars 2031 à 18h30";
    assert.equal(dateOf(letter), "2031-03-03");
  });
  it("is a month where no more is printed, and none for a season, an agenda or a programme", () => {
    assert.equal(dateOf("Le magazine de la commune\nGWEZ\t06 2031| #9\nActualités"), "2031-06");
    assert.equal(dateOf("COMMUNE DE PORT-KERELEC\nPLAN DE SITUATION\nEchelle 1/5 000\nAVRIL 2031"), "2031-04");
    assert.equal(dateOf("Le magazine de la commune de Port-Kerelec\nn°31 automne 2031"), undefined);
    assert.equal(dateOf("CONSEIL MUNICIPAL DU 12 MARS 2031\nORDRE DU JOUR\n1. Budget"), undefined);
    assert.equal(dateOf("FÊTE DU PORT\nProgramme du 4 au 12 mai 2031\nSamedi 10 mai 2031 : concert"), undefined);
  });
  it("is, for rules without a signature, the date that runs under their pages", () => {
    const page = (number: number) =>
      `Règlement de la voirie\nLes demandes sont à formuler avant le ${number} mai 2030.\nVille de Port-Kerelec 02/05/2031 ${number}`;
    assert.equal(dateOf("Règlement\nde la voirie communale\nde la commune", page(2), page(3), page(4)), "2031-05-02");
  });
  it("is the same with Breton beside the French, and can be read in Breton", () => {
    const foot = "Port-Kerelec, le 18 février 2031 / Porzh-Kereleg, d'ar 18 a viz C'hwevrer 2031\nLe maire / Ar maer";
    assert.equal(dateOf(order({ foot })), "2031-02-18");
    assert.equal(dateOf(order({ foot: "Porzh-Kereleg, le 18 a viz C'hwevrer 2031" })), "2031-02-18");
  });
});
