import { table } from "../../terminal.ts";
import type { Contended } from "./contended.ts";
import type { Foreign } from "./foreign.ts";
import type { Target } from "./targets.ts";
import type { Uncontended } from "./uncontended.ts";

/** What `--json` prints. */
export interface BenchLock {
  readonly uncontended: readonly Uncontended[];
  readonly contended: readonly Contended[];
  readonly foreign: Foreign;
  readonly targets: readonly Target[];
  readonly settings: {
    /** Core of client and server while the free lock was measured; null: not pinned. */
    readonly pinnedTo: number | null;
    readonly isQuick: boolean;
    readonly rounds: number;
    readonly workMs: number;
    readonly processes: number;
    readonly redis: string;
    readonly node: string;
  };
}

/** For a person: the locks side by side, and what was promised of ours. */
export function tables({ uncontended, contended, foreign, targets, settings }: BenchLock): string {
  const { attempts, wins, tryEveryMs, chanceEveryMs, chanceMs } = foreign;
  const pinned = settings.pinnedTo === null ? "not pinned: there is no taskset here" : `client and Redis on core ${settings.pinnedTo}`;
  return [
    `A free lock is taken and given back (${pinned})\n`,
    table(
      ["lock", "pairs/s", "by bare commands", "middle half of the rounds"],
      uncontended.map(({ name, ratio, pairsPerSecond, spread }) => [name, `${pairsPerSecond}`, `${ratio}`, spread.join(" to ")]),
      [1, 2, 3],
    ),
    `\nThe lock is wanted by several in ${settings.processes} processes, each working about ${settings.workMs} ms\n`,
    table(
      ["lock", "waiters", "handoff p50 ms", "p95 ms", "idle", "longest / middle wait", "commands", "taken again at once"],
      contended.map((row) => [
        row.name,
        `${row.waiters}`,
        `${row.handoffMs.p50}`,
        `${row.handoffMs.p95}`,
        percent(row.idleShare),
        `${row.maxOverMedianWait}`,
        `${row.commandsPerAcquisition}`,
        percent(row.takenAgainShare),
      ]),
      [1, 2, 3, 4, 5, 6, 7],
    ),
    `\nA foreign program that tries once every ${tryEveryMs} ms got the lock ${wins} times in ${attempts} tries, under full load;\n`,
    `every ${chanceEveryMs} ms it is left ${chanceMs} ms.\n\n`,
    table(
      ["promised of ecluse", "at", "measured", ""],
      targets.map(({ what, promised, measured, isKept }) => [what, promised, `${measured}`, isKept ? "kept" : "NOT KEPT"]),
      [2],
    ),
  ].join("");
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
