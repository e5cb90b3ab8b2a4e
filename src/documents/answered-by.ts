import { z } from "zod";
import type { AnsweredBy } from "../core/attempt.ts";
import { FAULT_KINDS } from "../core/fault.ts";

const Site = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("local") }),
    z.object({ kind: z.literal("cloud"), country: z.string().describe("As declared: ISO 3166 alpha-2, or EU.") }),
  ])
  .meta({ id: "Site", description: "Where a provider works." });

const who = { provider: z.string(), site: Site };
const times = {
  durationMs: z.number().min(0),
  slotWaitMs: z.number().min(0).describe("Waited in line for the local model or a processor."),
};

const Attempt = z
  .discriminatedUnion("kind", [
    z.object({
      ...who,
      kind: z.literal("skipped"),
      why: z.enum(["no-key", "egress-refused", "outside-eu", "cooling-down"]),
    }),
    z.object({ ...who, kind: z.literal("faulted"), fault: z.enum(FAULT_KINDS), ...times }),
    z.object({ ...who, kind: z.literal("answered"), model: z.string(), ...times }),
  ])
  .meta({ id: "Attempt", description: "One provider, asked once or passed over." });

/** What is stored of who answered. The type is the core's own, which knows no package: the two do not compile when they differ. */
export const AnsweredByShape = z
  .object({ ...who, model: z.string(), attempts: z.array(Attempt) })
  .meta({ id: "AnsweredBy", description: "Who answered, and why those asked before did not." }) satisfies z.ZodType<AnsweredBy>;
