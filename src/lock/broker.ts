import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Lease, LeaseAsk, LeaseBroker, Leased, LeaseEvent } from "../core/lease.ts";
import { type Got, type Held, proofLeftMs, waitInLine } from "./line.ts";
import { isOfThisProcess, ownerName, ownerValue } from "./owner.ts";
import { type SlotKeys, type SlotScripts, type SlotTimes, slotScripts } from "./scripts.ts";
import { newWake, type Wake } from "./wake.ts";

/** What is scarce: its scripts, and who wakes its waiters. */
export interface Slot {
  readonly scripts: SlotScripts;
  readonly wake: Wake;
}

export interface BrokerOptions {
  readonly clock: Clock;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly leaseMs: number;
  /** How often a waiter says that it lives, in ms. */
  readonly heartbeatMs?: number;
  /** How often the first in line looks at a key that a foreign program holds, in ms. */
  readonly foreignPollMs?: number;
  /** Watches: terminal, tests, log. */
  onEvent?(event: LeaseEvent): void;
}

/** A dead waiter is passed over after 10 s at most and delays nobody before; a slow one only loses its place. */
export const SLOT_TIMES = { aliveMs: 10_000, claimMs: 5_000, foreignEveryMs: 60_000, foreignGapMs: 500 } as const;
const HEARTBEAT_MS = 2_000;
const FOREIGN_POLL_MS = 50;

/** @param redis  the client for the scripts; the listener is a second connection of its kind, opened when somebody first waits */
export function openSlot(redis: Redis, clock: Clock, keys: SlotKeys, times: SlotTimes): Slot {
  const scripts = slotScripts(redis, keys, times);
  return { scripts, wake: newWake(redis, scripts.channel, clock) };
}

/** A holder looks after its key at least this often, so that a foreign DEL is noticed within seconds, whatever the TTL. */
const MAX_RENEWAL_MS = 5_000;

/** The slots: waits in one line with all other processes, renews, aborts the work when the lease cannot be proved. */
export const leaseBroker = (options: BrokerOptions): LeaseBroker => ({
  async withLease(slots, ask, work) {
    const name = typeof slots === "string" ? slots : (slots[0] ?? "");
    const slot = options.slots[name];
    if (slot === undefined) throw new Fault("misconfigured", `there is no slot named ${name}`);
    return await holdAndWork({ ...options, ...slot, name, ask, value: ownerValue(ask.holder) }, work);
  },
});

interface Asking extends BrokerOptions, Slot {
  readonly name: string;
  readonly ask: LeaseAsk;
  readonly value: string;
}

async function holdAndWork<Value>(asking: Asking, work: (lease: Lease) => Promise<Value>): Promise<Leased<Value>> {
  const { clock } = asking;
  const startedAt = clock.elapsed();
  tell(asking, "waiting", 0);
  const got = await wait(asking).catch((error: unknown) => {
    tell(asking, "gave-up", clock.elapsed() - startedAt);
    throw error;
  });
  const waitedMs = clock.elapsed() - startedAt;
  if (got.kind === "busy") {
    tell(asking, "gave-up", waitedMs);
    return { ...got, waitedMs };
  }
  tell(asking, "held", waitedMs);
  const heldAt = clock.elapsed();
  try {
    return { kind: "held", value: await workWhileHeld(asking, got, work), waitedMs };
  } finally {
    tell(asking, "released", clock.elapsed() - heldAt);
  }
}

async function wait(asking: Asking): Promise<Got> {
  let last = "";
  try {
    return await waitInLine({
      ...asking,
      heartbeatMs: asking.heartbeatMs ?? HEARTBEAT_MS,
      foreignPollMs: asking.foreignPollMs ?? FOREIGN_POLL_MS,
      onTaken({ holder, leftMs }) {
        if (holder === last || holder === "" || isOfThisProcess(holder)) return;
        last = holder;
        asking.onEvent?.({ kind: "foreign", slot: asking.name, holder: ownerName(holder), leftMs });
      },
    });
  } catch (error) {
    // Redis may have granted the key and lost the reply: a key that nobody knows of would close the slot for a whole TTL.
    if (error instanceof Fault && error.kind === "redis-unavailable") giveBack(asking);
    throw error;
  }
}

function giveBack(asking: Asking): void {
  for (let unit = 1; unit <= asking.scripts.units; unit += 1) releaseSoon(asking, unit);
}

function tell({ onEvent, name, ask }: Asking, kind: "waiting" | "held" | "released" | "lost" | "gave-up", ms: number): void {
  onEvent?.({ kind, slot: name, holder: ask.holder, ms: Math.round(ms) });
}

async function workWhileHeld<Value>(asking: Asking, held: Held, work: (lease: Lease) => Promise<Value>): Promise<Value> {
  const { name, scripts, ask, value } = asking;
  const lost = new AbortController();
  const stop = () => lost.abort(ask.signal.reason);
  ask.signal.addEventListener("abort", stop, { once: true });
  const renewal = keepRenewed(asking, held, lost);
  try {
    ask.signal.throwIfAborted();
    const result = await work({ slot: name, holder: value, fence: held.fence, signal: lost.signal });
    // A late answer is refused even when the call did not notice the abort, or this process was stopped past its lease.
    renewal.assertProved();
    if (lost.signal.aborted) throw lost.signal.reason;
    return result;
  } finally {
    renewal.stop();
    ask.signal.removeEventListener("abort", stop);
    await scripts.release(value, held.unit).catch(() => releaseSoon(asking, held.unit));
  }
}

/**
 * Renews until stopped. The lease ends by our own monotonic clock when the last proved renewal is one lease old, whether
 * Redis said no or said nothing.
 */
function keepRenewed(asking: Asking, held: Held, lost: AbortController): { stop(): void; assertProved(): void } {
  const { scripts, clock, leaseMs, value } = asking;
  const everyMs = Math.min(leaseMs / 3, MAX_RENEWAL_MS);
  let isStopped = false;
  let provedAt = held.provedAt;
  const lose = () => {
    if (isStopped) return;
    isStopped = true;
    tell(asking, "lost", 0);
    lost.abort(new Fault("lease-lost", "the lock of the local model was lost: the call was stopped and its answer is refused"));
  };
  const leftMs = () => proofLeftMs(asking, provedAt);
  let cancelDeadline = clock.after(leftMs(), lose);
  let cancelTick = clock.after(everyMs, () => void tick());
  const tick = async () => {
    const sentAt = clock.elapsed();
    const isOurs = await scripts.renew(value, held.unit).catch(() => undefined);
    if (isStopped) return;
    if (isOurs === false) return lose();
    if (isOurs === true) {
      provedAt = sentAt;
      cancelDeadline();
      cancelDeadline = clock.after(leftMs(), lose);
    }
    cancelTick = clock.after(everyMs, () => void tick());
  };
  return {
    stop() {
      isStopped = true;
      cancelTick();
      cancelDeadline();
    },
    assertProved() {
      if (leftMs() === 0) lose();
    },
  };
}

/** Tries to give the key back until Redis answers or the key has ended by itself. */
function releaseSoon({ scripts, clock, leaseMs, value }: Asking, unit: number): void {
  const until = clock.elapsed() + leaseMs;
  const again = () => {
    scripts.release(value, unit).catch(() => {
      if (clock.elapsed() < until) clock.after(1_000, again);
    });
  };
  again();
}
