import type { ActFacts } from "./act/read-act.ts";
import type { Stated } from "./act/sheet.ts";
import type { Claim, ClaimAbout, StatedFact } from "./analysis.ts";
import { compareFigures } from "./figures.ts";
import type { MergedAnalysis } from "./merge.ts";

/**
 * The analysis with what the act says of itself, which rules have read off its pages: its kind, number and date before those that a
 * model gave, and its author, places, legal references, amounts and deadlines beside the model's claims.
 */
export function withStated(merged: MergedAnalysis, facts: ActFacts): MergedAnalysis {
  const { act, ...rest } = merged;
  return {
    ...rest,
    act: {
      ...act,
      kind: facts.kind?.value ?? act.kind,
      number: facts.number === null ? act.number : claimOf("numero", facts.number),
      date: facts.date === null ? act.date : claimOf("date-acte", facts.date),
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

function claimOf(about: ClaimAbout, { value, evidence: { page, quote } }: Stated<string>): Claim {
  return { about, value, evidence: { kind: "found", page, text: quote, edits: 0 }, figures: compareFigures(about, value, quote) };
}

const factOf = ({ value, evidence: { page, quote } }: Stated<string | number>): StatedFact => ({ value, page, text: quote });
