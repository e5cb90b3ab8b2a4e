import type { Bench } from "../bench.ts";
import { median, rounded } from "../numbers.ts";
import { privateRedis } from "../redis.ts";
import { pidOf } from "./client.ts";
import { SIDES, type SideName } from "./order.ts";
import { pinTogether } from "./pin.ts";
import { type Program, startProgram } from "./programs.ts";

export interface Uncontended {
  readonly name: SideName;
  /** Pairs of take and give back per second, by those of the two bare commands: median of the rounds. */
  readonly ratio: number;
  /** Half of the rounds had a ratio between these two: how much the machine swayed. */
  readonly spread: readonly [number, number];
  readonly pairsPerSecond: number;
}

export interface FreeLoad {
  readonly rounds: number;
  /** Rounds that are not counted: until then the code is interpreted, not compiled. */
  readonly warmUp: number;
}

/** Pairs in a row before the other one's turn: short, so that a neighbour on this machine disturbs both. */
const PAIRS = 100;
/** How fast a free lock is taken and given back, by one process on one core with its Redis, each lock beside the bare commands. */
export async function compareUncontended(
  bench: Bench,
  { rounds, warmUp }: FreeLoad,
): Promise<{ rows: readonly Uncontended[]; core: number | undefined }> {
  const redisUrl = await privateRedis(bench);
  const program = await startProgram(bench, { redisUrl });
  const core = await pinTogether([program.pid, await pidOf(redisUrl)]);
  bench.say(core === undefined ? "uncontended: no taskset here, nothing is pinned" : `uncontended: client and server on core ${core}`);
  const ratios = new Map<SideName, number[]>(SIDES.map((name) => [name, []]));
  const speeds = new Map<SideName, number[]>(SIDES.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of inOrderOf(round)) {
      const { raw, side } = await sideBySide(program, name, round);
      if (round < 0) continue;
      ratios.get(name)?.push(raw / side);
      speeds.get(name)?.push((PAIRS / side) * 1_000);
    }
    if ((round + 1) % 50 === 0 && round > 0) bench.say(`uncontended: round ${round + 1} of ${rounds}`);
  }
  await program.stop();
  return { rows: SIDES.map((name) => rowOf(name, ratios.get(name) ?? [], speeds.get(name) ?? [])), core };
}

/** The times of both, in ms; each goes first every other round. */
async function sideBySide(program: Program, name: SideName, round: number): Promise<{ readonly raw: number; readonly side: number }> {
  const take = async (side: SideName | "raw") => (await program.obey({ kind: "pairs", side, count: PAIRS })).tookMs;
  if (round % 2 === 0) {
    const raw = await take("raw");
    return { raw, side: await take(name) };
  }
  const side = await take(name);
  return { raw: await take("raw"), side };
}

function rowOf(name: SideName, ratios: readonly number[], speeds: readonly number[]): Uncontended {
  const sorted = ratios.toSorted((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN, 3);
  return { name, ratio: rounded(median(ratios), 3), spread: [at(0.25), at(0.75)], pairsPerSecond: rounded(median(speeds)) };
}

/** All locks, beginning with another one each round. */
export function inOrderOf(round: number): readonly SideName[] {
  const first = ((round % SIDES.length) + SIDES.length) % SIDES.length;
  return [...SIDES.slice(first), ...SIDES.slice(0, first)];
}
