import type { AnsweredBy } from "../core/attempt.ts";
import { type Category, categoryNamed } from "./categories.ts";
import type { KeptContribution } from "./contribution.ts";
import type { CharterAnswer } from "./verdict.ts";

/** Three verdicts: the third one is a person's to give. */
export type VerdictKind = "valid" | "invalid" | "undecided";

/** The stored verdict on one contribution. It exists only when a model's answer passed the schema. */
export interface Verdict {
  readonly schemaVersion: 1;
  readonly contribution: string;
  readonly sha256: string;
  readonly verdict: VerdictKind;
  /** Why a person must decide; null when the verdict is "valid" or "invalid". */
  readonly undecidedBecause: "low-confidence" | "contradiction" | "needs-facts" | null;
  readonly category: Category;
  /** What the citizen chose, by its key where it is one of the seven, else as written; null when nothing was chosen. */
  readonly original_category: string | null;
  readonly violations: CharterAnswer["violations"];
  readonly encouraged_aspects: CharterAnswer["encouraged_aspects"];
  readonly reasoning: string;
  /** 0 to 1, as the model says. */
  readonly confidence: number;
  readonly at: string;
  readonly promptVersion: string;
  readonly practice: boolean;
  readonly answeredBy: AnsweredBy;
}

/** Published rule of the platform: above this a verdict is shown with one-click approval, below it a person decides. */
const SURE = 0.85;

/** What the answer amounts to. The worst error is accepting a violation, so every doubt goes to a person. */
export function judge(answer: CharterAnswer): Pick<Verdict, "verdict" | "undecidedBecause"> {
  const undecided = (undecidedBecause: Verdict["undecidedBecause"]) => ({ verdict: "undecided" as const, undecidedBecause });
  if (answer.is_valid !== (answer.violations.length === 0)) return undecided("contradiction");
  // Whether a statement is a lie cannot be judged from its text (the charter's fourth point).
  if (answer.violations.includes("informations-mensongeres")) return undecided("needs-facts");
  if (answer.confidence <= SURE) return undecided("low-confidence");
  return { verdict: answer.is_valid ? "valid" : "invalid", undecidedBecause: null };
}

export interface Production {
  readonly at: Date;
  readonly promptVersion: string;
  readonly practice: boolean;
  readonly answeredBy: AnsweredBy;
}

export const verdictOf = (contribution: KeptContribution, answer: CharterAnswer, production: Production): Verdict => ({
  schemaVersion: 1,
  contribution: contribution.id,
  sha256: contribution.sha256,
  ...judge(answer),
  category: answer.category,
  original_category: contribution.category === null ? null : (categoryNamed(contribution.category) ?? contribution.category),
  violations: answer.violations,
  encouraged_aspects: answer.encouraged_aspects,
  reasoning: answer.reasoning,
  confidence: answer.confidence,
  at: production.at.toISOString(),
  promptVersion: production.promptVersion,
  practice: production.practice,
  answeredBy: production.answeredBy,
});
