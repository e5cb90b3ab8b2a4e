import type { Claim, ClaimAbout, DocumentResult, StatedFact } from "./analysis.ts";
import { compareFigures } from "./figures.ts";
import { fold } from "./fold.ts";
import { frenchDeadline, frenchEuros } from "./report-words.ts";

export interface StatedGroup {
  readonly title: string;
  /** The claims of a model that may say the same. */
  readonly about: ClaimAbout | undefined;
  readonly facts: readonly StatedFact[];
}

/**
 * What the act says of itself, beside what a model found in it: each fact but those that a claim says already.
 *
 * The worse mistake is to leave one out: a fact that stands there twice is only read twice.
 *
 * @returns groups that have facts, in the order of the report
 */
export function statedBeside({ stated, claims }: Pick<DocumentResult, "stated" | "claims">): readonly StatedGroup[] {
  if (stated === undefined) return [];
  const beside = (title: string, about: ClaimAbout, facts: readonly StatedFact[]): StatedGroup => {
    const said = claims.filter((claim) => claim.about === about && claim.evidence.kind === "found");
    return { title, about, facts: facts.filter((fact) => !said.some((claim) => saysTheSame(claim, fact))) };
  };
  const groups: readonly StatedGroup[] = [
    { title: "Auteur", about: undefined, facts: stated.author === null ? [] : [stated.author] },
    { title: "Textes cités", about: undefined, facts: stated.legalReferences },
    beside("Montants", "montant", stated.amounts),
    beside("Échéances", "echeance", stated.deadlines),
    beside("Lieux", "lieu", stated.places),
  ];
  return groups.filter(({ facts }) => facts.length > 0);
}

/** A fact's value as it is shown. */
export const statedValue = ({ value }: StatedFact): string => (typeof value === "number" ? frenchEuros(value) : frenchDeadline(value));

/** By the value alone: a claim's quote may hold three amounts, of which it says one. */
function saysTheSame({ about, value }: Claim, fact: StatedFact): boolean {
  if (typeof fact.value === "number") return compareFigures(about, value, statedValue(fact)) === "agree";
  return isWithin(frenchDeadline(value), statedValue(fact)) || isWithin(value, fact.text);
}

function isWithin(one: string, other: string): boolean {
  const [a, b] = [fold(one).text.trim(), fold(other).text.trim()];
  return a.includes(b) || b.includes(a);
}
