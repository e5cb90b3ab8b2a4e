import { z } from "zod";
import { CATEGORY_KEYS } from "./categories.ts";

/** The four things the charter does not accept, as keys. */
export const VIOLATIONS = {
  "attaque-personnelle": "Attaques personnelles ou propos discriminatoires",
  "spam-publicite": "Spam ou publicité",
  "hors-sujet": "Propositions sans rapport avec la commune",
  "informations-mensongeres": "Informations mensongères",
} as const;
export type Violation = keyof typeof VIOLATIONS;

/** The five things the charter encourages, as keys. */
export const ENCOURAGED = {
  "proposition-concrete": "Propositions concrètes et argumentées",
  "critique-constructive": "Critiques constructives",
  question: "Questions et demandes de clarification",
  "partage-experience": "Partage d'expériences et d'expertise",
  "suggestion-amelioration": "Suggestions d'amélioration",
} as const;

/** What one model call answers about one contribution. */
export const CharterAnswer = z.strictObject({
  is_valid: z.boolean(),
  category: z.enum(CATEGORY_KEYS),
  violations: z.array(z.enum(Object.keys(VIOLATIONS) as [Violation, ...Violation[]])),
  encouraged_aspects: z.array(z.enum(Object.keys(ENCOURAGED) as [keyof typeof ENCOURAGED, ...(keyof typeof ENCOURAGED)[]])),
  reasoning: z.string().regex(/\p{L}/u, "a reason has letters").max(2_000),
  confidence: z.number().min(0).max(1),
});
export type CharterAnswer = z.infer<typeof CharterAnswer>;
