import type { Redis } from "ioredis";
import { moveOn } from "./moves.ts";
import { askedAtMs, isOurs, ownerName, PROCESS } from "./owner.ts";

/** Where one slot lives in Redis: its lock keys are plain strings for everybody, the rest is ours. */
export interface SlotKeys {
  /** One per request that may run at a time: "lock:ollama:global" first. */
  readonly locks: readonly [string, ...string[]];
  /** What the guard outside Redis is named after, as all that use it on this machine name it; no guard without. */
  readonly guard?: string;
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
      /** By unit, from 1. */
      readonly keys: readonly TakenKey[];
      /** From 1; 0 when not in line. */
      readonly place: number;
      /** How long the slot is still left to foreign programs, in ms; 0 when it is not. */
      readonly gapMs: number;
    };

export interface TakenKey {
  /** undefined when it is free, and kept free for a foreign program or the one in front. */
  readonly holder: string | undefined;
  /** undefined for a key without TTL: it is respected and never stolen. */
  readonly leftMs: number | undefined;
  /** Of its last grant: who is called later with a higher one has it. */
  readonly fence: number;
}

/** A waiter is called. */
export interface Called {
  readonly value: string;
  /** From 1; 0 when no key of this slot is meant. */
  readonly unit: number;
  /** 0: nothing was handed over, there is only something to look at. */
  readonly fence: number;
}

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

/** The moves on one slot; nobody else sees KEYS and ARGV. Each throws what Redis says when it fails. */
export interface SlotScripts {
  /** Where the waiters of this process are called, and nobody else's. */
  readonly channel: string;
  /** Requests that may run at a time. */
  readonly units: number;
  /** A key that is handed over is ours for so long without a word from us, in ms. */
  readonly claimMs: number;
  /** Reads what comes on the channel. */
  calledBy(message: string): Called;
  /** @param mayWait  false: to try once, and not to stand in line; then nobody is overtaken, whatever the priority */
  ask(value: string, priority: number, mayWait: boolean): Promise<Asked>;
  renew(value: string, unit: number): Promise<boolean>;
  /**
   * Gives a key back, or to the next in line. False when it was somebody else's. With the value of somebody else, as `status`
   * shows it, this takes the key from exactly that one: he is told within one renewal.
   */
  release(value: string, unit: number): Promise<boolean>;
  /** False when we were not in line: then a key may be ours, and is to be released. */
  leave(value: string): Promise<boolean>;
  status(): Promise<SlotStatus>;
}

/** Bits of a score below the priority: arrivals. 2^40 arrivals and priorities to 8,191 fit a double. */
const ARRIVALS = 2 ** 40;

export function slotScripts(redis: Redis, { locks }: SlotKeys, times: SlotTimes): SlotScripts {
  const base = locks[0];
  const all = [`${locks.length}`, ...locks];
  const keysOf = (unit: number): readonly string[] => (unit === 1 ? ["1", base] : ["2", locks[unit - 1] ?? base, base]);
  const [ask, status] = [moveOn(redis, "ask", asAsked), moveOn(redis, "status", (reply) => asStatus(locks, reply as RawStatus))];
  const isDone = (reply: unknown): boolean => reply !== 0;
  const [renew, release, leave] = [moveOn(redis, "renew", isDone), moveOn(redis, "release", isDone), moveOn(redis, "leave", isDone)];
  const leaseMs = inMs(times.leaseMs);
  const waiting = `${inMs(times.aliveMs)} ${inMs(times.claimMs)}`;
  const giving = `${inMs(times.claimMs)} ${inMs(times.foreignEveryMs)} ${inMs(times.foreignGapMs)}`;
  return {
    channel: `${base}:wake:${PROCESS}`,
    units: locks.length,
    claimMs: times.claimMs,
    calledBy(message) {
      const [first, last] = [message.indexOf(" "), message.lastIndexOf(" ")];
      const fence = Number(message.slice(0, first));
      return { value: message.slice(last + 1), unit: locks.indexOf(message.slice(first + 1, last)) + 1, fence };
    },
    ask: (value, priority, mayWait) => ask([...all, value, leaseMs, mayWait ? `${priority}` : "", waiting]),
    renew: (value, unit) => renew(["1", locks[unit - 1] ?? base, value, leaseMs]),
    release: (value, unit) => release([...keysOf(unit), value, giving]),
    leave: (value) => leave(["1", base, value]),
    status: () => status(all),
  };
}

/** Redis takes whole milliseconds only, and a bench that compresses time may have others. */
const inMs = (ms: number): string => `${Math.ceil(ms)}`;

function asAsked(reply: unknown): Asked {
  if (typeof reply === "number") return { kind: "ours", fence: reply, unit: 1 };
  const [fence, second, gapMs, ...rest] = reply as [number, number, number, ...(number | string)[]];
  if (fence > 0) return { kind: "ours", fence, unit: second };
  const keys: TakenKey[] = [];
  for (let at = 0; at < rest.length; at += 3) {
    // PTTL: -2 no key, -1 no TTL.
    const left = rest[at] as number;
    keys.push({
      holder: left === -2 ? undefined : (rest[at + 1] as string),
      leftMs: left < 0 ? undefined : left,
      fence: rest[at + 2] as number,
    });
  }
  return { kind: "taken", keys, place: second, gapMs };
}

type RawStatus = readonly [
  nowMs: number,
  held: readonly (readonly [holder: string, pttl: number, fence: number, waited: string])[],
  waiting: readonly (readonly [value: string, score: string, untilMs: string, sinceMs: string])[],
];

const asStatus = (keys: readonly string[], [nowMs, held, waiting]: RawStatus): SlotStatus => ({
  locks: held.map(([holder, pttl, fence, waited], index) => ({
    key: keys[index] ?? "",
    isHeld: pttl !== -2,
    holder,
    holderName: ownerName(holder),
    fence,
    leftMs: pttl < 0 ? undefined : pttl,
    heldMs: heldMsOf(holder, waited, nowMs),
  })),
  waiters: waiting.map(([value, score, untilMs, sinceMs]) => ({
    value,
    name: ownerName(value),
    priority: Math.floor(Number(score) / ARRIVALS),
    waitedMs: Math.max(0, nowMs - Number(sinceMs)),
    isAlive: Number(untilMs) >= nowMs,
  })),
});

/** Who waited has the instant written down; who did not wait got it when he asked, which his value tells, by his machine's clock. */
function heldMsOf(holder: string, waited: string, nowMs: number): number | undefined {
  if (!isOurs(holder)) return undefined;
  const at = waited.indexOf(" ");
  const since = waited.slice(at + 1) === holder ? Number(waited.slice(0, at)) : askedAtMs(holder);
  return since === undefined ? undefined : Math.max(0, nowMs - since);
}
