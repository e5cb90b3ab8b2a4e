import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../bench/bench.ts";
import type { Checked } from "./check.ts";
import { isCaught, type Round, runRound } from "./round.ts";
import { MUTANTS, type Mutant } from "./same.ts";

export interface ChaosOrder {
  readonly events: number;
  readonly seed: number;
  /** A faulty lock in place of ours. */
  readonly mutant: Mutant | "none";
  /** Whether the mutants run, too, after ours. */
  readonly withMutants: boolean;
  readonly history: string;
}

export interface Judged extends Checked {
  readonly lock: Mutant | "ecluse";
  readonly seed: number;
  readonly mutants: readonly { readonly name: Mutant; readonly caught: boolean; readonly events: number }[];
}

/** Faults after which a mutant that was not caught has passed. */
const MUTANT_EVENTS = 300;

export async function chaos(bench: Bench, { events, seed, mutant, withMutants, history }: ChaosOrder): Promise<Judged> {
  // Long enough for a job whose worker died to be taken up again, in a run that is long anyway.
  const drainMs = Math.min(60_000, Math.max(4_000, events * 30));
  const ours = await inFolder(bench, "run", { seed, events, mutant, history, drainMs });
  const mutants: Judged["mutants"][number][] = [];
  for (const name of withMutants ? MUTANTS : []) {
    bench.say(`the ${name} lock, which must fail`);
    const file = join(bench.dir, `${name}.jsonl`);
    const checked = await inFolder(bench, name, { seed, events: MUTANT_EVENTS, mutant: name, history: file, drainMs: 0 });
    mutants.push({ name, caught: isCaught(checked), events: checked.events });
  }
  return { ...ours, lock: mutant === "none" ? "ecluse" : mutant, seed, mutants };
}

function inFolder(bench: Bench, name: string, round: Round): Promise<Checked> {
  const dir = join(bench.dir, name);
  mkdirSync(dir);
  return runRound({ ...bench, dir }, round);
}

/** Of the acknowledged jobs: with fewer, "no lost job" would rest on too little. */
export const LEAST_JUDGED = 0.8;

/** A run in which nothing was asked of the model, or most jobs could not be judged, proves nothing. */
export const isKept = (judged: Judged): boolean =>
  judged.requests > 0 &&
  judged.done > 0 &&
  judged.judgedShare >= LEAST_JUDGED &&
  judged.maxInFlight <= 1 &&
  [judged.wrongReleases, judged.lostJobs, judged.doubledEffects, judged.crashes].every((count) => count === 0) &&
  judged.mutants.every(({ caught }) => caught);
