import { Fault } from "../core/fault.ts";
import { type Call, PROOF_SHARE, patienceMs, proofLeftMs, type Wanted } from "./call.ts";
import { giveBackAll } from "./give-back.ts";
import { isOurs, isProvablyDead } from "./owner.ts";
import type { Asked, Called, TakenKey } from "./scripts.ts";
import { type Bell, until } from "./wake.ts";

export interface Held {
  readonly kind: "held";
  readonly wanted: Wanted;
  readonly fence: number;
  readonly unit: number;
  /** Monotonic instant before the script that proved the lease was sent. */
  readonly provedAt: number;
  /** It was handed over and is ours for `claimMs` only: to be renewed at once, while the work begins. */
  readonly isShort?: true;
}

export interface Busy {
  readonly kind: "busy";
  readonly holder: string;
  /** undefined for a key without TTL. */
  readonly leftMs: number | undefined;
}

export type Taken = Asked & { readonly kind: "taken" };
type Ours = Asked & { readonly kind: "ours" };

/** A call at one of the slots it may take. */
export interface Waiting {
  readonly call: Call;
  readonly wanted: Wanted;
  /** Ends the waiting: the asker's, or because another slot was won. */
  readonly signal: AbortSignal;
}

/**
 * Waits in the line that all processes share until the slot is ours or the patience is spent.
 *
 * @throws Fault "redis-unavailable", or the reason of the signal; in both cases the line is left
 */
export async function waitInLine(waiting: Waiting): Promise<Held | Busy> {
  const { call, wanted, signal } = waiting;
  const { scripts, wake } = wanted.slot;
  let bell: Bell | undefined;
  try {
    for (;;) {
      signal.throwIfAborted();
      const left = patienceMs(call);
      // Heard before the line is entered: a call that nobody hears would cost a heartbeat.
      if (left > 0 && wake.isReady) bell ??= wake.bell(call.value);
      const provedAt = call.settings.clock.elapsed();
      const asked = await scripts.ask(call.value, call.ask.priority, left > 0 && bell !== undefined);
      const got =
        asked.kind === "ours" ? heldOf(waiting, asked, provedAt) : await standBy(waiting, { asked, bell, left, askedAt: provedAt });
      if (got !== undefined) return got;
    }
  } catch (error) {
    throw await leftAfter(error, waiting);
  } finally {
    bell?.close();
  }
}

/** Nothing when the reply took a whole lease (Redis was coming back): asked again, which renews what is ours. */
export function heldOf({ call, wanted }: Pick<Waiting, "call" | "wanted">, { fence, unit }: Ours, provedAt: number): Held | undefined {
  return proofLeftMs(call, provedAt) > 0 ? { kind: "held", wanted, fence, unit, provedAt } : undefined;
}

/**
 * A key that was handed over after we asked last is ours for `claimMs` from then at least, so the work can begin without asking.
 * A call that is older, and came late, has a fence that was known then.
 */
function handedOver({ call, wanted }: Waiting, { fence, unit }: Called, { asked, askedAt }: Look): Held | undefined {
  const known = asked.keys[unit - 1];
  if (known === undefined || fence <= known.fence) return undefined;
  const provedAt = askedAt + Math.min(0, (wanted.slot.scripts.claimMs - call.settings.leaseMs) * PROOF_SHARE);
  return proofLeftMs(call, provedAt) > 0 ? { kind: "held", wanted, fence, unit, provedAt, isShort: true } : undefined;
}

interface Look {
  readonly asked: Taken;
  readonly bell: Bell | undefined;
  readonly left: number;
  /** Monotonic instant before it was asked. */
  readonly askedAt: number;
}

/** Until it is time to ask again. @returns how it stands when the patience is spent, or what was handed to us meanwhile */
async function standBy(waiting: Waiting, look: Look): Promise<Busy | Held | undefined> {
  const { asked, bell, left } = look;
  const { call, wanted, signal } = waiting;
  const { heartbeatMs, watch } = call.settings;
  watch.saw(waiting, asked);
  if (await takeOverFromDead(waiting, asked)) return undefined;
  if (left === 0) {
    await leave(waiting);
    const { holder = "", leftMs } = firstToEnd(asked.keys);
    return { kind: "busy", holder, leftMs };
  }
  if (bell !== undefined) {
    const called = await bell.rung(Math.min(left, nextLookMs(call, asked)), signal);
    return called === undefined ? undefined : handedOver(waiting, called, look);
  }
  await until((ready) => void wanted.slot.wake.listen().then(ready), { ms: Math.min(left, heartbeatMs), signal });
  return undefined;
}

/** Releasing with a dead process's own value hands the key to the first in line, which may not be us. */
async function takeOverFromDead({ wanted }: Waiting, { keys }: Taken): Promise<boolean> {
  for (const [index, { holder }] of keys.entries()) {
    if (holder !== undefined && isProvablyDead(holder) && (await wanted.slot.scripts.release(holder, index + 1))) return true;
  }
  return false;
}

/** One of ours wakes the next when it is done; a foreign one, and a key that just ends, wake nobody. */
function nextLookMs({ settings: { heartbeatMs, foreignPollMs } }: Call, { keys, place, gapMs }: Taken): number {
  if (gapMs > 0) return gapMs;
  const looks = keys.map(({ holder, leftMs = Number.POSITIVE_INFINITY }) =>
    holder === undefined || (place === 1 && !isOurs(holder)) ? Math.min(foreignPollMs, leftMs + 1) : leftMs + 1,
  );
  return Math.min(heartbeatMs, ...looks);
}

/** Of several holders the one whose key ends first. */
export function firstToEnd<Key extends Pick<TakenKey, "leftMs">>(keys: readonly Key[]): Partial<Key> {
  const end = (key: Partial<Key>): number => key.leftMs ?? Number.POSITIVE_INFINITY;
  return keys.reduce<Partial<Key>>((first, one) => (end(one) < end(first) ? one : first), keys[0] ?? {});
}

/** A key may have been handed to us in the very moment we left: then it is given on at once. */
async function leave({ call, wanted: { slot } }: Waiting): Promise<void> {
  if (await slot.scripts.leave(call.value)) return;
  for (let unit = 1; unit <= slot.scripts.units; unit += 1) await slot.scripts.release(call.value, unit);
}

/**
 * Leaves the line. A Redis that does not answer is not waited for: it may have granted us the key, which is given back when it
 * answers again.
 *
 * @returns what ended the waiting: the signal's reason, or a Fault "redis-unavailable", since all else that can fail is Redis
 */
async function leftAfter(error: unknown, waiting: Waiting): Promise<unknown> {
  const left = leave(waiting).catch(() => giveBackAll(waiting.call, waiting.wanted.slot.scripts));
  if (!waiting.signal.aborted || error !== waiting.signal.reason) return unavailable(error);
  await left;
  return error;
}

export const unavailable = (cause: unknown): Fault =>
  new Fault("redis-unavailable", "Redis does not say who holds the local model: nothing is sent until it does", { cause });
