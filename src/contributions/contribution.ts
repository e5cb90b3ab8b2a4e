import { createHash } from "node:crypto";
import { z } from "zod";
import { Fault } from "../core/fault.ts";

/** Characters of a contribution that are still one person's letter; a longer one is refused, never cut in silence. */
export const MAX_CONTRIBUTION_CHARS = 20_000;

const words = z.string().trim().min(1).max(MAX_CONTRIBUTION_CHARS);
const id = z
  .string()
  .trim()
  .regex(/^[\w.-]{1,100}$/, "id may have letters, digits, . _ and - only");
const common = { id: id.optional(), category: z.string().trim().max(100).nullish() };

/** What a citizen sends: a title and a body, or the form's two fields. Other keys are refused. */
export const Contribution = z.union([
  z.strictObject({ ...common, title: words, body: words }),
  z.strictObject({ ...common, constat_factuel: words, idees_ameliorations: z.string().trim().max(MAX_CONTRIBUTION_CHARS).default("") }),
]);
export type Contribution = z.infer<typeof Contribution>;

/** A contribution as it is kept, with an id. */
export interface KeptContribution {
  readonly id: string;
  /** SHA-256 of what the citizen wrote. */
  readonly sha256: string;
  readonly category: string | null;
  readonly text: string;
}

/**
 * Takes what somebody sent as a contribution.
 *
 * @throws Fault "invalid-payload" naming the fields, never quoting them
 */
export function takeContribution(sent: unknown): KeptContribution {
  const parsed = Contribution.safeParse(sent);
  if (!parsed.success) {
    throw new Fault(
      "invalid-payload",
      "a contribution has title and body, or constat_factuel and idees_ameliorations, at most 20,000 characters each, and optionally id and category; nothing else",
    );
  }
  const contribution = parsed.data;
  const text =
    "body" in contribution
      ? `${contribution.title}\n\n${contribution.body}`
      : `Constat factuel :\n${contribution.constat_factuel}\n\nIdées d'améliorations :\n${contribution.idees_ameliorations}`;
  if (text.length > 2 * MAX_CONTRIBUTION_CHARS) throw new Fault("invalid-payload", "the contribution is longer than 20,000 characters");
  const category = contribution.category || null;
  const sha256 = createHash("sha256")
    .update(JSON.stringify([text, category]))
    .digest("hex");
  return { id: contribution.id ?? `c-${sha256.slice(0, 12)}`, sha256, category, text };
}
