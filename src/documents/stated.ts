import { doubtOf } from "./act/doubt.ts";
import { readAct } from "./act/read-act.ts";
import type { ActEvidence, ActPage, Stated } from "./act/sheet.ts";
import type { Claim, ClaimAbout, StatedFact } from "./analysis.ts";
import { compareFigures } from "./figures.ts";
import type { MergedAnalysis } from "./merge.ts";
import type { ReadPage } from "./read-pages.ts";

/** A page as the rules read it. */
export const actPageOf = ({ number, text, reading: { source, confidence }, scan }: ReadPage): ActPage => ({
  number,
  text,
  source,
  confidence,
  // Where OCR only added to a page's own text, these are the words it added.
  words: scan?.words,
});

/**
 * The analysis with what the act says of itself, which rules have read off its pages: its kind, number and date before those that a
 * model gave, and its author, places, legal references, amounts and deadlines beside the model's claims. A number or day whose figures
 * OCR read badly is nobody's.
 */
export function withStated(merged: MergedAnalysis, pages: readonly ActPage[]): MergedAnalysis {
  const facts = readAct(pages);
  const isDoubtful = doubtOf(pages);
  const { act, ...rest } = merged;
  return {
    ...rest,
    act: {
      ...act,
      kind: facts.kind?.value ?? act.kind,
      number: facts.number === null ? unlessDoubtful(act.number, isDoubtful) : claimOf("numero", facts.number),
      date: facts.date === null ? unlessDoubtful(act.date, isDoubtful) : claimOf("date-acte", facts.date),
    },
    stated: {
      author: facts.author === null ? null : factOf(facts.author),
      places: facts.places.map(factOf),
      legalReferences: facts.legalReferences.map(factOf),
      amounts: facts.amounts.map(factOf),
      deadlines: facts.deadlines.map(factOf),
    },
  };
}

const unlessDoubtful = (claim: Claim | null, isDoubtful: (evidence: ActEvidence) => boolean): Claim | null =>
  claim?.evidence.kind === "found" && isDoubtful({ page: claim.evidence.page, quote: claim.evidence.text }) ? null : claim;

function claimOf(about: ClaimAbout, { value, evidence: { page, quote } }: Stated<string>): Claim {
  return { about, value, evidence: { kind: "found", page, text: quote, edits: 0 }, figures: compareFigures(about, value, quote) };
}

const factOf = ({ value, evidence: { page, quote } }: Stated<string | number>): StatedFact => ({ value, page, text: quote });
