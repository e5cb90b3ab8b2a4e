import { z } from "zod";
import { CATEGORY_KEYS, type Category } from "../contributions/categories.ts";
import type { AnsweredBy } from "../core/attempt.ts";
import type { PageReading } from "./page.ts";

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

/** A quote after it was looked for in the document. Only a found one may be printed as a quote. */
export type Evidence =
  /** `text` stands on `page`, as it is printed there; `edits` is how many characters the model's copy differed by. */
  | { readonly kind: "found"; readonly page: number; readonly text: string; readonly edits: number }
  /** What the model wrote is kept nowhere. `page` is the one it named, or null when the document has no such page. */
  | { readonly kind: "not-found"; readonly page: number | null };

export interface Claim {
  readonly about: ClaimAbout;
  readonly value: string;
  readonly evidence: Evidence;
  /**
   * Whether the figures of the value stand in its quote: "12 500 €" above a quote that says 13 500 is not proved by it.
   * "no-figures": nothing to compare (no figure, no quote found, or a date in words).
   */
  readonly figures: "agree" | "differ" | "no-figures";
}

/** What the act states of itself, read by rules and not by a model. */
export interface StatedFact {
  /** Euros for amounts; a day, a period or a length in ISO 8601 for deadlines; else as printed. */
  readonly value: string | number;
  readonly page: number;
  /** The passage, as printed. */
  readonly text: string;
}

export interface Theme {
  readonly category: Category;
  readonly title: string;
  readonly keywords: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** The stored result of one document; the reports are pure functions of it. */
export interface DocumentResult {
  readonly schemaVersion: 1;
  readonly document: {
    readonly sha256: string;
    /** Names relative to the documents folder; several when the same bytes lie under several names. */
    readonly files: readonly string[];
    readonly bytes: number;
    readonly format: "pdf" | "markdown" | "text";
    readonly pages: number;
    /** Pages with nothing to read: they need OCR. 1-based. */
    readonly pagesWithoutText: readonly number[];
    /** How each page was read, in order; absent in results of before. */
    readonly reading?: readonly PageReading[];
    /** The PDF has a program or a file in it, which was neither run nor opened. */
    readonly hasActiveContent?: boolean;
    /** Speakers of a transcript whose names were replaced by `Intervenant_N`; absent in results of before. */
    readonly speakersMasked?: number;
  };
  readonly status: "analysed" | "no-text";
  readonly act: {
    readonly kind: ActKind;
    readonly number: Claim | null;
    readonly date: Claim | null;
    readonly title: Claim | null;
  };
  /** Absent in results of before. */
  readonly stated?: {
    readonly author: StatedFact | null;
    readonly places: readonly StatedFact[];
    readonly legalReferences: readonly StatedFact[];
    readonly amounts: readonly StatedFact[];
    readonly deadlines: readonly StatedFact[];
  };
  /** One paragraph per chunk in reading order; empty when status is "no-text". */
  readonly summary: readonly string[];
  readonly themes: readonly Theme[];
  /** decision, montant, date, echeance, lieu; the act's own claims stand in `act`. */
  readonly claims: readonly Claim[];
  readonly quotes: { readonly checked: number; readonly found: number };
  readonly production: {
    /** ISO instant with which this analysis began. */
    readonly at: string;
    readonly promptVersion: string;
    /** True when any part was answered by the practice model, which is no language model. */
    readonly practice: boolean;
    /** One entry per model call, in order. */
    readonly answers: readonly AnsweredBy[];
    /** Who read the pages that needed OCR, one for each; absent in results of before. */
    readonly readBy?: readonly AnsweredBy[];
    readonly reviewed: false;
  };
  /** Test contributions made from the themes, for the charter check; see `dataset.ts`. */
  readonly dataset: readonly TestContribution[];
}

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

export interface TestContribution {
  readonly id: string;
  readonly category: Category;
  readonly constat_factuel: string;
  readonly idees_ameliorations: string;
  readonly title: string;
  readonly body: string;
  readonly source: "practice" | "model";
  readonly theme: string;
  readonly page: number | null;
  readonly expected_valid: boolean;
  readonly violations_injected: readonly ("subtle" | "aggressive")[] | null;
}
