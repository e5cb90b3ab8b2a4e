import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { datesIn } from "../../../src/documents/act/dates.ts";
import { NUMBER_WORDS, numberOfWords } from "../../../src/documents/act/number-words.ts";
import { sheetOf } from "../../../src/documents/act/sheet.ts";
import { factsOf, minutesOf, order } from "./pages.ts";

const values = <Value>(all: readonly { readonly value: Value }[]): readonly Value[] => all.map(({ value }) => value);
const isoIn = (text: string) => datesIn(sheetOf({ number: 1, text }).plain).map(({ iso }) => iso);

describe("numbers and dates in French", () => {
  const WORDS: readonly (readonly [words: string, number: number])[] = [
    ["vingt et un", 21],
    ["soixante-dix-neuf", 79],
    ["quatre-vingt", 80],
    ["quatre-vingts", 80],
    ["quatre-vingt-dix-huit", 98],
    ["cent vingt", 120],
    ["deux cent quatre-vingt-un", 281],
    ["mil neuf cent quatre-vingt-dix-huit", 1998],
    ["deux mil seize", 2016],
    ["deux mille vingt-trois", 2023],
  ];
  it("are read from words", () => {
    for (const [words, number] of WORDS) {
      assert.equal(numberOfWords(words), number, words);
      assert.ok(new RegExp(`^${NUMBER_WORDS}$`).test(words), words);
    }
  });
  it("are read from figures, short months and words over two lines", () => {
    assert.deepEqual(isoIn("le 1er mars 2031, le 02/04/31, le 3.5.2031, le 18 févr. 2031"), [
      "2031-03-01",
      "2031-04-02",
      "2031-05-03",
      "2031-02-18",
    ]);
    assert.deepEqual(isoIn("le dix-huit février\ndeux mille trente et un"), ["2031-02-18"]);
    assert.deepEqual(isoIn("le 18 fevner 2031, le 3 décernbre 2031, le 1° août 2031"), ["2031-02-18", "2031-12-03", "2031-08-01"]);
  });
  it("are not made of telephone numbers, sheets, days that no month has, or words that are no month", () => {
    assert.deepEqual(isoIn("Tél. 02.98.70.08.47, feuille 1/2/3/4, le 31 avril 2031, 12 maisons 2031, le 30/02/2031"), []);
  });
});

describe("what an act rests on", () => {
  it("is each article of each code once, in one spelling, and the laws and acts it cites; not the act itself", () => {
    assert.deepEqual(values(factsOf(order()).legalReferences), [
      "code de la route, article R411-8",
      "code de la route, article R417-10",
      "arrêté du maire n° PM2029-117 du 2029-03-03",
      "arrêté du maire n° PM2030-009 du 2030-02-02",
    ]);
  });
  it("is found with the code first or last, in OCR's spelling, and over a line end", () => {
    const body = `Vu les articles L 2212-1, L.2212-2 et suivants du Code général des
collectivités territoriales, Vu la loi n° 82-213 du 2 mars 1982, Vu le décret du 3 mai 2002, Vu Parrêté n° 2011-0457 du 8 avril 2011,
Vu l'article 1395 G du code général des impôts, Vu le code pénal`;
    const found = values(factsOf(order({ body })).legalReferences);
    for (const value of [
      "code général des collectivités territoriales, article L2212-1",
      "code général des collectivités territoriales, article L2212-2 et suivants",
      "loi n° 82-213 du 1982-03-02",
      "décret du 2002-05-03",
      "arrêté n° 2011-0457 du 2011-04-08",
      "code pénal",
    ]) {
      assert.ok(found.includes(value), `${value} is not in ${found.join(" · ")}`);
    }
  });
  it("is one range where articles are cited from one to another, and says so where others follow", () => {
    const CASES: readonly (readonly [text: string, ...articles: string[]])[] = [
      ["les articles L.2213-1 à L.2213-6 du code de la route", "articles L2213-1 à L2213-6"],
      ["le code de la route, notamment ses articles L. 2213-1 à L. 2213 - 6", "articles L2213-1 à L2213-6"],
      [
        "les articles L 1, L 2-1 à L 2-6, R. 4 et suivants et R. 9 du code de la route",
        "article L1",
        "articles L2-1 à L2-6",
        "article R4 et suivants",
        "article R9",
      ],
      ["le code de la route et notamment les articles R.411-1 et suivants", "article R411-1 et suivants"],
      [
        "le code de la route, notamment les articles L 1, de L 2-13 à L 2-17-1 et R 5",
        "article L1",
        "articles L2-13 à L2-17-1",
        "article R5",
      ],
      ["l'article 3 et l'article 5 à 7 du code de la route", "article 3", "articles 5 à 7"],
      ["l'article L. 2213-1 à partir du code de la route", ""],
    ];
    for (const [text, ...articles] of CASES) {
      const found = values(factsOf(`Vu ${text},`).legalReferences);
      assert.deepEqual(
        found,
        articles.map((article) => (article === "" ? "code de la route" : `code de la route, ${article}`)),
        text,
      );
    }
  });
  it("is one text when it is cited again in fewer words, and two when the day or the author differs", () => {
    const body = `Vu l'arrêté n° 2026-18, Vu l'arrêté du maire n° 2026-18, Vu l'arrêté du maire n° 2026-18 du 2 mars 2026,
Vu la loi n° 82-213 du 2 mars 1982, Vu la loi n° 82-213, Vu l'arrêté préfectoral n° 2026-18, Vu la loi n° 82-214`;
    assert.deepEqual(
      values(factsOf(order({ body })).legalReferences).filter((value) => / n° (?:2026-18|82-)/.test(value)),
      ["arrêté du maire n° 2026-18 du 2026-03-02", "loi n° 82-213 du 1982-03-02", "arrêté préfectoral n° 2026-18", "loi n° 82-214"],
    );
  });
});

describe("amounts", () => {
  it("are euros, whatever separates thousands, in figures and in words, each once", () => {
    const body =
      "Une amende de 1 700 € ou 12.000,50 euros ; 318 207,40 € ; 2,5 M€ ; trente-cinq euros (35 €) ; 3 millions d'euros ; 1700 €.";
    assert.deepEqual(values(factsOf(body).amounts), [1700, 12000.5, 318207.4, 2_500_000, 35, 3_000_000]);
  });
  it("show the passage and its page", () => {
    assert.deepEqual(factsOf("", minutesOf()).amounts, [{ value: 12.5, evidence: { page: 2, quote: "12,50 €" } }]);
  });
  it("are no years, articles or telephone numbers", () => {
    assert.deepEqual(factsOf("Article 35 : en 2031, 12 personnes au 02 98 00 00 00 ; l'européenne.").amounts, []);
  });
});

describe("deadlines", () => {
  const CASES: readonly (readonly [text: string, value: string])[] = [
    ["interdit du mardi 14 janvier au jeudi 20 février 2031 inclus", "2031-01-14/2031-02-20"],
    ["Programme du 4 au 12 mai 2031", "2031-05-04/2031-05-12"],
    ["fermé du 28 décembre au 3 janvier 2031", "2030-12-28/2031-01-03"],
    ["du samedi 5 juillet 2031 à 14 heures au dimanche 6 juillet 2031 à 22 heures", "2031-07-05/2031-07-06"],
    ["à déposer avant le 1er mars 2031", "2031-03-01"],
    ["au plus tard le 5 mai 2031", "2031-05-05"],
    ["jusqu'au dimanche 20 juillet 2031", "2031-07-20"],
    ["À compter du mercredi 04 juin 2031", "2031-06-04"],
    ["dans un délai de deux mois à compter de la notification", "P2M"],
    ["sous 15 jours", "P15D"],
    ["au moins 6 jours avant la fête", "P6D"],
    ["12 jours minimum avant l'ouverture du chantier", "P12D"],
    ["pendant une durée de cinq ans", "P5Y"],
  ];
  for (const [text, value] of CASES) it(`reads ${value} from “${text}”`, () => assert.deepEqual(values(factsOf(text).deadlines), [value]));

  it("are no dates of acts that are cited, and no period that ends before it begins", () => {
    assert.deepEqual(factsOf("Vu la loi du 2 mars 1982. Du 5 mai 2031 au 2 mai 2031.").deadlines, []);
  });
});

describe("author and places", () => {
  it("are the office above the recitals or under the text, the assembly of a resolution, and none for a magazine", () => {
    assert.equal(factsOf(order()).author?.value, "Le maire de la commune de Port-Kerelec");
    assert.equal(
      factsOf("Port-Kerelec, le 3 mars 2031\nObjet : Convocation du conseil municipal\nMesdames,\nLe maire,\nAnne LE GOFF").author?.value,
      "Le maire",
    );
    assert.equal(factsOf(minutesOf()).author?.value, "conseil municipal");
    assert.equal(factsOf("Le magazine de la commune\nn°15\nLe mot du maire\nLe maire,").author, null);
  });
  it("are named as printed, with their Breton and their linking words", () => {
    const text = "rue Parc ar Menez et 7 route du Phare, quai des Sardiniers, place du 8 Mai 1945, RUE DU PORT, sur la RD 765.";
    assert.deepEqual(values(factsOf(text).places), [
      "rue Parc ar Menez",
      "7 route du Phare",
      "quai des Sardiniers",
      "place du 8 Mai 1945",
      "RUE DU PORT",
      "RD 765",
    ]);
  });
  it("are not the town hall's letterhead, nor words without a name", () => {
    assert.deepEqual(
      factsOf("HÔTEL DE VILLE\n12, quai Neuf - 29999 PORT-KERELEC\nTél : 02 98 00 00 00\nDans la rue et sur la plage, il fait beau.")
        .places,
      [],
    );
  });
});

describe("evidence", () => {
  it("stands on its page, letter by letter, white space aside", () => {
    const texts = ["\n \n", order(), minutesOf()];
    const facts = factsOf(...texts);
    const all = [
      facts.kind,
      facts.number,
      facts.date,
      facts.author,
      ...facts.places,
      ...facts.legalReferences,
      ...facts.amounts,
      ...facts.deadlines,
    ];
    const stated = all.filter((one) => one !== null);
    assert.ok(stated.length > 10);
    for (const { evidence } of stated) {
      assert.ok((texts[evidence.page - 1] ?? "").replace(/\s+/g, " ").includes(evidence.quote), evidence.quote);
    }
  });
  it("takes no longer for long lists of articles that no code follows", () => {
    const startedMs = performance.now();
    for (const item of ["articles L 1, ", "articles L 1 et suivants, ", "L 1 à L 2 et "]) factsOf(`article ${item.repeat(2_000)}`);
    assert.ok(performance.now() - startedMs < 3_000);
  });
  it("is not hurt by letters of other alphabets, half characters or a page of noise in bounded time", () => {
    const noise = "\uD800ﬁİŒ𝔸 ".repeat(500) + "n° ".repeat(3_000) + "a ".repeat(5_000) + "1 ".repeat(5_000) + "L. 1, ".repeat(3_000);
    const startedMs = performance.now();
    assert.equal(factsOf(noise, order()).number?.evidence.page, 2);
    assert.ok(performance.now() - startedMs < 2_000);
  });
});
