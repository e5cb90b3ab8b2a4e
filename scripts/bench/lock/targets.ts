import type { Contended } from "./contended.ts";
import type { BenchLock } from "./result.ts";

/** What is promised of our lock, and whether this run kept it. */
export interface Target {
  readonly what: string;
  readonly promised: string;
  readonly measured: number;
  readonly isKept: boolean;
  /** Depends on how quiet the machine is; the others may fail nowhere. */
  readonly isTiming: boolean;
}

/** Ours against the others' best: the promise holds for their default settings and for the tuned ones. */
export function targetsOf({
  uncontended,
  contended,
  foreign,
}: Pick<BenchLock, "uncontended" | "contended" | "foreign">): readonly Target[] {
  const rowsOf = (name: string) => contended.filter((row) => row.name === name);
  const ours = rowsOf("ecluse");
  const ratio = uncontended.find(({ name }) => name === "ecluse")?.ratio ?? Number.NaN;
  const each = (what: string, most: number, isTiming: boolean, figureOf: (row: Contended) => number): readonly Target[] =>
    ours.map((row) => atMost(`${what}, ${row.waiters} waiters`, figureOf(row), most, isTiming));
  const handoffs = ["redis-semaphore", "redis-semaphore tuned"].flatMap((name) =>
    rowsOf(name)
      .filter(({ waiters }) => waiters >= 8)
      .map(({ waiters, handoffMs }) => {
        const p95 = ours.find((row) => row.waiters === waiters)?.handoffMs.p95 ?? Number.NaN;
        return atMost(`handoff p95 by that of ${name}, ${waiters} waiters`, p95 / handoffMs.p95, 0.6, true);
      }),
  );
  const overlaps = foreign.overlaps + [...ours, ...rowsOf("ecluse with guard")].reduce((sum, row) => sum + row.overlaps, 0);
  return [
    { ...atLeast("free lock, pairs/s by bare commands", ratio, 0.8), isTiming: true },
    ...handoffs,
    ...each("idle while somebody waits", 0.05, true, (row) => row.idleShare),
    ...each("longest by middle wait", 1.3, true, (row) => row.maxOverMedianWait),
    ...each("commands per acquisition", 4, false, (row) => row.commandsPerAcquisition),
    ...rowsOf("ecluse with guard").map((row) =>
      atMost(`commands per acquisition with guard, ${row.waiters} waiters`, row.commandsPerAcquisition, 4, false),
    ),
    atLeast("wins of a foreign program under full load", foreign.wins, 1),
    atMost("times two worked at once", overlaps, 0, false),
  ];
}

const atMost = (what: string, measured: number, most: number, isTiming: boolean): Target => ({
  what,
  promised: `<= ${most}`,
  measured: shown(measured),
  isKept: measured <= most,
  isTiming,
});

const atLeast = (what: string, measured: number, least: number): Target => ({
  what,
  promised: `>= ${least}`,
  measured: shown(measured),
  isKept: measured >= least,
  isTiming: false,
});

const shown = (value: number): number => Number(value.toFixed(3));
