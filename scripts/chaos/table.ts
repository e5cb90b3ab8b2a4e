import Table from "cli-table3";
import { type Judged, LEAST_JUDGED } from "./chaos.ts";

/** For a person: each promise, what was seen, and whether it was kept. */
export function table(judged: Judged): string {
  const promises = new Table({ head: ["promise", "allowed", "seen", ""], style: { head: [], border: [] } });
  const row = (promise: string, allowed: number, seen: number) =>
    promises.push([promise, allowed, seen, seen <= allowed ? "kept" : "BROKEN"]);
  row("requests at the model at once", 1, judged.maxInFlight);
  row("keys taken from a living holder", 0, judged.wrongReleases);
  row("acknowledged jobs lost", 0, judged.lostJobs);
  row("acknowledged jobs that cannot be judged, in %", percent(1 - LEAST_JUDGED), percent(1 - judged.judgedShare));
  row("answers besides a job's first", 0, judged.doubledEffects);
  row("workers that ended by themselves", 0, judged.crashes);
  const { p50, max } = judged.recoveryS;
  const causes =
    judged.failedVisibly === 0
      ? ""
      : ` (${Object.entries(judged.failedBy)
          .map((entry) => entry.join(" "))
          .join(", ")})`;
  const facts = [
    `lock ${judged.lock}, seed ${judged.seed}: ${judged.events} faults, ${percent(judged.aimedShare)} % at the holder, ${judged.requests} requests`,
    `${judged.acknowledged} jobs acknowledged, ${judged.judged} judged: ${judged.done} done, ${judged.leftAtEnd} waiting, ${judged.failedVisibly} visibly failed${causes}`,
    `${judged.forgottenByRedis} jobs forgotten by a Redis that was emptied on purpose, ${judged.emptied} times`,
    `from the kill of the holder to the next request: ${p50} s in the middle, ${max} s at most`,
    ...judged.mutants.map(({ name, caught, events }) => `mutant ${name}: ${caught ? "caught" : "NOT CAUGHT"} within ${events} faults`),
  ];
  return `${promises.toString()}\n${facts.join("\n")}\n`;
}

/** With one decimal, as exact as the shares themselves. */
const percent = (share: number): number => Math.round(share * 1_000) / 10;
