import { z } from "zod";
import { CATEGORY_KEYS } from "../contributions/categories.ts";
import { AnsweredByShape } from "./answered-by.ts";
import { PAGE_FLAGS, type PageReading, UNREAD_REASONS } from "./page.ts";

export const ACT_KINDS = [
  "arrete",
  "deliberation",
  "convocation",
  "ordre-du-jour",
  "bulletin-municipal",
  "rapport",
  "formulaire",
  "avis",
  "programme",
  "plan",
  "compte-rendu",
  "transcription",
  "notes",
  "autre",
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

/** What a claim is about. `numero`, `date-acte` and `titre` are about the act itself. */
export const CLAIM_ABOUT = ["numero", "date-acte", "titre", "decision", "montant", "date", "echeance", "lieu"] as const;
export type ClaimAbout = (typeof CLAIM_ABOUT)[number];

/** A mark or a blank alone is no text. */
const text = (maxChars: number) =>
  z
    .string()
    .regex(/[\p{L}\p{N}]/u, "a text has letters or figures")
    .max(maxChars);

/** What one model call answers about one chunk. Plain on purpose: every vendor's structured output takes it. */
export const ChunkAnswer = z.strictObject({
  kind: z.enum(ACT_KINDS),
  summary: text(2_000),
  themes: z
    .array(
      z.strictObject({
        category: z.enum(CATEGORY_KEYS),
        title: text(200),
        keywords: z.array(text(60)).max(12),
        quote: text(1_000),
        page: z.int().min(1),
      }),
    )
    .max(7),
  claims: z
    .array(
      z.strictObject({
        about: z.enum(CLAIM_ABOUT),
        /** The thing itself: "2026-03-14", "12 500 €", "PM2026-031", "salle des fêtes", or the decision in one sentence. */
        value: text(500),
        /** Copied from the text, word for word. */
        quote: text(1_000),
        /** As in the [page N] mark above the quote. */
        page: z.int().min(1),
      }),
    )
    .max(60),
});
export type ChunkAnswer = z.infer<typeof ChunkAnswer>;

/** Never written to once it is made. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

const Page = z.int().min(1).describe("1-based; the page of the file, not the number printed on it.");

const Share = z.number().min(0).max(1);

/** Where a quote stands on a page that was read by OCR. */
export const Box = z
  .object({
    left: Share,
    top: Share,
    width: Share,
    height: Share,
    turn: z
      .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
      .describe("Degrees clockwise by which the page was turned to be read; the shares are of the page as turned."),
  })
  .meta({ id: "Box", description: "Where a quote stands on a page that was read by OCR: around all its words, in shares of the page." });
export type Box = Frozen<z.infer<typeof Box>>;

/** A quote after it was looked for in the document. Only a found one may be printed as a quote. */
export const Evidence = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("found"),
      page: Page,
      text: z.string().describe("As it is printed on the page."),
      edits: z.int().min(0).describe("Characters by which the model's copy differed."),
      box: Box.exactOptional(),
    }),
    z.object({
      kind: z.literal("not-found"),
      page: Page.nullable().describe(
        "The page that the model named; null when the document has no such page. What it wrote is kept nowhere.",
      ),
    }),
  ])
  .meta({ id: "Evidence", description: "A quote after it was looked for in the document: only a found one is a quote." });
export type Evidence = Frozen<z.infer<typeof Evidence>>;

export const Claim = z
  .object({
    about: z.enum(CLAIM_ABOUT),
    value: z.string().describe("In the model's words, or as read off the page by rules."),
    evidence: Evidence,
    figures: z
      .enum(["agree", "differ", "no-figures"])
      .describe('Whether the figures of the value stand in its quote: "12 500 €" above a quote that says 13 500 is not proved by it.'),
  })
  .meta({ id: "Claim", description: "One thing that the document is said to say, with its proof." });
export type Claim = Frozen<z.infer<typeof Claim>>;

/** What the act states of itself, read by rules and not by a model. */
export const StatedFact = z
  .object({
    value: z
      .union([z.string(), z.number()])
      .describe("Euros for amounts; a day, a period or a length in ISO 8601 for deadlines; else as printed."),
    page: Page,
    text: z.string().describe("The passage, as printed."),
    box: Box.exactOptional(),
  })
  .meta({ id: "StatedFact", description: "What the act states of itself, read by rules and not by a model." });
export type StatedFact = Frozen<z.infer<typeof StatedFact>>;

export const Theme = z
  .object({ category: z.enum(CATEGORY_KEYS), title: z.string(), keywords: z.array(z.string()), evidence: z.array(Evidence) })
  .meta({ id: "Theme" });
export type Theme = Frozen<z.infer<typeof Theme>>;

export const TestContribution = z
  .object({
    id: z.string(),
    category: z.enum(CATEGORY_KEYS),
    constat_factuel: z.string(),
    idees_ameliorations: z.string(),
    title: z.string(),
    body: z.string(),
    source: z.enum(["practice", "model"]),
    theme: z.string(),
    page: Page.nullable(),
    expected_valid: z.boolean(),
    violations_injected: z.array(z.enum(["subtle", "aggressive"])).nullable(),
  })
  .meta({ id: "TestContribution", description: "Test data for the charter check, made from a theme; no citizen wrote it." });
export type TestContribution = Frozen<z.infer<typeof TestContribution>>;

const Reading = z
  .object({
    page: Page,
    source: z.enum(["text-layer", "ocr", "both", "none"]),
    confidence: z.number().min(0).max(100).nullable().describe("Of an OCR; null for a text of the file's own, or none."),
    flags: z.array(z.enum(PAGE_FLAGS)),
    unread: z.enum(UNREAD_REASONS).exactOptional().describe("Why the page was not read, or not its large picture beside its own text."),
  })
  .meta({ id: "PageReading", description: "How one page was read." }) satisfies z.ZodType<PageReading>;

const ReadDocument = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  files: z
    .array(z.string())
    .min(1)
    .describe("Names relative to the documents folder; several when the same bytes lie under several names."),
  bytes: z.int().min(0),
  format: z.enum(["pdf", "markdown", "text"]),
  pages: z.int().min(1),
  pagesWithoutText: z.array(Page).describe("Pages of which no text could be read, blank ones included."),
  reading: z.array(Reading).exactOptional().describe("How each page was read, in order; absent in results of before."),
  hasActiveContent: z.boolean().exactOptional().describe("The PDF has a program or a file in it, which was neither run nor opened."),
  speakersMasked: z
    .int()
    .min(0)
    .exactOptional()
    .describe("Speakers of a transcript whose names were replaced by Intervenant_N; absent in results of before."),
});

const Stated = z.object({
  author: StatedFact.nullable(),
  places: z.array(StatedFact),
  legalReferences: z.array(StatedFact),
  amounts: z.array(StatedFact),
  deadlines: z.array(StatedFact),
});

const Production = z.object({
  at: z.iso.datetime().describe("When this analysis began."),
  promptVersion: z.string(),
  practice: z.boolean().describe("Any part was answered by the practice model, which is no language model."),
  answers: z.array(AnsweredByShape).describe("One entry for each question to a model, in order."),
  readBy: z
    .array(AnsweredByShape)
    .exactOptional()
    .describe("Who read the pages that needed OCR, one for each; absent in results of before."),
  reviewed: z.literal(false).describe("No person has reviewed it."),
});

/** The stored result of one document; the reports are pure functions of it. The published schema is made of this. */
export const DocumentResult = z
  .object({
    schemaVersion: z.literal(1),
    document: ReadDocument,
    status: z.enum(["analysed", "no-text"]),
    act: z.object({ kind: z.enum(ACT_KINDS), number: Claim.nullable(), date: Claim.nullable(), title: Claim.nullable() }),
    stated: Stated.exactOptional().describe("What the act states of itself; absent in results of before and where there was no text."),
    summary: z.array(z.string()).describe("One paragraph for each piece, in reading order; empty when there was no text."),
    themes: z.array(Theme),
    claims: z.array(Claim).describe("decision, montant, date, echeance, lieu; the act's own claims stand in act."),
    quotes: z.object({ checked: z.int().min(0), found: z.int().min(0) }),
    production: Production,
    dataset: z.array(TestContribution).describe("Test contributions made from the themes, for the charter check."),
  })
  .meta({
    title: "Écluse: resultat.json",
    description:
      "What was found in one document of the town. Within version 1, fields and words of lists may be added; none goes or changes its meaning.",
  });
export type DocumentResult = Frozen<z.infer<typeof DocumentResult>>;

/** A file that could not be read as a document: it has no report, and the list names it. */
export interface UnreadFile {
  /** SHA-256 of its content, or of its name where nothing could be opened. */
  readonly key: string;
  /** Relative to the documents folder. */
  readonly files: readonly string[];
  /** What is wrong and what to do. */
  readonly reason: string;
}

/** What one model call answers about one theme: test data for the charter check. */
export const ThemeContributions = z.strictObject({
  contributions: z
    .array(
      z.strictObject({
        /** "valid" twice, then one "subtle" and one "aggressive" violation. */
        sort: z.enum(["valid", "subtle", "aggressive"]),
        constat_factuel: text(2_000),
        idees_ameliorations: text(2_000),
      }),
    )
    .length(4),
});
export type ThemeContributions = z.infer<typeof ThemeContributions>;
