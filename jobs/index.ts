import type { Config } from "../src/config.ts";
import type { JobDefinition } from "../src/core/job.ts";
import { audierneDocs } from "./audierne-docs.ts";
import type { JobContext } from "./context.ts";
import { validation, validationBatch } from "./validation.ts";

/** A job whose payload was not parsed yet: what queues and workers handle. */
export type AnyJob = JobDefinition<unknown, JobContext, object>;

/** One run of a job, whoever runs it. */
export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly definition: AnyJob;
  /** See `JobContext`. */
  readonly isLastRun: boolean;
  updateProgress(progress: object): Promise<void>;
}

const anyJob = <Payload>(definition: JobDefinition<Payload, JobContext, object>): AnyJob => ({
  ...definition,
  jobId: (payload) => definition.jobId(definition.payload.parse(payload)),
  run: (payload, context) => definition.run(definition.payload.parse(payload), context),
});

/** The registry: a new job is one file beside this one and one line here. */
export const jobDefinitions = (config: Config): readonly AnyJob[] => [
  anyJob(audierneDocs(config)),
  anyJob(validation(config)),
  anyJob(validationBatch(config)),
];
