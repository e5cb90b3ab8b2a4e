import type { Redis } from "ioredis";
import type { Bench } from "../bench.ts";
import { median, rounded } from "../numbers.ts";
import { withRedis } from "./client.ts";
import { countCommands } from "./commands.ts";
import { type Handoff, handoffsOf, idleShareOf, maxOverMedianWait, percentile } from "./figures.ts";
import { SIDES, type SideName } from "./order.ts";
import { obeyTogether, type Program, startProgram } from "./programs.ts";
import { LOCK_DB } from "./sides.ts";
import { inOrderOf } from "./uncontended.ts";

export interface Contended {
  readonly name: SideName;
  readonly waiters: number;
  /** End of one holder's work to the start of the next one's, who had been waiting: all changes of hands of all lines. */
  readonly handoffMs: { readonly p50: number; readonly p95: number };
  /** Share of the time in which nobody worked although somebody waited, in the same lines. */
  readonly idleShare: number;
  /** Longest wait by the middle one when everybody asks again at once: median of the rounds. */
  readonly maxOverMedianWait: number;
  readonly commandsPerAcquisition: number;
  /** How often the one who gave the lock back had it again before anybody else, while everybody asks again at once. */
  readonly takenAgainShare: number;
  /** How often the library gave up and was asked again. */
  readonly gaveUp: number;
  /** Turns that began before the one before had ended. */
  readonly overlaps: number;
}

export interface ContendedLoad {
  readonly rounds: number;
  readonly workMs: number;
  /** Lines per round, by number of waiters. */
  readonly lines: Readonly<Record<number, number>>;
  /** Turns of each waiter in a round where everybody asks again at once, after the two that fill the line. */
  readonly steadyTurns: number;
  /** How long each lock is passed on in short turns before anything is measured: until then its code is interpreted, not compiled. */
  readonly warmUpMs: number;
  /** Everybody asks again at once only in the round in which commands are counted, which slows all of them a little. */
  readonly isShort: boolean;
}

export const WAITERS = [2, 8, 32] as const;
export const PROCESSES = 2;

/** Of all waiters together in a steady round: how it begins and ends must weigh little. */
const MIN_TURNS = 30;

/** What has been seen of one lock with one number of waiters. */
interface Seen {
  readonly handoffs: Handoff[];
  readonly fairness: number[];
  again: number;
  steady: number;
  overlaps: number;
  gaveUp: number;
  commandsPerAcquisition: number;
}

interface Ground {
  readonly bench: Bench;
  readonly redis: Redis;
  readonly programs: readonly Program[];
  readonly load: ContendedLoad;
}

/** Two processes with 2, 8 and 32 waiters on each lock in turn. */
export const compareContended = (bench: Bench, redisUrl: string, load: ContendedLoad): Promise<readonly Contended[]> =>
  withRedis(`${redisUrl}/${LOCK_DB}`, async (redis) => {
    const programs = await Promise.all(Array.from({ length: PROCESSES }, () => startProgram(bench, { redisUrl })));
    const ground: Ground = { bench, redis, programs, load };
    // All alike, or the locks that poll would be the only warm ones: they do a hundred times as much. What opens when somebody
    // first waits is no part of waiting, either.
    for (const side of SIDES) {
      await obeyTogether(programs, { kind: "steady", side, waiters: 2, workMs: 1, ms: load.warmUpMs, opens: false });
    }
    const rows: Contended[] = [];
    for (const waiters of WAITERS) rows.push(...(await compareAt(ground, waiters)));
    await Promise.all(programs.map((program) => program.stop()));
    return rows;
  });

async function compareAt(ground: Ground, waiters: number): Promise<readonly Contended[]> {
  const { bench, load } = ground;
  const seen = new Map<SideName, Seen>(
    SIDES.map((name) => [
      name,
      { handoffs: [], fairness: [], again: 0, steady: 0, overlaps: 0, gaveUp: 0, commandsPerAcquisition: Number.NaN },
    ]),
  );
  const each = async (round: number, measure: (seen: Seen, side: SideName) => Promise<void>): Promise<void> => {
    for (const side of inOrderOf(round)) {
      bench.signal.throwIfAborted();
      // Each begins with an empty line and at the same distance from the chance that ours leaves to foreign programs.
      await ground.redis.flushdb();
      await measure(seen.get(side) as Seen, side);
    }
  };
  await each(0, async (one, side) => {
    const { commands, value } = await countCommands(ground.redis, () => oneSteady(ground, one, side, waiters));
    one.commandsPerAcquisition = commands / value;
  });
  for (let round = 0; round < load.rounds; round += 1) {
    bench.say(`${waiters} waiters: round ${round + 1} of ${load.rounds}`);
    for (let line = 0; line < (load.lines[waiters] ?? 1); line += 1)
      await each(round + line, (one, side) => oneLine(ground, one, side, waiters));
    if (!load.isShort) await each(round, async (one, side) => void (await oneSteady(ground, one, side, waiters)));
  }
  return SIDES.map((name) => rowOf(name, waiters, seen.get(name) as Seen));
}

async function oneLine({ programs, load }: Ground, seen: Seen, side: SideName, waiters: number): Promise<void> {
  const order = { kind: "line", side, waiters: waiters / PROCESSES, workMs: load.workMs, ms: 2 * load.workMs, opens: false } as const;
  const all = await Promise.all(programs.map((program, index) => program.obey({ ...order, opens: index === 0 })));
  const handoffs = handoffsOf(all.flatMap(({ turns }) => turns));
  seen.overlaps += handoffs.filter(({ ms }) => ms < 0).length;
  seen.gaveUp += all.reduce((sum, { gaveUp }) => sum + gaveUp, 0);
  seen.handoffs.push(...handoffs.filter(({ isAwaited }) => isAwaited));
}

/** @returns turns taken */
async function oneSteady({ programs, load }: Ground, seen: Seen, side: SideName, waiters: number): Promise<number> {
  const turnMs = waiters * load.workMs;
  const measuredMs = load.workMs * Math.max(waiters * load.steadyTurns, MIN_TURNS);
  const ms = 2 * turnMs + measuredMs;
  const from = Number(process.hrtime.bigint()) / 1e6 + 2 * turnMs;
  const order = { kind: "steady", side, waiters: waiters / PROCESSES, workMs: load.workMs, ms, opens: false } as const;
  const { turns, gaveUp } = await obeyTogether(programs, order);
  const handoffs = handoffsOf(turns);
  seen.fairness.push(maxOverMedianWait(turns, from, from + measuredMs));
  seen.again += handoffs.filter(({ isAgain }) => isAgain).length;
  seen.steady += handoffs.length;
  seen.overlaps += handoffs.filter(({ ms: handoff }) => handoff < 0).length;
  seen.gaveUp += gaveUp;
  return turns.length;
}

function rowOf(name: SideName, waiters: number, seen: Seen): Contended {
  const ms = seen.handoffs.map((handoff) => handoff.ms);
  return {
    name,
    waiters,
    handoffMs: { p50: rounded(percentile(ms, 0.5), 3), p95: rounded(percentile(ms, 0.95), 3) },
    idleShare: rounded(idleShareOf(seen.handoffs), 4),
    maxOverMedianWait: rounded(median(seen.fairness), 2),
    commandsPerAcquisition: rounded(seen.commandsPerAcquisition, 2),
    takenAgainShare: rounded(seen.again / seen.steady, 3),
    gaveUp: seen.gaveUp,
    overlaps: seen.overlaps,
  };
}
