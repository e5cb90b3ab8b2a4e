import { CATEGORY_KEYS } from "../contributions/categories.ts";
import type { Box, Claim, ClaimAbout, DocumentResult, Evidence, StatedFact } from "./analysis.ts";
import { printable } from "./clean-text.ts";
import { type Notice, noticesOf } from "./report-notices.ts";
import { type Fact, productionFacts } from "./report-production.ts";
import { readingLines, unreadPages } from "./report-reading.ts";
import { type StatedGroup, statedBeside, statedValue } from "./report-stated.ts";
import { categoryTitle, frenchDate, frenchSize, KIND_NAMES, pageList, plural, typography } from "./report-words.ts";
import { stemOf } from "./slug.ts";

/** A report as what is said in which order; `report-html.ts` and `report-markdown.ts` only dress it. Every text is plain text. */
export interface ReportContent {
  readonly title: string;
  readonly kind: string;
  readonly notices: readonly Notice[];
  /** Number and date of the act, with their proofs. */
  readonly identity: readonly Item[];
  readonly sections: readonly Section[];
  readonly production: readonly Fact[];
  readonly file: readonly Fact[];
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly note: string | undefined;
  /** "rows": short values beside their proofs. */
  readonly layout: "blocks" | "rows";
  readonly paragraphs: readonly string[];
  readonly groups: readonly { readonly title: string | undefined; readonly note: string | undefined; readonly items: readonly Item[] }[];
}

/** Something the document says, with what proves it. */
export interface Item {
  readonly label: string | undefined;
  readonly text: string;
  readonly keywords: readonly string[];
  /** Said when the quote does not carry the value. */
  readonly caution: string | undefined;
  readonly proofs: readonly Proof[];
}

export type Proof =
  /** `note` is said when the model's copy was not to the letter; `box` where the page was read by OCR. */
  | {
      readonly kind: "quote";
      readonly text: string;
      readonly page: number;
      readonly note: string | undefined;
      readonly box: Box | undefined;
    }
  | { readonly kind: "missing"; readonly text: string };

/** What a report says, from a result and nothing else: no clock, no file, no setting. */
export function reportContent(result: DocumentResult): ReportContent {
  const isAnalysed = result.status === "analysed";
  return {
    title: titleOf(result),
    kind: kindOf(result),
    notices: noticesOf(result),
    identity: isAnalysed ? identityOf(result) : [],
    sections: isAnalysed ? analysedSections(result) : [scanSection(result)],
    production: productionFacts(result),
    file: fileFacts(result),
  };
}

/** The act's own title when it was found on a page, else the file's name: never a title that is only a model's word. */
export function titleOf({ act, document }: Pick<DocumentResult, "act" | "document">): string {
  const title = act.title?.evidence.kind === "found" ? printable(act.title.value).trim() : "";
  const stem = printable(stemOf(document.files[0] ?? ""))
    .replace(/[_\s]+/g, " ")
    .trim();
  return title === "" ? stem || "Document sans nom" : typography(title);
}

/** What a document is, in a word or two. */
export function kindOf({ status, act, document }: Pick<DocumentResult, "status" | "act" | "document">): string {
  if (status === "analysed") return KIND_NAMES[act.kind];
  return document.format !== "pdf" ? "Fichier sans texte" : unreadPages(document).length === 0 ? "Document vide" : "Document numérisé";
}

function identityOf(result: DocumentResult): readonly Item[] {
  const { number, date, title } = result.act;
  const isHeading = title !== null && typography(printable(title.value).trim()) === titleOf(result);
  return [
    ...(number === null ? [] : [{ ...claimItem(number), label: "Numéro" }]),
    ...(date === null ? [] : [{ ...claimItem(date), label: "Date de l’acte" }]),
    // A title may be four lines long: it stands above already, here stands its proof.
    ...(title === null ? [] : [{ ...claimItem(title), label: "Objet", ...(isHeading ? { text: "le titre de cette page" } : {}) }]),
  ];
}

const CLAIM_SECTIONS: readonly { readonly about: ClaimAbout; readonly id: string; readonly title: string; readonly missing: string }[] = [
  { about: "decision", id: "decisions", title: "Décisions", missing: "décision" },
  { about: "montant", id: "montants", title: "Montants", missing: "montant" },
  { about: "date", id: "dates", title: "Dates", missing: "date" },
  { about: "echeance", id: "echeances", title: "Échéances", missing: "échéance" },
  { about: "lieu", id: "lieux", title: "Lieux", missing: "lieu" },
];

function analysedSections(result: DocumentResult): readonly Section[] {
  const claims = CLAIM_SECTIONS.map((section) => ({
    ...section,
    items: result.claims.filter((claim) => claim.about === section.about).map(claimItem),
  }));
  const stated = statedBeside(result);
  const isStated = (about: ClaimAbout): boolean => stated.some((group) => group.about === about);
  const nothing = [
    ...(result.themes.length === 0 ? ["thème"] : []),
    ...claims.filter(({ about, items }) => items.length === 0 && !isStated(about)).map(({ missing }) => missing),
  ];
  return [
    section("resume", "Résumé", {
      note: "Le résumé est une reformulation : il n’est pas vérifié phrase par phrase. Les citations plus bas le sont.",
      paragraphs: result.summary.map(printable),
    }),
    ...(result.themes.length === 0 ? [] : [themeSection(result)]),
    ...claims
      .filter(({ items }) => items.length > 0)
      .map(({ id, title, items }) =>
        section(id, title, { layout: id === "decisions" ? "blocks" : "rows", groups: [{ title: undefined, note: undefined, items }] }),
      ),
    ...statedSection(stated),
    ...(nothing.length === 0
      ? []
      : [section("rien", "Rien relevé", { paragraphs: [`Aucun élément relevé sous : ${nothing.join(", ")}.`] })]),
  ];
}

function statedSection(groups: readonly StatedGroup[]): readonly Section[] {
  if (groups.length === 0) return [];
  const note = "Relevé par des règles dans le texte lui-même, sans modèle de langue.";
  return [
    section("mentions", "Ce que l’acte dit de lui-même", {
      note,
      layout: "rows",
      groups: groups.map(({ title, facts }) => ({ title: typography(title), note: undefined, items: facts.map(statedItem) })),
    }),
  ];
}

const statedItem = (fact: StatedFact): Item => ({
  label: undefined,
  text: printable(statedValue(fact)),
  keywords: [],
  caution: undefined,
  proofs: [{ kind: "quote", text: printable(fact.text), page: fact.page, note: undefined, box: fact.box }],
});

function section(id: string, title: string, { note, layout = "blocks", paragraphs = [], groups = [] }: Partial<Section>): Section {
  return {
    id,
    title: typography(title),
    note: note === undefined ? undefined : typography(note),
    layout,
    paragraphs: paragraphs.map(typography),
    groups,
  };
}

function themeSection({ themes }: DocumentResult): Section {
  const groups = CATEGORY_KEYS.map((category) => {
    const { name, meaning } = categoryTitle(category);
    const items = themes
      .filter((theme) => theme.category === category)
      .map((theme) => ({
        label: undefined,
        text: typography(printable(theme.title)),
        keywords: theme.keywords.map((word) => typography(printable(word))),
        caution: undefined,
        proofs: theme.evidence.map(proofOf),
      }));
    return { title: name, note: meaning, items };
  });
  return section("themes", "Thèmes", { groups: groups.filter(({ items }) => items.length > 0) });
}

function claimItem(claim: Claim): Item {
  return {
    label: undefined,
    text: frenchDate(printable(claim.value)),
    keywords: [],
    caution: claim.figures === "differ" ? "À vérifier\u00A0: les chiffres ne sont pas ceux de la citation." : undefined,
    proofs: [proofOf(claim.evidence)],
  };
}

function proofOf(evidence: Evidence): Proof {
  if (evidence.kind === "not-found") {
    return {
      kind: "missing",
      text: evidence.page === null ? "citation non retrouvée" : `citation non retrouvée (page annoncée\u00A0: ${evidence.page})`,
    };
  }
  const note = evidence.edits === 0 ? undefined : `citation rétablie d’après la page, à ${plural(evidence.edits, "caractère")} près`;
  return { kind: "quote", text: printable(evidence.text), page: evidence.page, note, box: evidence.box };
}

function scanSection({ document }: DocumentResult): Section {
  const unread = unreadPages(document);
  const isWhole = unread.length >= document.pages;
  if (document.format !== "pdf" || unread.length === 0) {
    const nothing = document.format === "pdf" ? "Ce document n’a que des pages blanches." : "Ce fichier ne contient aucun texte.";
    return section("que-faire", "Que faire ?", {
      paragraphs: [
        `${nothing} Rien n’a été résumé, et aucun modèle n’a été interrogé.`,
        "Vérifier que c’est le bon fichier, puis déposer la bonne version à sa place.",
      ],
    });
  }
  return section("que-faire", "Que faire ?", {
    paragraphs: [
      `${isWhole ? "Les pages de ce document" : `Parmi ses pages, ${pageList(unread)}`} sont des images où la reconnaissance de caractères n’a trouvé aucun texte sûr : le programme n’y trouve rien à lire.`,
      "Rien n’a été résumé, et aucun modèle n’a été interrogé : un résumé fait sans texte serait inventé.",
      "Le plus sûr est de demander au service qui l’a produit la version d’origine (traitement de texte ou PDF exporté), et de la déposer à la place de celle-ci.",
      "À défaut, numériser la page de nouveau, droite, en noir et blanc, à 300 points par pouce, puis déposer le nouveau fichier dans le dossier des documents : il sera analysé au prochain passage.",
    ],
  });
}

function fileFacts({ document }: DocumentResult): readonly Fact[] {
  return [
    { label: document.files.length > 1 ? "Fichiers identiques" : "Fichier", values: document.files.map(printable) },
    { label: "Taille", values: [`${plural(document.pages, "page")}, ${frenchSize(document.bytes)}`] },
    ...(unreadPages(document).length === 0 ? [] : [{ label: "Pages sans texte lisible", values: [pageList(unreadPages(document))] }]),
    ...(readingLines(document).length === 0 ? [] : [{ label: "Lecture des pages", values: readingLines(document) }]),
    { label: "Empreinte SHA-256", values: [document.sha256] },
  ];
}
