import type { ProviderName } from "../../src/config.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import type { Bench } from "../bench/bench.ts";
import { privateRedis } from "../bench/redis.ts";
import { playCell } from "./cell.ts";
import { LAB_DB, type Lab } from "./lab.ts";
import type { Plant } from "./plant.ts";
import { playScene } from "./play.ts";
import { ALL, type Cell, type Row } from "./row.ts";
import { ROWS } from "./rows/all.ts";
import { scenesAt } from "./scenarios/all.ts";

export interface Choice {
  /** Ids; "T02" means all its ways, too. Absent: all. */
  readonly only?: readonly string[] | undefined;
  readonly provider?: ProviderName | undefined;
  readonly plant?: Plant | undefined;
  /** By how much the long times of some scenarios are divided. */
  readonly scale: number;
}

/** One cell to be played. */
export interface Play {
  readonly id: string;
  readonly provider: string;
  run(lab: Lab): Promise<Cell>;
}

export const isChosen = (id: string, only: Choice["only"]): boolean =>
  only === undefined ||
  only.some((wanted) => id === wanted || id.startsWith(`${wanted}.`) || (/^[A-Z]$/.test(wanted) && id.startsWith(wanted)));

export function playsOf({ only, provider, plant, scale }: Choice): readonly Play[] {
  const rows = ROWS.flatMap((row) =>
    row.who.map((name): Play => ({ id: row.id, provider: name, run: (lab) => playCell(lab, row, name, plant) })),
  );
  const scenes = scenesAt(scale).map(
    (scene): Play => ({ id: scene.id, provider: scene.provider, run: (lab) => playScene(lab, scene, plant) }),
  );
  return [...rows, ...scenes].filter((play) => isChosen(play.id, only) && (provider === undefined || play.provider === provider));
}

/** Most of a cell is waiting, but two cores have to do the rest. */
const AT_ONCE = 8;

/** Plays cells side by side on one Redis of the run's own. @returns them in the order of the catalogue */
export async function playAll(bench: Bench, plays: readonly Play[], onCell: (done: number) => void): Promise<readonly Cell[]> {
  const redisUrl = await privateRedis(bench);
  const redis = lockConnection(redisUrl, LAB_DB);
  const lab: Lab = { redis, redisUrl, dir: bench.dir, signal: bench.signal };
  const cells: Cell[] = [];
  // From the end: the scenarios take longest, and begin first.
  let next = plays.length - 1;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let at = next--; at >= 0 && !bench.signal.aborted; at = next--) {
      const play = plays[at];
      if (play === undefined) return;
      cells[at] = await play.run(lab);
      onCell(++done);
    }
  };
  try {
    await warmUp(lab);
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    bench.signal.throwIfAborted();
    return cells;
  } finally {
    redis.disconnect();
  }
}

/** Loading a vendor's package takes up to two seconds the first time, which no cell shall take for silence. */
async function warmUp(lab: Lab): Promise<void> {
  const row: Row = { id: "warm-up", what: "", who: ALL, does: () => [{ status: 418, body: "{}" }], expected: "" };
  await Promise.all(ALL.map((name) => playCell(lab, row, name)));
}
