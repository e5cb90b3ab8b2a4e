import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { Mutex, TimeoutError } from "redis-semaphore";
import Redlock, { ExecutionError } from "redlock";
import { systemClock } from "../../../src/clock.ts";
import { leaseBroker, openSlot, SLOT_TIMES } from "../../../src/lock/broker.ts";
import type { SlotKeys } from "../../../src/lock/scripts.ts";
import { lockConnection } from "../../../src/queue/connection.ts";
import type { ProgramSettings, SideName } from "./order.ts";

/** One lock as its library is meant to be used, for all waiters of this process. */
export interface Side {
  /**
   * Does the work while the lock is held.
   *
   * @returns false when the library gave up before the work began
   */
  hold(work: () => Promise<void>): Promise<boolean>;
}

export type Sides = Readonly<Record<SideName | "raw", Side>>;

/** The database of the lock, as the program ships. */
export const LOCK_DB = 6;
export const OUR_KEY = "lock:bench:ecluse";
/** Longer than any turn of the bench, so that nobody's renewal disturbs; ours renews a third into it, or after 5 s. */
const LEASE_MS = 60_000;
const forEver = new AbortController().signal;

/** Shorter makes both libraries slower: at 32 waiters they then keep Redis busy with being told no. */
export const TUNED_RETRY_MS = 1;

/** Each lock on a connection of its own. The connections live as long as the process. */
export function openSides(settings: ProgramSettings): Sides {
  const redis = (): Redis => new Redis(`${settings.redisUrl}/${LOCK_DB}`, { maxRetriesPerRequest: 1 });
  return {
    raw: raw(redis()),
    ecluse: ecluse(settings, { locks: [OUR_KEY] }),
    // Named after the server: another run at the same time has a guard of its own.
    "ecluse with guard": ecluse(settings, { locks: [`${OUR_KEY}:guarded`], guard: `bench ${settings.redisUrl}` }),
    redlock: redlock(redis(), "redlock", {}),
    // No jitter: what it is for, that two do not try at the same moment, the event loop sees to.
    "redlock tuned": redlock(redis(), "redlock:tuned", { retryDelay: TUNED_RETRY_MS, retryJitter: 0, retryCount: -1 }),
    "redis-semaphore": semaphore(redis(), "semaphore", {}),
    "redis-semaphore tuned": semaphore(redis(), "semaphore:tuned", { retryInterval: TUNED_RETRY_MS }),
  };
}

function ecluse({ redisUrl, foreign }: ProgramSettings, keys: SlotKeys): Side {
  const times = foreign === undefined ? {} : { foreignEveryMs: foreign.everyMs, foreignGapMs: foreign.gapMs };
  const slot = openSlot(lockConnection(redisUrl, LOCK_DB), systemClock, keys, { ...SLOT_TIMES, ...times, leaseMs: LEASE_MS });
  const broker = leaseBroker({ clock: systemClock, slots: { ollama: slot }, leaseMs: LEASE_MS });
  const ask = { holder: "bench", priority: 1, waitMs: LEASE_MS, signal: forEver };
  return { hold: async (work) => (await broker.withLease("ollama", ask, work)).kind === "held" };
}

function redlock(redis: Redis, key: string, settings: ConstructorParameters<typeof Redlock>[1]): Side {
  const locks = new Redlock([redis], settings);
  return {
    async hold(work) {
      let lock: Awaited<ReturnType<typeof locks.acquire>>;
      try {
        lock = await locks.acquire([`lock:bench:${key}`], LEASE_MS);
      } catch (error) {
        if (error instanceof ExecutionError) return false;
        throw error;
      }
      await work();
      await lock.release();
      return true;
    },
  };
}

function semaphore(redis: Redis, key: string, settings: ConstructorParameters<typeof Mutex>[2]): Side {
  return {
    async hold(work) {
      const mutex = new Mutex(redis, `bench:${key}`, { lockTimeout: LEASE_MS, ...settings });
      try {
        await mutex.acquire();
      } catch (error) {
        if (error instanceof TimeoutError) return false;
        throw error;
      }
      await work();
      await mutex.release();
      return true;
    },
  };
}

const COMPARE_AND_DELETE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/** The least a correct lock can do: SET NX PX with a value of its own, and a script that deletes only that value. */
function raw(redis: Redis): Side {
  const key = "lock:bench:raw";
  const loaded = redis.script("LOAD", COMPARE_AND_DELETE) as Promise<string>;
  return {
    async hold(work) {
      const sha = await loaded;
      const value = randomUUID();
      if ((await redis.set(key, value, "PX", LEASE_MS, "NX")) !== "OK") return false;
      await work();
      await redis.evalsha(sha, 1, key, value);
      return true;
    },
  };
}
