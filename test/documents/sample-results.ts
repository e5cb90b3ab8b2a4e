import type { Claim, DocumentResult, Evidence } from "../../src/documents/analysis.ts";

type Found = Extract<Evidence, { kind: "found" }>;
const found = (page: number, text: string, edits = 0): Found => ({ kind: "found", page, text, edits });
const claim = (about: Claim["about"], value: string, evidence: Evidence, figures: Claim["figures"] = "agree"): Claim => ({
  about,
  value,
  evidence,
  figures,
});

const SHA = "3f786850e387550fdab836ed7e6dc881de23001b0a1c2d3e4f5061728394a5b6";

/** A council's decision of a town that does not exist, with one quote found with edits, one not found, one that contradicts its value. */
export const ANALYSED: DocumentResult = {
  schemaVersion: 1,
  document: {
    sha256: SHA,
    files: ["2026/Délibération n° 2026-014 (voile).pdf", "copie.pdf"],
    bytes: 1_432_118,
    format: "pdf",
    pages: 12,
    pagesWithoutText: [4, 5, 6, 9],
  },
  status: "analysed",
  act: {
    kind: "deliberation",
    number: claim("numero", "2026-014", found(1, "Délibération n° 2026-014")),
    date: claim("date-acte", "2026-03-01", found(1, "Séance du 1er mars 2026")),
    title: claim(
      "titre",
      "Subvention à l'école de voile de Port-Kerelec",
      found(1, "Objet : subvention à l’école de voile de Port-Kerelec"),
      "no-figures",
    ),
  },
  summary: [
    "Le conseil municipal accorde une subvention de 12 500 € à l'école de voile pour remplacer six bateaux. La somme est versée en deux fois : la moitié à la signature, le reste sur présentation des factures.",
    "La seconde partie rappelle les règles d'usage de la cale et du ponton.",
  ],
  themes: [
    {
      category: "associations",
      title: "Aide à l'école de voile",
      keywords: ["voile", "subvention"],
      evidence: [found(1, "une subvention de 12 500 € à l’école de voile"), found(3, "les six bateaux de l’école", 2)],
    },
    { category: "economie", title: "Accès à la cale du port", keywords: [], evidence: [{ kind: "not-found", page: 7 }] },
  ],
  claims: [
    claim(
      "decision",
      "Le conseil accorde la subvention, à l'unanimité.",
      found(
        1,
        "Le conseil municipal, à l’unanimité, approuve l’octroi d’une subvention de 12 500 € à l’école de voile de Port-Kerelec, sous réserve de la présentation des factures acquittées avant la fin de l’exercice.",
      ),
    ),
    claim("montant", "12 500 €", found(1, "une subvention de 12 500 €")),
    claim("montant", "6 520 €", found(2, "soit 6 250 € à la signature"), "differ"),
    claim("date", "2026-04", found(2, "les travaux commenceront en avril 2026")),
    claim("echeance", "2026-11-30", { kind: "not-found", page: null }, "no-figures"),
    claim("lieu", "cale du Môle", found(7, "la cale du Môle", 1), "no-figures"),
  ],
  quotes: { checked: 12, found: 10 },
  production: {
    at: "2026-11-24T21:34:00.000Z",
    promptVersion: "2026-11-24.1",
    practice: false,
    answers: [
      {
        provider: "ollama",
        model: "mistral:latest",
        site: { kind: "local" },
        attempts: [
          { provider: "ollama", site: { kind: "local" }, kind: "answered", model: "mistral:latest", durationMs: 61_000, slotWaitMs: 1_200 },
        ],
      },
      {
        provider: "mistral",
        model: "mistral-small-latest",
        site: { kind: "cloud", country: "EU" },
        attempts: [
          { provider: "ollama", site: { kind: "local" }, kind: "faulted", fault: "timed-out", durationMs: 1_800_000, slotWaitMs: 0 },
          { provider: "openai", site: { kind: "cloud", country: "US" }, kind: "skipped", why: "outside-eu" },
          {
            provider: "mistral",
            site: { kind: "cloud", country: "EU" },
            kind: "answered",
            model: "mistral-small-latest",
            durationMs: 4_000,
            slotWaitMs: 0,
          },
        ],
      },
    ],
    reviewed: false,
  },
  dataset: [],
};

/** A scan: nothing was read, nothing was asked. */
export const SCAN: DocumentResult = {
  ...ANALYSED,
  document: { sha256: `ab${SHA.slice(2)}`, files: ["P-PM2023-003.pdf"], bytes: 812_004, format: "pdf", pages: 2, pagesWithoutText: [1, 2] },
  status: "no-text",
  act: { kind: "autre", number: null, date: null, title: null },
  summary: [],
  themes: [],
  claims: [],
  quotes: { checked: 0, found: 0 },
  production: { ...ANALYSED.production, answers: [] },
};

/** A scan that was read: its quotes have their places. */
export const READ_SCAN: DocumentResult = {
  ...ANALYSED,
  document: {
    ...SCAN.document,
    sha256: `ef${SHA.slice(2)}`,
    files: ["P-PM2026-014 signé.pdf"],
    pagesWithoutText: [],
    reading: [
      { page: 1, source: "ocr", confidence: 92, flags: ["scan"] },
      { page: 2, source: "ocr", confidence: 74, flags: ["scan", "rotated"] },
    ],
  },
  act: {
    kind: "arrete",
    number: claim("numero", "PM2026-014", {
      ...found(1, "N° PM2026-014"),
      box: { left: 0.72, top: 0.06, width: 0.2, height: 0.018, turn: 0 },
    }),
    date: null,
    title: null,
  },
  themes: [
    {
      category: "economie",
      title: "Travaux au port",
      keywords: ["port"],
      evidence: [
        { ...found(1, "les travaux du quai commencent en mars"), box: { left: 0.1, top: 0.38, width: 0.62, height: 0.034, turn: 0 } },
        found(1, "le quai"),
      ],
    },
  ],
  claims: [
    claim("montant", "12 500 €", {
      ...found(2, "une subvention de 12 500 €", 1),
      box: { left: 0.1, top: 0.8, width: 0.4, height: 0.016, turn: 90 },
    }),
  ],
  stated: {
    author: {
      value: "Le maire",
      page: 1,
      text: "Le maire de Port-Kerelec,",
      box: { left: 0.1, top: 0.2, width: 0.3, height: 0.016, turn: 0 },
    },
    places: [],
    legalReferences: [],
    amounts: [],
    deadlines: [],
  },
  quotes: { checked: 5, found: 5 },
};

/** Answered by the practice model. */
export const PRACTICE: DocumentResult = {
  ...ANALYSED,
  document: { ...ANALYSED.document, sha256: `cd${SHA.slice(2)}`, files: ["Arrêté portant réglementation.pdf"], pagesWithoutText: [] },
  act: { ...ANALYSED.act, kind: "arrete", title: null },
  production: {
    ...ANALYSED.production,
    practice: true,
    answers: [{ provider: "ollama", model: "ecluse-practice", site: { kind: "local" }, attempts: [] }],
  },
};

/** Every text field of the result is `text`: what a document, a model or a file's name could try. */
export function saying(text: string): DocumentResult {
  const evidence = found(1, text, 1);
  const all = (about: Claim["about"]): Claim => claim(about, text, evidence, "differ");
  return {
    ...ANALYSED,
    document: { ...ANALYSED.document, files: [text, text] },
    act: { kind: "arrete", number: all("numero"), date: all("date-acte"), title: all("titre") },
    summary: [text],
    themes: [{ category: "culture", title: text, keywords: [text, text], evidence: [evidence, { kind: "not-found", page: 1 }] }],
    claims: (["decision", "montant", "date", "echeance", "lieu"] as const).map(all),
    production: {
      ...ANALYSED.production,
      promptVersion: text,
      answers: [
        {
          provider: text,
          model: text,
          site: { kind: "cloud", country: text },
          attempts: [{ provider: text, site: { kind: "local" }, kind: "faulted", fault: "unknown", durationMs: 1, slotWaitMs: 1 }],
        },
      ],
    },
    dataset: [
      {
        id: "doc-1",
        category: "culture",
        constat_factuel: text,
        idees_ameliorations: text,
        title: text,
        body: text,
        source: "model",
        theme: text,
        page: 1,
        expected_valid: true,
        violations_injected: null,
      },
    ],
  };
}
