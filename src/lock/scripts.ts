import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import { isOurs, ownerName } from "./owner.ts";

/** Where one slot lives in Redis: its lock keys are plain strings for everybody, the rest is ours. */
export interface SlotKeys {
  /** One per request that may run at a time: "lock:ollama:global" first. */
  readonly locks: readonly [string, ...string[]];
}

/** How a slot is shared; all in ms. */
export interface SlotTimes {
  readonly leaseMs: number;
  /** A waiter that was not heard of for so long is passed over. */
  readonly aliveMs: number;
  /** A key that was handed over and is not claimed for so long is free again. */
  readonly claimMs: number;
  /** Under full load, a foreign program that tries once gets a chance this often … */
  readonly foreignEveryMs: number;
  /** … and so long. 0: never. */
  readonly foreignGapMs: number;
}

export type Asked =
  | { readonly kind: "ours"; readonly fence: number; readonly unit: number }
  | {
      readonly kind: "taken";
      /** "" when the key is free, and kept free for a foreign program or the one in front. */
      readonly holder: string;
      /** undefined for a key without TTL: it is respected and never stolen. */
      readonly leftMs: number | undefined;
      /** From 1; 0 when not in line. */
      readonly place: number;
      readonly gapMs: number;
    };

/** One key of a slot, as it is now. */
export interface LockStatus {
  readonly key: string;
  /** False: free, or kept free for a foreign program for a moment. A foreign program may hold it with the empty string. */
  readonly isHeld: boolean;
  /** The raw value, which `release` wants; "" when free. */
  readonly holder: string;
  /** For a person: "audierne-docs.document-1 (host, pid 12)", or the raw value of a foreign program. */
  readonly holderName: string;
  /** Of the last grant of ours. */
  readonly fence: number;
  /** undefined without TTL (then it is never stolen), and when free. */
  readonly leftMs: number | undefined;
  /** undefined when a foreign program holds it, which nobody saw begin, and when free. */
  readonly heldMs: number | undefined;
}

export interface Waiter {
  readonly value: string;
  /** As `holderName`. */
  readonly name: string;
  readonly priority: number;
  readonly waitedMs: number;
  /** False: not heard of for too long, and passed over when its turn comes. */
  readonly isAlive: boolean;
}

export interface SlotStatus {
  /** One per request that may run at a time. */
  readonly locks: readonly LockStatus[];
  /** In the order in which they will be served. */
  readonly waiters: readonly Waiter[];
}

/** The moves on one slot; nobody else sees KEYS and ARGV. */
export interface SlotScripts {
  readonly channel: string;
  /** Requests that may run at a time. */
  readonly units: number;
  ask(value: string, priority: number, mayWait: boolean): Promise<Asked>;
  renew(value: string, unit: number): Promise<boolean>;
  /**
   * Gives a key back, or to the next in line. False when it was somebody else's. With the value of somebody else, as `status`
   * shows it, this takes the key from exactly that one: he is told within one renewal.
   */
  release(value: string, unit: number): Promise<boolean>;
  leave(value: string): Promise<void>;
  status(): Promise<SlotStatus>;
}

/** Bits of a score below the priority: arrivals. 2^40 arrivals and priorities to 8,191 fit a double. */
const ARRIVALS = 2 ** 40;

const COMMANDS = {
  ecluseAsk: "ask",
  ecluseRenew: "renew",
  ecluseRelease: "release",
  ecluseLeave: "leave",
  ecluseStatus: "status",
} as const;
type Command = (...parts: readonly (string | number)[]) => Promise<unknown>;
type Client = Redis & Record<keyof typeof COMMANDS, Command>;

/** Loads the Lua beside this file into a client; sent by hash, so each move is one short command. */
function withScripts(redis: Redis): Client {
  for (const [command, file] of Object.entries(COMMANDS)) {
    if (command in redis) continue;
    redis.defineCommand(command, { lua: readFileSync(new URL(`./${file}.lua`, import.meta.url), "utf8") });
  }
  return redis as Client;
}

export function slotScripts(redis: Redis, { locks }: SlotKeys, times: SlotTimes): SlotScripts {
  const client = withScripts(redis);
  const base = locks[0];
  const [line, alive, arrivals, gap, since] = [`${base}:line`, `${base}:alive`, `${base}:arrivals`, `${base}:gap`, `${base}:since`];
  const channel = `${base}:wake`;
  const lockOf = (unit: number): string => locks[unit - 1] ?? base;
  const { leaseMs, aliveMs, claimMs, foreignEveryMs, foreignGapMs } = times;
  return {
    channel,
    units: locks.length,
    async ask(value, priority, mayWait) {
      const keys = [line, alive, arrivals, gap, ...locks];
      const reply = await client.ecluseAsk(keys.length, ...keys, value, leaseMs, priority, aliveMs, claimMs, channel, mayWait ? 1 : 0);
      const [isOurs, first, second, place, gapMs] = reply as [number, number, never, number, number];
      if (isOurs === 1) return { kind: "ours", fence: first, unit: second as number };
      return { kind: "taken", holder: second as string, leftMs: first < 0 ? undefined : first, place, gapMs };
    },
    renew: async (value, unit) => (await client.ecluseRenew(1, lockOf(unit), value, leaseMs)) === 1,
    async release(value, unit) {
      const keys = [line, alive, since, gap, lockOf(unit)];
      return (await client.ecluseRelease(keys.length, ...keys, value, claimMs, channel, foreignEveryMs, foreignGapMs)) !== 0;
    },
    async leave(value) {
      await client.ecluseLeave(2, line, alive, value);
    },
    async status() {
      const keys = [line, alive, ...locks];
      return statusOf(locks, (await client.ecluseStatus(keys.length, ...keys)) as RawStatus);
    },
  };
}

type RawStatus = readonly [
  nowUs: number,
  held: readonly (readonly [holder: string, pttl: number, fence: number])[],
  waiting: readonly (readonly [value: string, score: string, untilMs: string, sinceMs: string])[],
];

function statusOf(keys: readonly string[], [nowUs, held, waiting]: RawStatus): SlotStatus {
  const nowMs = nowUs / 1_000;
  return {
    locks: held.map(([holder, pttl, fence], index) => ({
      key: keys[index] ?? "",
      // PTTL: -2 no key, -1 no TTL.
      isHeld: pttl !== -2,
      holder,
      holderName: ownerName(holder),
      fence,
      leftMs: pttl < 0 ? undefined : pttl,
      // A fence is the instant of the grant.
      heldMs: isOurs(holder) ? Math.max(0, nowMs - fence / 1_000) : undefined,
    })),
    waiters: waiting.map(([value, score, untilMs, sinceMs]) => ({
      value,
      name: ownerName(value),
      priority: Math.floor(Number(score) / ARRIVALS),
      waitedMs: Math.max(0, nowMs - Number(sinceMs)),
      isAlive: Number(untilMs) >= nowMs,
    })),
  };
}
