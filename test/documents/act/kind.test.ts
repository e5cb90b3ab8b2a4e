import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActKind } from "../../../src/documents/analysis.ts";
import { factsOf, minutesOf, order } from "./pages.ts";

const turns = Array.from({ length: 6 }, (_, minute) => `00:0${minute}:12 Intervenant_1\nBonsoir à tous.`).join("\n");

/** First lines as the town prints them, and what the document is. */
const KINDS: readonly (readonly [text: string, kind: ActKind | undefined])[] = [
  [order(), "arrete"],
  [order({ head: "LE PRÉFET\nARRÊTÉ PRÉFECTORAL DU 6 MARS 2031" }), "arrete"],
  // A logo beside it was read as a letter.
  [order({ head: "L Arrêté du maire n° P-PM2031-042" }), "arrete"],
  // The title lay under a seal.
  [order({ head: "YZ U d l e r" }), "arrete"],
  [minutesOf(), "deliberation"],
  ["EXTRAIT DU REGISTRE\nDes Délibérations du Conseil Municipal\nSéance du 3 mars 2031", "deliberation"],
  ["Objet : Convocation du conseil municipal\nJ'ai honneur de vous demander de bien vouloir participer à la réunion", "convocation"],
  ["CONSEIL MUNICIPAL DU 12 MARS 2031\nORDRE DU JOUR\n1. Procès-verbal de la séance du 10 février", "ordre-du-jour"],
  ["Compte-rendu de la réunion du 3 mars 2031\nOrdre du jour : le port", "compte-rendu"],
  ["# Commission du port : compte rendu de la réunion du 12 mars 2031\nVu de près, tout va bien.", "compte-rendu"],
  ["PROCÈS-VERBAL\nLe conseil municipal s'est réuni en séance\nMembres présents : 12", "compte-rendu"],
  ["Le magazine de la commune de Port-Kerelec\nn°15\nActualités du conseil municipal", "bulletin-municipal"],
  ["ALERTE MÉTÉOROLOGIQUE\nDE NIVEAU ORANGE\nLe préfet décide la mise en alerte des maires", "avis"],
  ["AVIS D'ENQUÊTE PUBLIQUE\nPar arrêté n° U2031-118 du 02/04/2031 le maire a ordonné une enquête", "avis"],
  ["COMMUNE DE PORT-KERELEC\nCONCLUSIONS ET AVIS\nDE L'ENQUÊTE PUBLIQUE\nARRETE N° U2031-118 DU 02/04/2031", "rapport"],
  ["- Demande d’arrêté de voirie –\n2031\nNom et prénom ........................", "formulaire"],
  ["DEMANDE D’AUTORISATION DE BUVETTE\nJe soussigné, demeurant à", "formulaire"],
  ["FÊTE DU PORT\nProgramme du 4 au 12 mai 2031", "programme"],
  ["PORT-KERELEC\nPLAN DE SITUATION\nEchelle 1/5 000", "plan"],
  ["Règlement\nde la voirie communale", "autre"],
  ["Annexe à la délibération n° 2031-060\nTarifs", "autre"],
  [turns, "transcription"],
  ["La chouette effraie niche dans les granges et chasse la nuit.", undefined],
  ["", undefined],
];

describe("the kind of a document", () => {
  for (const [text, kind] of KINDS) {
    const words = text.slice(0, 60).replace(/\s+/g, " ");
    it(`is ${kind ?? "not said"} where the page begins “${words}”`, () => assert.equal(factsOf(text).kind?.value, kind));
  }
  it("comes with the words that say so", () => {
    assert.deepEqual(factsOf("", order()).kind?.evidence, { page: 2, quote: "Arrêté du maire" });
  });
  it("is no order when a notice only speaks of one", () => {
    assert.equal(factsOf("Chers habitants,\nL'arrêté du maire n° PM2031-042 interdit les feux.\nMerci de le lire.").kind, null);
  });
  it("is read off the nature in the transmission's stamp when the title is lost", () => {
    assert.equal(
      factsOf("ID : 029-999999999-20310218-DE2031_042-DE\nTarifs du camping de la commune pour l'été").kind?.value,
      "deliberation",
    );
  });
});
