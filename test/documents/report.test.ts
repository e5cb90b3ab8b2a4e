import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DocumentResult, Evidence } from "../../src/documents/analysis.ts";
import { originalsFor } from "../../src/documents/report-files.ts";
import { indexHtml, reportHtml } from "../../src/documents/report-html.ts";
import { markdownText, reportMarkdown } from "../../src/documents/report-markdown.ts";
import { frenchDate, frenchSize, pageList, typography } from "../../src/documents/report-words.ts";
import { ANALYSED, PRACTICE, SCAN, saying } from "./sample-results.ts";

/** The text a reader sees, without markup. */
const seen = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");

/** Every printed quote with the page under it. */
const quotesIn = (html: string): string[] =>
  [...html.matchAll(/<blockquote><p>«\u00A0(.*?)\u00A0»<\/p><\/blockquote>\s*<figcaption>(page \d+)/gs)].map(
    (match) => `${seen(match[1] ?? "")} (${match[2]})`,
  );
const evidenceOf = (result: DocumentResult): readonly Evidence[] => [
  ...[result.act.number, result.act.date, result.act.title].flatMap((claim) => (claim === null ? [] : [claim.evidence])),
  ...result.themes.flatMap((theme) => theme.evidence),
  ...result.claims.map((claim) => claim.evidence),
];

const byText = (a: string, b: string): number => a.localeCompare(b);

describe("the report of an analysed document", () => {
  const page = reportHtml(ANALYSED);
  const text = seen(page);

  it("prints each quote that was found with its page, and no other quote", () => {
    const found = evidenceOf(ANALYSED).flatMap((evidence) =>
      evidence.kind === "found" ? [`${evidence.text} (page ${evidence.page})`] : [],
    );
    assert.deepEqual(quotesIn(page).sort(byText), found.sort(byText));
    assert.equal(page.match(/«\u00A0/g)?.length, found.length, "and no other quotation marks");
  });
  it("says where a quote was not found, and prints none there", () => {
    assert.equal(page.match(/class="missing"/g)?.length, evidenceOf(ANALYSED).filter((evidence) => evidence.kind === "not-found").length);
    assert.match(text, /citation non retrouvée \(page annoncée : 7\)/);
    assert.match(text, /10 sur 12 retrouvées/);
  });
  it("warns where the figures are not those of the quote", () =>
    assert.match(text, /6 520 € À vérifier : les chiffres ne sont pas ceux de la citation/));
  it("says which pages nobody could read", () => assert.match(text, /Les pages 4 à 6 et 9 \(sur 12\) n’ont pas de texte lisible/));
  it("says that it was made by AI and that no person reviewed it", () =>
    assert.match(text, /Généré par IA, non relu .*aucune personne n’a vérifié ce texte/));
  it("says who answered, where, and why those asked before did not", () => {
    assert.match(text, /Ollama, modèle mistral:latest, sur le serveur local, sans sortie du texte/);
    assert.match(text, /Mistral, modèle mistral-small-latest, chez un prestataire externe \(Union européenne\)/);
    assert.match(text, /Ollama : n’a pas répondu à temps/);
    assert.match(text, /OpenAI : pas interrogé : il est hors de l’Union européenne/);
    assert.match(text, /24 novembre 2026 à 22:34 \(heure de Paris\)/);
  });
  it("is not called practice", () => assert.doesNotMatch(text, /entraînement/));
  it("loads nothing and runs nothing", () => {
    assert.match(page, /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/);
    assert.doesNotMatch(page, /<script|<img|@import|url\(|https?:|\sstyle=|\son\w+=/i);
  });
  it("is the same, byte for byte, from the same result, in HTML and in Markdown", () => {
    const copy = JSON.parse(JSON.stringify(ANALYSED)) as DocumentResult;
    assert.equal(reportHtml(copy), page);
    assert.equal(reportMarkdown(copy), reportMarkdown(ANALYSED));
  });
  it("says the same in Markdown", () => {
    const markdown = reportMarkdown(ANALYSED);
    for (const evidence of evidenceOf(ANALYSED)) {
      if (evidence.kind === "found")
        assert.ok(markdown.includes(`«\u00A0${markdownText(evidence.text)}\u00A0» (page ${evidence.page}`), evidence.text);
    }
    assert.match(markdown, /Généré par IA, non relu/);
    assert.match(markdown, /\*citation non retrouvée \(page annoncée\u00A0: 7\)\*/);
  });
  it("is named after its file when its title was not found in the document", () => {
    const title = { about: "titre", value: "Un titre inventé", evidence: { kind: "not-found", page: 1 }, figures: "no-figures" } as const;
    assert.match(reportHtml({ ...ANALYSED, act: { ...ANALYSED.act, title } }), /<h1>Délibération n° 2026-014 \(voile\)<\/h1>/);
  });
});

describe("what an act says of itself", () => {
  const fact = (value: string | number, page: number, text: string) => ({ value, page, text });
  const stated = {
    author: fact("Le maire de Port-Kerelec", 1, "Le maire de Port-Kerelec,"),
    places: [],
    legalReferences: [fact("article L. 2212-2 du CGCT", 1, "Vu l'article L. 2212-2 du code général des collectivités territoriales")],
    amounts: [fact(1_250.5, 8, "soit 1 250,50 €")],
    deadlines: [fact("2026-03-01/2026-03-09", 8, "du 1er au 9 mars 2026"), fact("P2M", 8, "dans un délai de deux mois")],
  };
  const text = seen(reportHtml({ ...ANALYSED, stated }));

  it("stands in the report with its passages, in French words", () => {
    assert.match(text, /Ce que l’acte dit de lui-même Relevé par des règles/);
    assert.match(text, /Textes cités article L\. 2212-2 du CGCT « Vu l'article L\. 2212-2/);
    assert.match(text, /1 250,50 € « soit 1 250,50 € » page 8/);
    assert.match(text, /du 1er mars 2026 au 9 mars 2026 «/);
    assert.match(text, /2 mois « dans un délai de deux mois/);
  });
  it("says every amount of a page of which the model named one, and that one only once", () => {
    const amounts = [fact(12_500, 1, "12 500 €"), fact(300, 1, "300 €"), fact(45.2, 1, "45,20 €")];
    const [, said = ""] = seen(reportHtml({ ...ANALYSED, stated: { ...stated, amounts } })).split("Relevé par des règles");
    assert.deepEqual(said.match(/[\d,]+ €(?= «)/g), ["300 €", "45,20 €"]);
  });
  it("is not called missing further down", () => {
    const claims = ANALYSED.claims.filter(({ about }) => about !== "echeance" && about !== "lieu");
    const page = seen(reportHtml({ ...ANALYSED, claims, stated }));
    assert.match(page, /Échéances du 1er mars 2026/);
    assert.match(page, /Aucun élément relevé sous : lieu\./);
  });
  it("is not said when nothing is stated", () => assert.doesNotMatch(seen(reportHtml(ANALYSED)), /dit de lui-même/));
});

describe("the way from a quote to its page", () => {
  const named = (file: string): DocumentResult => ({ ...ANALYSED, document: { ...ANALYSED.document, files: [file] } });
  const hrefs = (file: string): ReadonlySet<string> =>
    new Set([...reportHtml(named(file), "../../../documents").matchAll(/<a href="([^"]+)">page/g)].map((match) => match[1] ?? ""));

  it("leads to that page of the very file, whatever its name", () => {
    const [first] = hrefs("2026/N° 14 – 100%25 #1 (voile)?.pdf");
    assert.equal(first, "../../../documents/2026/N%C2%B0%2014%20%E2%80%93%20100%2525%20%231%20(voile)%3F.pdf#page=1");
    const markdown = reportMarkdown(named("a(b).pdf"), "https://mairie.example/docs");
    assert.match(markdown, /\(\[page 1\]\(<https:\/\/mairie\.example\/docs\/a\(b\)\.pdf#page=1>\)/);
  });
  it("is given for each quote that is printed", () => {
    const html = reportHtml(ANALYSED, "https://mairie.example/docs");
    assert.equal(html.match(/<a href="https:[^"]+#page=\d+">page \d+<\/a>/g)?.length, html.match(/<blockquote>/g)?.length);
  });
  it("is the file alone where files have no pages", () => {
    const text = { ...ANALYSED, document: { ...ANALYSED.document, format: "text", files: ["a.txt"] } } as const;
    assert.match(reportHtml(text, "d"), /<a href="d\/a\.txt">page 1<\/a>/);
  });
  it("goes from the report's folder to the documents on this disk, or to the web", () => {
    const places = { OUT_DIR: "/srv/town/out", DOCUMENTS_DIR: "/srv/town/papiers à lire" };
    assert.equal(originalsFor(places), "../../../papiers%20%C3%A0%20lire");
    assert.equal(originalsFor({ ...places, DOCUMENTS_URL: "https://mairie.example/d" }), "https://mairie.example/d");
  });
});

describe("the report of a scan", () => {
  const text = seen(reportHtml(SCAN));
  it("says what it is, that nothing was summarised and what to do", () => {
    assert.match(text, /P-PM2023-003/);
    assert.match(text, /Rien n’a été résumé, et aucun modèle n’a été interrogé/);
    assert.match(text, /la reconnaissance de caractères n’a trouvé aucun texte sûr/);
  });
  it("has no summary, no theme and no label of a text that does not exist", () => assert.doesNotMatch(text, /Résumé|Thèmes|Généré par IA/));
  it("of an empty text file does not ask for OCR", () =>
    assert.doesNotMatch(seen(reportHtml({ ...SCAN, document: { ...SCAN.document, format: "text" } })), /OCR|numérisé/));
});

describe("the report of the practice model", () => {
  it("says so before anything else", () => {
    assert.match(seen(reportHtml(PRACTICE)), /Arrêté portant réglementation Modèle d’entraînement : extraits, pas une analyse/);
    assert.match(reportMarkdown(PRACTICE), /> \*\*Modèle d’entraînement\u00A0: extraits, pas une analyse\*\*/);
    assert.match(seen(indexHtml([{ result: PRACTICE, href: "a" }])), /Modèle d’entraînement/);
  });
});

describe("the list of documents", () => {
  const page = indexHtml(
    [SCAN, ANALYSED, PRACTICE].map((result) => ({ result, href: `documents/${result.document.sha256.slice(0, 8)}/rapport.html` })),
  );
  it("has a link for each, and says which ones were not summarised", () => {
    assert.deepEqual(
      [...page.matchAll(/<h2><a href="([^"]+)"/g)].map((match) => match[1]),
      ["documents/cd786850/rapport.html", "documents/ab786850/rapport.html", "documents/3f786850/rapport.html"],
    );
    assert.match(seen(page), /3 documents : 2 analysés, 1 sans texte à lire/);
  });
  it("is the same in whatever order the documents come", () => {
    const entries = [PRACTICE, SCAN, ANALYSED].map((result) => ({
      result,
      href: `documents/${result.document.sha256.slice(0, 8)}/rapport.html`,
    }));
    assert.equal(indexHtml(entries), page);
  });
});

const HOSTILE = [
  `</title><script>alert(1)</script>`,
  `"'><img src=x onerror=alert(1)>`,
  `</blockquote></figure></section></main></style>`,
  "&lt;script&gt; &amp; &#60;b&#62;",
  "---\ntitle: volé\n---\n# Titre\n",
  "\n\n# Titre\n\n[lien](javascript:alert(1)) ![image](http://evil.example/x.png)",
  "{{ site.secret }} {% include x %} {alert(1)} <Composant />",
  "import x from 'fs'",
  "export const x = 1",
  "- liste\n+ liste\n1. liste\n2) liste\n> citation\n| a | b |\n```\ncode\n~~~\n***\n===",
  "http://evil.example/ www.evil.example a@evil.example [^1] *[HTML]: x :::note",
  "**gras** _it_ `code` ~~barré~~ $x$ $$y$$ ^a^ \\ # titre",
  "\u202Elortnoc\u202C\u200B\u0000\u0007\u{E0041}\uFEFF caché \uD800",
  `nom" : "x\nsha256: "0000\n'`,
] as const;

describe("hostile text in every field of a result", () => {
  for (const text of HOSTILE) {
    const result = saying(text);
    const html = reportHtml(result);
    const markdown = reportMarkdown(result);
    it(`adds no tag to the page, and shows nothing unseen: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const tags = (page: string): string[] =>
        (page.match(/<\/?[a-z][^>]*>/gi) ?? []).filter((tag) => !/^<\/?(?:h1|h2|h3|p|li|ul|span|dd|dt)\b/.test(tag)).sort();
      // The same result with a plain word in every field has the same tags.
      assert.deepEqual(tags(html), tags(reportHtml(saying("mot"))));
      assert.doesNotMatch(html + indexHtml([{ result, href: "x" }]), /(?![\n])[\p{Cc}\p{Cf}\p{Cs}]/u);
    });
    it(`adds no line, key, link or markup to the Markdown: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const [, front = "", ...body] = markdown.split(/^---$/m);
      assert.equal(body.length, 1, "the front matter ends once");
      const keys = front
        .trim()
        .split("\n")
        .map((line) => /^([a-z_0-9]+): (.+)$/.exec(line));
      assert.deepEqual(
        keys.map((key) => key?.[1]),
        reportMarkdown(ANALYSED)
          .split(/^---$/m)[1]
          ?.trim()
          .split("\n")
          .map((line) => line.split(":")[0]),
      );
      for (const key of keys) JSON.parse(key?.[2] ?? "");
      for (const line of (body[0] ?? "").split("\n"))
        assert.match(line, /^(?:$|#{1,3} \S|> |>$|\*\S|- |\s\s- |[\p{L}&\\(«"'.:*\d])/u, "every line is one of ours");
      assert.doesNotMatch(body[0] ?? "", /(?<!\\)[[\]`|]|[<{}@$~^]|https?:\/\/|(?<![\w;])www\.|^(?:import|export)\b/m);
      assert.doesNotMatch(markdown, /(?![\n])[\p{Cc}\p{Cf}\p{Cs}]/u);
    });
  }
});

describe("French on the page", () => {
  for (const [what, shown, expected] of [
    ["the first of a month", frenchDate("2026-03-01"), "1er mars 2026"],
    ["a month alone", frenchDate("2026-08"), "août 2026"],
    ["a date that does not exist, as it is", frenchDate("2026-02-31"), "2026-02-31"],
    ["a delay, as it is", frenchDate("deux mois"), "deux mois"],
    ["thousands and units that do not break", typography("12 500 € : oui !"), "12\u202F500\u00A0€\u00A0: oui\u202F!"],
    ["an address, untouched", typography("https://mairie.example/a?b"), "https://mairie.example/a?b"],
    ["pages", pageList([9, 1, 2, 5, 4, 3, 7]), "1 à 5, 7 et 9"],
    ["two pages", pageList([1, 2]), "1 et 2"],
    ["a size", frenchSize(1_432_118), "1,4\u00A0Mo"],
    ["a small size", frenchSize(999), "999\u00A0octets"],
  ] as const) {
    it(`writes ${what}`, () => assert.equal(shown, expected));
  }
});
