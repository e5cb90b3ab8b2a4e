import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf, minutesOf, order } from "./pages.ts";

const told = (...pages: string[]) => {
  const { kind, number, date, author } = factsOf(...pages);
  return [kind?.value, number?.value, date?.value, author?.value];
};
const LATER = order({
  head: "Arrêté du maire n° PM2031-077\nportant ouverture de la baignade",
  foot: "Fait à Port-Kerelec, le 3 juin 2031\nLe maire,\nAnne LE GOFF",
});
const PREFECTS = `ARRÊTÉ PRÉFECTORAL n° 29-2031-01-09-00004 DU 9 JANVIER 2031
Le préfet du Ponant,
Vu le code de l'environnement,
ARRÊTE
Article 1 : La pêche est ouverte.`;

describe("a file with two acts", () => {
  it("tells kind, number, day and author of the first: a resolution before an order", () => {
    assert.deepEqual(told(minutesOf(), LATER), ["deliberation", "2031-034", "2031-05-17", "conseil municipal"]);
  });
  it("tells kind, number, day and author of the first: an order before a resolution", () => {
    assert.deepEqual(told(LATER, minutesOf()), ["arrete", "PM2031-077", "2031-06-03", "Le maire de la commune de Port-Kerelec"]);
  });
  it("mixes no number of one order with the day of the other, whichever comes first", () => {
    assert.deepEqual(told(order(), LATER), ["arrete", "PM2031-042", "2031-02-18", "Le maire de la commune de Port-Kerelec"]);
    assert.deepEqual(told(LATER, order()), ["arrete", "PM2031-077", "2031-06-03", "Le maire de la commune de Port-Kerelec"]);
  });
  it("gives the first no day or number of the second where it has none of its own", () => {
    assert.deepEqual(told(order({ foot: "Le maire" }), LATER).slice(1, 3), ["PM2031-042", undefined]);
    assert.deepEqual(told(order({ head: "Arrêté du maire\nportant interdiction" }), LATER).slice(1, 3), [undefined, "2031-02-18"]);
    assert.deepEqual(told(order({ foot: "Le maire" }), PREFECTS).slice(1, 3), ["PM2031-042", undefined]);
  });
  it("is of the second all the same where the first page says nothing of itself", () => {
    assert.deepEqual(told("Bordereau d'envoi de la mairie", order()).slice(1, 3), ["PM2031-042", "2031-02-18"]);
  });
  it("has the first one's pages to its end: recitals and signature on the pages after its title", () => {
    const [top = "", rest = ""] = LATER.split("\nConsidérant");
    assert.deepEqual(told(top, `Arrêté du maire n° PM2031-077 - page 2\nConsidérant${rest}`, order()).slice(1, 3), [
      "PM2031-077",
      "2031-06-03",
    ]);
  });
  it("is told from one act whose title stands on each page, or whose number stands only on the second", () => {
    const head = "Arrêté du maire\nportant interdiction";
    const next =
      "Arrêté du maire n° PM2031-042 - page 2/2\nVu la demande du 3 mars 2029,\nARRÊTE\nArticle 1\nArticle 2\nArticle 3\nArticle 4\nArticle 5";
    assert.equal(told(order({ head }), next)[1], "PM2031-042");
    assert.equal(told(order(), next)[1], "PM2031-042");
  });
  it("still tells what both rest on", () => {
    const found = factsOf(LATER, minutesOf()).legalReferences.map(({ value }) => value);
    assert.ok(found.includes("délibération du conseil municipal n° 041-27 du 2027-09-12"), found.join(" · "));
  });
});
