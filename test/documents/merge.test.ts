import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ChunkAnswer, ChunkAnswer as ChunkAnswerShape } from "../../src/documents/analysis.ts";
import { splitIntoChunks } from "../../src/documents/chunk.ts";
import { mergeAnswers } from "../../src/documents/merge.ts";

const PAGES = [
  { number: 1, text: "ARRÊTÉ n° PM2026-031\nLe stationnement n'est pas autorisé sur la cale du Môle du 3 au 9 avril 2026." },
  { number: 2, text: "Article 2. Une redevance de 12 500 € est due avant le 30 juin 2026.\nFait à Port-Kerelec, le 14 mars 2026." },
  { number: 3, text: "Article 3. L’arrêté PM2022-224 est abrogé. Une redevance de 12 500 € est due pour le ponton." },
  { number: 4, text: "Plan de la cale du Môle. Légende : zone interdite en rouge." },
];
const EMPTY: ChunkAnswer = { kind: "arrete", summary: "Un résumé.", themes: [], claims: [] };
type ClaimSaid = ChunkAnswer["claims"][number];
type ThemeSaid = ChunkAnswer["themes"][number];

/** One answer for pages 1 and 2, one for pages 3 and 4, unless told otherwise. */
function merge(answers: readonly Partial<ChunkAnswer>[], maxChars = 235) {
  const chunks = splitIntoChunks(PAGES, maxChars);
  assert.equal(chunks.length, 2);
  return mergeAnswers({ pages: PAGES, chunks, answers: chunks.map((_, index) => ChunkAnswerShape.parse({ ...EMPTY, ...answers[index] })) });
}
const said = (about: ClaimSaid["about"], value: string, quote: string, page: number): ClaimSaid => ({ about, value, quote, page });
const theme = (
  title: string,
  keywords: string[],
  quote: string,
  page: number,
  category: ThemeSaid["category"] = "economie",
): ThemeSaid => ({ category, title, keywords, quote, page });

describe("putting the answers about a document together", () => {
  it("keeps a quote's page when it stands there", () => {
    const { claims } = merge([{ claims: [said("montant", "12 500 €", "une redevance de 12 500 € est due", 2)] }]);
    assert.deepEqual(claims, [
      {
        about: "montant",
        value: "12 500 €",
        evidence: { kind: "found", page: 2, text: "Une redevance de 12 500 € est due", edits: 0 },
        figures: "agree",
      },
    ]);
  });

  for (const [where, quote, named, page] of [
    ["another page of its chunk", "Fait à Port-Kerelec, le 14 mars 2026", 1, 2],
    ["another page of the document", "zone interdite en rouge", 1, 4],
    ["a page, when the named one is not in the document", "zone interdite en rouge", 99, 4],
  ] as const) {
    it(`corrects the page of a quote that stands on ${where}`, () => {
      assert.equal(merge([{ claims: [said("lieu", "x", quote, named)] }]).claims[0]?.evidence.page, page);
    });
  }

  it("takes a resemblance from the model's own pages only: elsewhere a quote must stand to the letter", () => {
    const almost = "Légendes : zone interdite en rouge";
    assert.equal(merge([{}, { claims: [said("lieu", "x", almost, 4)] }]).claims[0]?.evidence.kind, "found");
    assert.equal(merge([{ claims: [said("lieu", "x", almost, 1)] }]).claims[0]?.evidence.kind, "not-found");
  });

  it("keeps nothing of a quote that stands nowhere, but the claim, marked", () => {
    const merged = merge([{ claims: [said("decision", "La plage est fermée.", "SENTENCE la plage est fermée jusqu'à nouvel ordre", 2)] }]);
    assert.deepEqual(merged.claims[0]?.evidence, { kind: "not-found", page: 2 });
    assert.doesNotMatch(JSON.stringify(merged), /SENTENCE/);
    assert.deepEqual(merged.quotes, { checked: 1, found: 0 });
  });

  it("does not keep a page that the document does not have", () => {
    assert.deepEqual(merge([{ claims: [said("lieu", "x", "une phrase inventée de toutes pièces", 77)] }]).claims[0]?.evidence, {
      kind: "not-found",
      page: null,
    });
  });

  it("shows the negation that a quote left out", () => {
    const evidence = merge([{ claims: [said("decision", "Stationnement autorisé", "autorisé sur la cale du Môle", 1)] }]).claims[0]
      ?.evidence;
    assert.equal(evidence?.kind === "found" && evidence.text, "n'est pas autorisé sur la cale du Môle");
  });

  for (const [what, about, value, quote, page, figures] of [
    ["an amount that its quote says", "montant", "12500 euros", "Une redevance de 12 500 € est due", 2, "agree"],
    ["an amount that its quote does not say", "montant", "15 200 €", "Une redevance de 12 500 € est due", 2, "differ"],
    ["a date written in French", "date", "2026-03-14", "Fait à Port-Kerelec, le 14 mars 2026", 2, "agree"],
    ["another month", "date", "2026-04-14", "Fait à Port-Kerelec, le 14 mars 2026", 2, "differ"],
    ["another year", "echeance", "2025-06-30", "est due avant le 30 juin 2026", 2, "differ"],
    ["the first day of a period", "date", "2026-04-03", "du 3 au 9 avril 2026", 1, "agree"],
    ["a place without figures", "lieu", "cale du Môle", "sur la cale du Môle", 1, "no-figures"],
  ] as const) {
    it(`says "${figures}" of ${what}`, () =>
      assert.equal(merge([{ claims: [said(about, value, quote, page)] }]).claims[0]?.figures, figures));
  }

  it("takes the act's number from the earliest page where it is proved, not the one of the act it repeals", () => {
    const { act, claims } = merge([
      { claims: [said("numero", "PM2026-030", "un numéro inventé", 1), said("numero", "PM2026-031", "ARRÊTÉ n° PM2026-031", 1)] },
      { claims: [said("numero", "PM2022-224", "L'arrêté PM2022-224 est abrogé", 3)] },
    ]);
    assert.equal(act.number?.value, "PM2026-031");
    assert.deepEqual(claims, [], "what is said of the act itself is not repeated below");
    assert.equal(act.date, null);
  });

  for (const [what, kinds, kind] of [
    ["its first page, when one annex says otherwise", ["arrete", "plan"], "arrete"],
    ["most of its pages, when the first cannot tell", ["autre", "plan"], "plan"],
    ["nothing, when no page can tell", ["autre", "autre"], "autre"],
  ] as const) {
    it(`calls a document what is said by ${what}`, () => assert.equal(merge(kinds.map((one) => ({ kind: one }))).act.kind, kind));
  }

  it("calls a document what its first page says, when two of three annexes agree on something else", () => {
    const pages = Array.from({ length: 4 }, (_, index) => ({ number: index + 1, text: `Page numéro ${index + 1}` }));
    const chunks = splitIntoChunks(pages, 30);
    const kinds = ["arrete", "plan", "plan", "autre"] as const;
    assert.equal(mergeAnswers({ pages, chunks, answers: kinds.map((kind) => ({ ...EMPTY, kind })) }).act.kind, "arrete");
  });

  it("takes the title from the earliest page, also when a later answer gave it", () => {
    const { act } = merge([
      { claims: [said("titre", "Plan", "Plan de la cale du Môle", 1)] },
      { claims: [said("titre", "Abrogation", "L'arrêté PM2022-224 est abrogé", 3)] },
    ]);
    assert.equal(act.title?.value, "Abrogation");
  });

  it("calls a document what four annexes agree on against its first page", () => {
    const pages = Array.from({ length: 5 }, (_, index) => ({ number: index + 1, text: `Page numéro ${index + 1}` }));
    const chunks = splitIntoChunks(pages, 30);
    const answers = chunks.map((_, index): ChunkAnswer => ({ ...EMPTY, kind: index === 0 ? "avis" : "bulletin-municipal" }));
    assert.equal(mergeAnswers({ pages, chunks, answers }).act.kind, "bulletin-municipal");
  });

  it("joins near-duplicate themes of one category and keeps every page", () => {
    const { themes } = merge([
      { themes: [theme("Redevance de stationnement", ["redevance", "cale"], "Une redevance de 12 500 € est due", 2)] },
      {
        themes: [
          theme("Redevances de stationnement", ["ponton"], "est due pour le ponton", 3),
          theme("Argent dû par les plaisanciers", ["cale", "redevance", "ponton"], "zone interdite en rouge", 4),
          theme("Redevance de stationnement", [], "zone interdite en rouge", 4, "ecologie"),
        ],
      },
    ]);
    assert.deepEqual(
      themes.map((one) => [one.category, one.title, one.keywords, one.evidence.map((evidence) => evidence.page)]),
      [
        ["economie", "Redevance de stationnement", ["redevance", "cale", "ponton"], [2, 3, 4]],
        ["ecologie", "Redevance de stationnement", [], [4]],
      ],
    );
  });

  it("does not join themes whose figures differ", () => {
    const { themes } = merge([{ themes: [theme("Budget 2025", [], "sur la cale", 1), theme("Budget 2026", [], "sur la cale", 1)] }]);
    assert.equal(themes.length, 2);
  });

  it("joins a place said on every page, and keeps the same amount for two things twice", () => {
    const { claims } = merge([
      {
        claims: [
          said("lieu", "Cale du Môle", "nulle part dans ce texte", 1),
          said("lieu", "cale du Môle", "la cale du Môle", 1),
          said("montant", "12 500 €", "Une redevance de 12 500 € est due avant", 2),
        ],
      },
      {
        claims: [
          said("montant", "12 500 €", "Une redevance de 12 500 € est due pour le ponton", 3),
          said("lieu", "cale du Môle", "Plan de la cale du Môle", 4),
        ],
      },
    ]);
    assert.deepEqual(
      claims.map((claim) => [claim.about, claim.evidence.kind, claim.evidence.page]),
      [
        ["lieu", "found", 1],
        ["montant", "found", 2],
        ["montant", "found", 3],
      ],
    );
  });

  it("does not join two decisions that say the contrary", () => {
    const quote = "Le stationnement n'est pas autorisé sur la cale";
    const values = [
      "Le stationnement est autorisé sur la cale du Môle en avril.",
      "Le stationnement n'est pas autorisé sur la cale du Môle en avril.",
    ];
    assert.equal(merge([{ claims: values.map((value) => said("decision", value, quote, 1)) }]).claims.length, 2);
  });

  it("keeps one paragraph of summary per chunk, in reading order", () => {
    assert.deepEqual(merge([{ summary: "Première\npartie." }, { summary: " Seconde partie. " }]).summary, [
      "Première partie.",
      "Seconde partie.",
    ]);
  });

  it("takes the quotation marks from words in a summary or a value that nobody wrote, and leaves them round a name", () => {
    const { summary, claims } = merge([
      {
        summary: 'Le maire dit « nous fermerons la plage » et cite la « cale du Môle ». Il ajoute "jamais" et “encore moins”.',
        claims: [said("decision", "Le maire promet « un port pour tous »", "sur la cale du Môle", 1)],
      },
    ]);
    assert.equal(summary[0], "Le maire dit nous fermerons la plage et cite la « cale du Môle ». Il ajoute jamais et encore moins.");
    assert.equal(claims[0]?.value, "Le maire promet un port pour tous");
  });

  it("checks 800 invented quotes against 90,000 characters in under three seconds", () => {
    const pages = [{ number: 1, text: "00:12:31 Intervenant\nNous avons parlé de la cale, du budget et de l'école. ".repeat(1_250) }];
    const chunks = splitIntoChunks(pages);
    const answer: ChunkAnswer = {
      ...EMPTY,
      claims: Array.from({ length: 60 }, (_, index) =>
        said("lieu", `lieu ${index}`, `Nous n'avons jamais parlé ${index} fois de la cale ni du budget de cette école privée`, 1),
      ),
    };
    const began = performance.now();
    const merged = mergeAnswers({ pages, chunks, answers: chunks.map(() => answer) });
    assert.ok(performance.now() - began < 3_000, `${performance.now() - began} ms`);
    assert.equal(merged.quotes.found, 0);
  });
});
