import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault } from "../src/core/fault.ts";
import { withBench } from "./bench/bench.ts";
import { chaos, isKept, type Judged } from "./chaos/chaos.ts";
import { isMutant, MUTANTS, type Mutant } from "./chaos/same.ts";
import { table } from "./chaos/table.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";

const HELP = `Usage: npm run chaos -- [--json] [--events N] [--seed S] [--mutant NAME] [--no-mutants] [--history FILE]

Six real workers share one model through one lock, while faults strike whoever holds it: killed, stopped for up to three
leases, cut off from Redis, its replies swallowed, its key deleted or overwritten, Redis itself stopped, killed, emptied. The
model's stand-in counts its open requests itself, and a checker that reads only the history says what came of it: never two
requests at once, no wrong release, no lost job, no doubled effect. Two locks that are known to fail run the same way and must
be caught. How it is done: docs/decisions/2026-11-25-chaos.md

  --json          one JSON document on stdout, nothing else
  --events N      faults (default 2000)
  --seed S        the plan of the faults; the same number gives the same plan (default: a new one, printed)
  --mutant NAME   only this faulty lock, judged like ours: ${MUTANTS.join(" or ")}
  --no-mutants    ours only
  --history FILE  where the history is written (default: a temporary file); an existing one is replaced
  --help          this text

On stderr: each 100 faults, how many are done, the time they took, and when the last one comes. Ctrl-C ends everything it
started. Exit code 0 when every promise was kept, on at least four of five acknowledged jobs, and every mutant caught, 1 when
not, or when it could not be measured, 2 for a wrong argument.
`;

await runCommand({
  name: "npm run chaos",
  help: HELP,
  options: {
    json: { type: "boolean" },
    events: { type: "string" },
    seed: { type: "string" },
    mutant: { type: "string" },
    "no-mutants": { type: "boolean" },
    history: { type: "string" },
  },
  async run({ values }) {
    const events = wholeNumber("--events", values.events, 1, 100_000) ?? 2_000;
    const seed = wholeNumber("--seed", values.seed, 0, 2 ** 32 - 1) ?? Math.floor(Math.random() * 2 ** 32);
    const mutant = mutantOf(values.mutant);
    if (values.history !== undefined) makeWay(values.history);
    say(`chaos: seed ${seed}`);
    const result = await withBench<Judged>(
      (line) => say(`chaos: ${line}`),
      (bench) => {
        const history = values.history ?? join(bench.dir, "history.jsonl");
        return chaos(bench, { events, seed, mutant, withMutants: values["no-mutants"] !== true && mutant === "none", history });
      },
    ).catch(inWords);
    if (values.json === true) printJson(result);
    else process.stdout.write(table(result));
    return verdict(result);
  },
});

/** An error of the bench says in its message what it could not do; no text of anybody is in it. */
function inWords(error: unknown): never {
  if (error instanceof Fault || !(error instanceof Error)) throw error;
  throw new Fault("cancelled", error.message, { cause: error });
}

function makeWay(file: string): void {
  if (!existsSync(dirname(file))) throw new UsageError(`--history names a file in a folder that is not there: ${dirname(file)}`);
  rmSync(file, { force: true });
}

function verdict(result: Judged): number {
  if (isKept(result)) return 0;
  say(`chaos: not every promise was kept; for a closer look: npm run chaos -- --seed ${result.seed} --history chaos.jsonl`);
  return 1;
}

function wholeNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d{1,10}$/.test(text) || number < min || number > max) {
    throw new UsageError(`${name} must be a whole number from ${min} to ${max}, but is "${text}"`);
  }
  return number;
}

function mutantOf(name: string | undefined): Mutant | "none" {
  if (name === undefined) return "none";
  if (!isMutant(name)) throw new UsageError(`--mutant must be ${MUTANTS.join(" or ")}, but is "${name}"`);
  return name;
}
