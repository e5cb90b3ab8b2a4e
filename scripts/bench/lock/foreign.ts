import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "ioredis";
import { SLOT_TIMES } from "../../../src/lock/broker.ts";
import type { Bench } from "../bench.ts";
import { rounded } from "../numbers.ts";
import { withRedis } from "./client.ts";
import { handoffsOf } from "./figures.ts";
import type { Turn } from "./order.ts";
import { obeyTogether, startProgram } from "./programs.ts";
import { LOCK_DB, OUR_KEY } from "./sides.ts";

export interface Foreign {
  /** Tries of a program that knows only `SET key value NX EX`, and how many of them got the lock. */
  readonly attempts: number;
  readonly wins: number;
  readonly tryEveryMs: number;
  /** What our lock leaves to such programs while its line is full: a chance this often, of this length. */
  readonly chanceEveryMs: number;
  readonly chanceMs: number;
  readonly ms: number;
  /** Turns of ours in the same time. */
  readonly ourTurns: number;
  /** Times that two worked at once, the foreign program counted in. */
  readonly overlaps: number;
}

export interface ForeignLoad {
  readonly ms: number;
  readonly workMs: number;
  readonly tryEveryMs: number;
  /** Absent: as the program ships. */
  readonly chance?: { readonly everyMs: number; readonly gapMs: number };
}

const WAITERS_EACH = 4;
const FOREIGN_WORK_MS = 20;

/** A foreign program that tries once, now and then, while eight waiters in two processes leave the lock no free moment. */
export function measureForeign(bench: Bench, redisUrl: string, { ms, workMs, tryEveryMs, chance }: ForeignLoad): Promise<Foreign> {
  const foreign = chance ?? { everyMs: SLOT_TIMES.foreignEveryMs, gapMs: SLOT_TIMES.foreignGapMs };
  bench.say(`foreign: a program that tries once every ${tryEveryMs} ms, for ${Math.round(ms / 1_000)} s of full load`);
  return withRedis(`${redisUrl}/${LOCK_DB}`, async (redis) => {
    await redis.flushdb();
    const programs = [await startProgram(bench, { redisUrl, foreign }), await startProgram(bench, { redisUrl, foreign })];
    const ended = new AbortController();
    const order = { kind: "steady", side: "ecluse", waiters: WAITERS_EACH, workMs, ms, opens: false } as const;
    const ours = obeyTogether(programs, order).finally(() => ended.abort());
    const tried = tryOnceOften(redis, tryEveryMs, AbortSignal.any([ended.signal, bench.signal]));
    const [{ turns }, { attempts, won }] = await Promise.all([ours, tried]);
    await Promise.all(programs.map((program) => program.stop()));
    return {
      attempts,
      wins: won.length,
      tryEveryMs,
      chanceEveryMs: foreign.everyMs,
      chanceMs: foreign.gapMs,
      ms: rounded(ms),
      ourTurns: turns.length,
      overlaps: handoffsOf([...turns, ...won]).filter((handoff) => handoff.ms < 0).length,
    };
  });
}

/** What a script of another language does: try, work, delete; never wait. The first try comes when the line is full. */
async function tryOnceOften(redis: Redis, everyMs: number, signal: AbortSignal): Promise<{ attempts: number; won: readonly Turn[] }> {
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  const won: Turn[] = [];
  let attempts = 0;
  const goesOn = () => pause(everyMs, true, { signal }).catch(() => false);
  while (await goesOn()) {
    attempts += 1;
    const askedAt = now();
    if ((await redis.set(OUR_KEY, `foreign-${randomUUID()}`, "EX", 600, "NX")) !== "OK") continue;
    const startedAt = now();
    await pause(FOREIGN_WORK_MS);
    won.push({ askedAt, startedAt, endedAt: now(), waiter: "foreign" });
    await redis.del(OUR_KEY);
  }
  return { attempts, won };
}
