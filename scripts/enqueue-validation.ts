#!/usr/bin/env node
import { jobDefinitions } from "../jobs/index.ts";
import { type Config, loadConfig } from "../src/config.ts";
import { withQueues } from "../src/queue/one-command.ts";
import { onInterrupt, printJson, runCommand, say, UsageError } from "./command.ts";
import { redisAddress } from "./redis-address.ts";
import { type InputOptions, inputOf } from "./validation-input.ts";
import { forgotten } from "./validation-kept.ts";
import { enqueueAll, exitCodeOf, printStates, verdictsOf } from "./validation-states.ts";

const HELP = `npm run validate -- FILE [--batch] [--wait] [--json]
npm run validate -- --title TEXT --body TEXT [--category NAME] [--id ID]
npm run validate -- --constat TEXT --idees TEXT [--category NAME] [--id ID]
npm run validate -- --forgotten [--batch] [--wait] [--json]

Asks for the charter check of citizens' contributions. FILE is JSON (one contribution, an array, or {"contributions": [...]})
or JSON lines; - is standard input. A contribution has title and body, or constat_factuel and idees_ameliorations, and
optionally id and category. If one is wrong, all mistakes are said and nothing is enqueued. Twice the same is one job.

  --forgotten     those on file that have neither a verdict nor a job: Redis came back without its data
  --batch         nobody waits for these: persons' contributions go before them, and they wait longer for the local model
  --wait          wait for the verdicts and print them
  --timeout S     wait at most S seconds
  --fields-only   of each item take only the fields of a contribution (exports have more)
  --skip-invalid  enqueue the right ones although others are wrong
  --json          one JSON document on stdout: [{id, jobId, state, verdict?, cause?, message?}]; a state is enqueued, already,
                  done, failed or waiting, and only done has a verdict
  --help          this text

Ctrl-C stops the waiting, not the jobs: ask again later with the same words. Exit code 0 when all is done (or enqueued, without
--wait), 1 when some failed, 3 when some still wait. The texts stay in DATA_DIR, which the worker must share; Redis is
REDIS_URL, or the one of npm start.
`;

await runCommand({
  name: "npm run validate",
  help: HELP,
  positionals: true,
  options: {
    title: { type: "string" },
    body: { type: "string" },
    constat: { type: "string" },
    idees: { type: "string" },
    category: { type: "string" },
    id: { type: "string" },
    forgotten: { type: "boolean", default: false },
    batch: { type: "boolean", default: false },
    wait: { type: "boolean", default: false },
    timeout: { type: "string" },
    "fields-only": { type: "boolean", default: false },
    "skip-invalid": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
  async run({ values, positionals }) {
    const config = loadConfig();
    const timeoutMs = timeoutOf(values.timeout, values.wait);
    const options: InputOptions = { ...values, fieldsOnly: values["fields-only"], skipInvalid: values["skip-invalid"] };
    if (values.forgotten && positionals.length > 0) throw new UsageError("it takes a file or --forgotten, not both");
    const given = values.forgotten ? "forgotten" : await inputOf(positionals, options);
    if (given === undefined) return 2;
    return await validate(config, given, { batch: values.batch, wait: values.wait, timeoutMs, json: values.json });
  },
});

type Contributions = NonNullable<Awaited<ReturnType<typeof inputOf>>>;

interface Manner {
  readonly batch: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

/** @returns the exit code */
async function validate(config: Config, given: Contributions | "forgotten", { batch, wait, timeoutMs, json }: Manner): Promise<number> {
  const redisUrl = await redisAddress(config);
  const { signal, release } = onInterrupt();
  try {
    return await withQueues(redisUrl, jobDefinitions(config), async (open) => {
      const queueName = batch ? ("validation-batch" as const) : ("validation" as const);
      const place = { ...open, config, redisUrl, queueName, signal };
      const contributions = given === "forgotten" ? await forgotten(config, open) : given;
      if (given === "forgotten") say(`${contributions.length} on file have neither a verdict nor a job`);
      const enqueued = await enqueueAll(place, contributions);
      const states = wait && !signal.aborted ? await verdictsOf(place, enqueued, timeoutMs) : enqueued;
      if (json) printJson(states.map(({ sha256: _, ...state }) => state));
      else printStates(states);
      if (states.length === contributions.length) return exitCodeOf(states);
      say(`stopped: ${states.length} of ${contributions.length} are enqueued; run it again for the rest`);
      return 130;
    });
  } finally {
    release();
  }
}

function timeoutOf(words: string | undefined, wait: boolean): number | undefined {
  if (words === undefined) return undefined;
  if (!wait) throw new UsageError("--timeout goes with --wait");
  if (!/^\d{1,6}(\.\d+)?$/.test(words) || Number(words) === 0) throw new UsageError("--timeout is a number of seconds above 0");
  return Number(words) * 1_000;
}
