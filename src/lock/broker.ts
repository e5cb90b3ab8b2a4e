import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Lease, LeaseAsk, LeaseBroker, Leased, LeaseEvent } from "../core/lease.ts";
import { type Alarm, ringAfter, silence } from "./alarm.ts";
import { type Call, elapsedMs, patienceMs, type Settings, type Slot, tell, type Wanted } from "./call.ts";
import { firstFree, type Won } from "./first-free.ts";
import { giveBack } from "./give-back.ts";
import { guardAddress, takeGuard } from "./guard.ts";
import { assertOurs, keepRenewed, leaseOf, stop } from "./keep.ts";
import { type Busy, type Held, waitInLine } from "./line.ts";
import { ownerName, ownerValue } from "./owner.ts";
import { type SlotKeys, type SlotTimes, slotScripts } from "./scripts.ts";
import { newWake } from "./wake.ts";
import { newWatch } from "./watch.ts";

export type { Slot } from "./call.ts";

export interface BrokerOptions {
  readonly clock: Clock;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly leaseMs: number;
  /** How often a waiter says that it lives, in ms. */
  readonly heartbeatMs?: number;
  /** How often the first in line looks at a key that a foreign program holds, in ms. */
  readonly foreignPollMs?: number;
  /** How often it is told what may stand in the way for ever: a key without TTL, a stopped process. In ms. */
  readonly alarmMs?: number;
  /** Watches: terminal, tests, log. */
  onEvent?(event: LeaseEvent): void;
}

/** A dead waiter is passed over after 10 s at most and delays nobody before; a slow one only loses its place. */
export const SLOT_TIMES = { aliveMs: 10_000, claimMs: 5_000, foreignEveryMs: 60_000, foreignGapMs: 500 } as const;
const HEARTBEAT_MS = 2_000;
const FOREIGN_POLL_MS = 50;
const ALARM_MS = 60_000;

/**
 * @param redis       the client for the scripts; the listener is a second connection of its kind, opened when somebody first waits
 * @param keys.guard  names what is guarded, the same for all who use it on this machine. Without it, a process that was stopped
 *                    past its lease and comes back can be at work beside the next one
 */
export function openSlot(redis: Redis, _clock: Clock, keys: SlotKeys, times: SlotTimes): Slot {
  const scripts = slotScripts(redis, keys, times);
  return { scripts, wake: newWake(redis, scripts), guard: keys.guard };
}

/** The slots: waits in one line with all other processes, renews, aborts the work when the lease cannot be proved. */
export function leaseBroker({ slots, ...options }: BrokerOptions): LeaseBroker {
  const { heartbeatMs = HEARTBEAT_MS, foreignPollMs = FOREIGN_POLL_MS, alarmMs = ALARM_MS } = options;
  const settings: Settings = { ...options, heartbeatMs, foreignPollMs, alarmMs, watch: newWatch({ ...options, alarmMs }) };
  return { withLease: (names, ask, work) => holdAndWork({ settings, slots, names, ask }, work) };
}

interface Asked {
  readonly settings: Settings;
  readonly slots: BrokerOptions["slots"];
  readonly names: string | readonly string[];
  readonly ask: LeaseAsk;
}

function wantedFor(slots: BrokerOptions["slots"], name: string): Wanted {
  const slot = slots[name];
  if (slot === undefined) throw new Fault("misconfigured", `there is no slot named ${name}`);
  return { name, slot };
}

async function holdAndWork<Value>(asked: Asked, work: (lease: Lease) => Promise<Value>): Promise<Leased<Value>> {
  const { settings, slots, names, ask } = asked;
  const call = { settings, ask, value: ownerValue(ask.holder, settings.clock.now().getTime()), startedAt: settings.clock.elapsed() };
  const all = typeof names === "string" ? [names] : names;
  const [name = "", another] = all;
  const first = wantedFor(slots, name);
  tell(call, name, "waiting", 0);
  let got: Won | Busy;
  try {
    if (another === undefined) got = await waitInLine({ call, wanted: first, signal: ask.signal });
    else
      got = await firstFree(
        call,
        all.map((one) => wantedFor(slots, one)),
      );
  } catch (error) {
    tell(call, name, "gave-up", elapsedMs(call));
    throw error;
  }
  return got.kind === "busy" ? busy(call, name, got) : await workWhileHeld(call, got, work);
}

async function workWhileHeld<Value>(call: Call, won: Won, work: (lease: Lease) => Promise<Value>): Promise<Leased<Value>> {
  const { slot, name } = won.wanted;
  const kept = keepRenewed(call, won);
  let heldAt: number | undefined;
  let guarded: Guarded | Busy = UNGUARDED;
  try {
    if (slot.guard !== undefined) guarded = await passGuard(call, won, leaseOf(kept).signal);
    if (guarded.kind === "busy") return busy(call, name, guarded);
    const waitedMs = elapsedMs(call);
    heldAt = call.startedAt + waitedMs;
    tell(call, name, "held", waitedMs);
    call.ask.signal.throwIfAborted();
    const value = await work(leaseOf(kept));
    // A late answer is refused even when the call did not notice the abort, or this process was stopped past its lease.
    assertOurs(kept);
    return { kind: "held", value, waitedMs };
  } finally {
    // The guard before the key: who is granted the key must find the guard free.
    if (guarded.kind === "passed") guarded.giveBack();
    stop(kept);
    await giveBack(call, slot.scripts, won.unit);
    if (heldAt !== undefined) tell(call, name, "released", call.settings.clock.elapsed() - heldAt);
    if (won.left !== undefined) await won.left;
  }
}

interface Guarded {
  readonly kind: "passed";
  giveBack(): void;
}

const UNGUARDED: Guarded = { kind: "passed", giveBack() {} };

/** After Redis, what the kernel says: a process that was stopped past its lease still has the guard, and is waited for. */
async function passGuard(call: Call, { wanted, unit }: Held, signal: AbortSignal): Promise<Guarded | Busy> {
  const address = guardAddress(`${wanted.slot.guard} ${unit}`);
  const { alarmMs, clock, onEvent } = call.settings;
  let alarm: Alarm | undefined;
  let since: number | undefined;
  const tellAgain = (): void => {
    since ??= clock.elapsed();
    onEvent?.({ kind: "outlived", slot: wanted.name, holder: address.words, ms: Math.round(clock.elapsed() - since) });
    alarm = ringAfter(alarmMs, tellAgain);
  };
  try {
    const patience = { ms: patienceMs(call), signal, onTaken: () => alarm ?? tellAgain() };
    const giveBackGuard = await takeGuard(address, patience);
    if (giveBackGuard === undefined) return { kind: "busy", holder: `a stopped process (${address.words})`, leftMs: undefined };
    return { kind: "passed", giveBack: giveBackGuard };
  } catch (error) {
    tell(call, wanted.name, "gave-up", elapsedMs(call));
    throw error;
  } finally {
    silence(alarm);
  }
}

function busy(call: Call, name: string, { holder, leftMs }: Busy): Leased<never> {
  const waitedMs = elapsedMs(call);
  tell(call, name, "gave-up", waitedMs);
  const freeAt = leftMs === undefined ? undefined : new Date(call.settings.clock.now().getTime() + leftMs);
  return { kind: "busy", holder: ownerName(holder), freeAt, waitedMs };
}
