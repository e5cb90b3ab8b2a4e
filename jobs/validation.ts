import { z } from "zod";
import type { Config } from "../src/config.ts";
import { verdictOf } from "../src/contributions/judge.ts";
import { acceptCharter, CHARTER_PROMPT_VERSION, charterPrompt, repairCharterPrompt } from "../src/contributions/prompt.ts";
import { Fault } from "../src/core/fault.ts";
import type { JobDefinition } from "../src/core/job.ts";
import { isPractice } from "../src/practice/models.ts";
import type { JobContext } from "./context.ts";

/** The text stays in a file of the data folder: a job carries its hash, so nothing a citizen wrote is in Redis. */
export const ValidationPayload = z.strictObject({
  contribution: z.string().regex(/^[\w.-]{1,100}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ValidationPayload = z.infer<typeof ValidationPayload>;

const HALF_AN_HOUR_MS = 1_800_000;

/** Checks one contribution against the charter and gives it a category, while a person waits: before everything else. */
export const validation = (config: Config): JobDefinition<ValidationPayload, JobContext, object> => ({
  ...charterCheck,
  name: "validation",
  policy: {
    slotWaitMs: config.VALIDATION_WAIT_S * 1_000,
    runMs: config.VALIDATION_WAIT_S * 1_000 + HALF_AN_HOUR_MS,
    priority: 1,
    attempts: 3,
    backoffMs: 5_000,
    concurrency: config.VALIDATION_CONCURRENCY,
  },
});

/**
 * The same for what was sent in by the dozen: after any person, before any document. A queue of its own, so that a hundred of
 * them do not take all the places that a worker has for persons.
 */
export const validationBatch = (config: Config): JobDefinition<ValidationPayload, JobContext, object> => ({
  ...charterCheck,
  name: "validation-batch",
  policy: {
    slotWaitMs: config.BATCH_WAIT_S * 1_000,
    runMs: config.BATCH_WAIT_S * 1_000 + HALF_AN_HOUR_MS,
    priority: 5,
    attempts: 3,
    backoffMs: 5_000,
    // One works while the next is being read; more would only stand in line.
    concurrency: 2,
  },
});

const charterCheck: Pick<JobDefinition<ValidationPayload, JobContext, object>, "payload" | "jobId" | "run"> = {
  payload: ValidationPayload,
  jobId: ({ contribution, sha256 }) => `contribution-${contribution}-${sha256.slice(0, 16)}`,
  async run({ sha256 }, context) {
    const contribution = await context.contributions.get(sha256);
    if (contribution === undefined) {
      throw new Fault(
        "invalid-payload",
        "the contribution is not in the data folder of this worker: enqueue it again with the same DATA_DIR",
      );
    }
    await context.progress({ done: 0, total: 1, unit: "calls", doing: "checking" });
    const outcome = await context.once({ sha256, step: `charter-${CHARTER_PROMPT_VERSION}` }, () =>
      context.complete({
        dataClass: "contribution",
        prompt: charterPrompt(contribution.text, context.town),
        accept: (completion, asked) => acceptCharter(completion, contribution.text, asked),
        repair: repairCharterPrompt,
      }),
    );
    if (outcome.kind !== "answered") return outcome;
    const verdict = verdictOf(contribution, outcome.result, {
      at: context.now(),
      promptVersion: CHARTER_PROMPT_VERSION,
      practice: isPractice(outcome.by.model),
      answeredBy: outcome.by,
    });
    await context.contributions.putVerdict(verdict);
    await context.progress({ done: 1, total: 1, unit: "calls", doing: "checking" });
    const { verdict: kind, category, confidence } = verdict;
    return { kind: "done", result: { verdict: kind, category, confidence, by: outcome.by.provider, model: outcome.by.model } };
  },
};
