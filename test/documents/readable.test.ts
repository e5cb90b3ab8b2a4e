import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { needsOcr } from "../../src/documents/read-pages.ts";
import { judgePages, type Readable } from "../../src/documents/readable.ts";
import { frenchText } from "../support/pdf.ts";

const ACT = `DÉPARTEMENT DU FINISTÈRE\nCommune de Port-Kerelec\nARRÊTÉ\nArticle 1er : ${frenchText(60)}.`;
const STAMP =
  "Envoyé en préfecture le 28/06/2024\nReçu en préfecture le 28/06/2024\nPublié le 01/07/2024\nID : 029-212900047-20240627-DE2024_111-DE";
const shift = (text: string, by: number): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(97 + ((letter.charCodeAt(0) - 97 + by) % 26)));

const PAGES: readonly (readonly [what: string, text: string, is: Readable])[] = [
  ["the text of an act", ACT, "text"],
  ["one short sentence", "Le conseil se réunit le 3 mars 2026.", "text"],
  ["an act with the stamp of the prefecture on it", `${ACT}\n${STAMP}`, "text"],
  [
    "an act that speaks of its own sending to the prefecture",
    "Cet arrêté sera envoyé en préfecture et affiché en mairie par le maire.",
    "text",
  ],
  ["a list of names and amounts, without a sentence", "Voile 1 200 €\nMusique 800 €\nChasse 300 €\nPatrimoine 150 €", "text"],
  ["a table of figures with headings", `Budget Recettes Dépenses Solde\n${"12 500 3 400 9 100\n".repeat(20)}`, "text"],
  [
    "a page in Breton",
    "Ar c'huzul-kêr en deus asantet labourioù ar c'hae ha re ar sal gouelioù evit ur priz divizet gant ar maer hag an eil maered.",
    "text",
  ],
  ["an act whose ligatures were lost", ACT.replaceAll("ti", "Ɵ").replaceAll("tt", "Ʃ"), "text"],
  ["a form with private check boxes", `${"\uF0A3 Oui \uF0A3 Non\n".repeat(3)}${ACT}`, "text"],
  ["nothing", "", "empty"],
  ["spaces and line ends", " \n\t\u00A0\n", "empty"],
  ["the stamp of the prefecture", STAMP, "stamp"],
  ["the stamp of the prefecture on one line", STAMP.replaceAll("\n", " "), "stamp"],
  [
    "the stamp of the prefecture with its dates left blank",
    "Envoyé en préfecture le\nReçu en préfecture le\nPublié le\nID : 029-212900047-20240627-DE2024_111-DE",
    "stamp",
  ],
  [
    "the older stamp of the prefecture",
    "Accusé de réception en préfecture\n029-212900047-20230216-PM2023-003-AR\nDate de télétransmission : 17/02/2023\nDate de réception préfecture : 17/02/2023",
    "stamp",
  ],
  ["a signature", "Signé électroniquement par : Camille LE GOFF\nDate : 27/06/2024 14:05\nQualité : Maire", "stamp"],
  ["a page number", "- page 3 -", "stamp"],
  ["a page number of several", "Page 3/12", "stamp"],
  ["two words", "Le Maire", "stamp"],
  [
    "the imprint of the prefecture's collection of acts",
    "2904-DIRECTION DES TERRITOIRES - 29-2024-12-30-00003 - Arrêté préfectoral du 30 décembre\n2024 relatif à la pêche 16",
    "stamp",
  ],
  [
    "control characters instead of letters",
    frenchText(40).replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 96)),
    "garbled",
  ],
  [
    "private characters instead of letters",
    frenchText(40).replace(/[a-z]/g, (letter) => String.fromCharCode(0xf000 + letter.charCodeAt(0))),
    "garbled",
  ],
  ["letters moved along the alphabet", shift(frenchText(60), 3), "garbled"],
  [
    "accented letters in place of plain ones",
    "ÇáêÉÅíáçå Ç¨é~êíÉãÉåí~äÉ ÇÉ=äÛ°èìáéÉãÉåí cáåáëí≠êÉ mê¨ÑÉÅíìêÉ==Çì==cáåáëí≠êÉ ëÉêîáÅÉ=áåëíêìÅíÉìê",
    "garbled",
  ],
  ["wrong glyphs under a right stamp", `${shift(frenchText(60), 3)}\n${STAMP}`, "garbled"],
];

describe("a page", () => {
  for (const [what, text, is] of PAGES) {
    it(`that shows ${what} is ${is}`, () => assert.deepEqual(judgePages([text]), [is]));
  }
});

describe("the pages of a document together", () => {
  const head = (page: number) => `Recueil des actes de la communauté, numéro 12 - page ${page}`;

  it("show that a line standing on every page is no text of the act", () => {
    assert.deepEqual(judgePages([head(1), head(2), head(3)]), ["stamp", "stamp", "stamp"]);
  });
  it("keep their own text under such a line", () => {
    assert.deepEqual(judgePages([`${head(1)}\n${frenchText(40)}`, `${head(2)}\n${frenchText(30, 2)}`, head(3)]), ["text", "text", "stamp"]);
  });
  it("are text when the same long form is printed twice", () =>
    assert.deepEqual(judgePages([ACT.repeat(2), ACT.repeat(2)]), ["text", "text"]));
  it("show that a caption on one page of a scan is no text of the act", () => {
    assert.deepEqual(judgePages(["Annexe à la délibération numéro 12", "", ""]), ["stamp", "empty", "empty"]);
  });
  it("keep a title page before scanned pages when there is an act as well", () => {
    assert.deepEqual(judgePages(["", "", "", "Statuts de la communauté", ACT]), ["empty", "empty", "empty", "text", "text"]);
  });
  it("need OCR each by itself: whatever cannot be read, but for a page on which nothing is drawn", () => {
    const needing = (readable: Readable) => needsOcr({ readable, flags: [] });
    assert.deepEqual((["empty", "stamp", "garbled", "text"] as const).map(needing), [true, true, true, false]);
    assert.equal(needsOcr({ readable: "empty", flags: ["empty"] }), false);
  });
});

describe("judging", () => {
  it("takes less than two seconds for a page made to be slow", () => {
    const slow = ["préfecture ", "publié le : ", "id : 029-", "- page ", "signé ", "\n \n ", "a\u0301".repeat(3)].map(
      (piece) => piece.repeat(30_000) + " ".repeat(30_000),
    );
    const startedMs = performance.now();
    judgePages(slow);
    assert.ok(performance.now() - startedMs < 2_000);
  });
});
