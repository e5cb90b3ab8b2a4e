import { jobDefinitions } from "../jobs/index.ts";
import type { Config } from "../src/config.ts";
import type { KeptContribution } from "../src/contributions/contribution.ts";
import { openStores } from "../src/ledger/stores.ts";
import type { OpenQueues } from "../src/queue/one-command.ts";

const QUEUES: readonly string[] = ["validation", "validation-batch"];

/**
 * The contributions that are on file with neither a verdict nor a job: what a Redis that came back without its data has forgotten,
 * or what was stored by a command that was killed before it enqueued. A failed one has a job, and is `npm run revalidate`'s.
 */
export async function forgotten(config: Config, { queues }: OpenQueues): Promise<readonly KeptContribution[]> {
  const definitions = jobDefinitions(config).filter(({ name }) => QUEUES.includes(name));
  const hasJob = async ({ id, sha256 }: KeptContribution): Promise<boolean> => {
    const jobs = definitions.map(({ name, jobId }) => queues.queue(name).getJob(jobId({ contribution: id, sha256 })));
    return (await Promise.all(jobs)).some((job) => job !== undefined);
  };
  const found: KeptContribution[] = [];
  for (const one of await openStores(config).contributions.unjudged()) if (!(await hasJob(one))) found.push(one);
  return found;
}
