import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { LeaseAsk } from "../core/lease.ts";
import { isOurs, isProvablyDead, ownerName } from "./owner.ts";
import type { Asked, SlotScripts } from "./scripts.ts";
import type { Bell, Wake } from "./wake.ts";

export interface Held {
  readonly kind: "held";
  readonly fence: number;
  readonly unit: number;
  /** Monotonic instant before the script that proved the lease was sent. */
  readonly provedAt: number;
}

export type Got = Held | { readonly kind: "busy"; readonly holder: string; readonly freeAt: Date | undefined };
type Taken = Asked & { readonly kind: "taken" };

export interface Waiting {
  readonly scripts: SlotScripts;
  readonly clock: Clock;
  readonly wake: Wake;
  readonly ask: LeaseAsk;
  readonly value: string;
  readonly leaseMs: number;
  /** How often a waiter says that it lives, in ms. */
  readonly heartbeatMs: number;
  /** How often the first in line looks at a key that nobody of ours will hand over, in ms. */
  readonly foreignPollMs: number;
  onTaken(taken: Taken): void;
}

/**
 * Waits in the line that all processes share until the slot is ours or the patience is spent.
 *
 * @throws Fault "redis-unavailable", or the reason of the asker's signal; in both cases the line is left
 */
export async function waitInLine(waiting: Waiting): Promise<Got> {
  const { wake, clock, ask, value } = waiting;
  const startedAt = clock.elapsed();
  const bell = wake.bell(value);
  try {
    for (;;) {
      ask.signal.throwIfAborted();
      const leftMs = Math.max(0, ask.waitMs - (clock.elapsed() - startedAt));
      const provedAt = clock.elapsed();
      const asked = await askRedis(waiting, leftMs > 0 && wake.isReady);
      if (asked.kind === "ours") {
        if (proofLeftMs(waiting, provedAt) > 0) return { ...asked, kind: "held", provedAt };
        // The reply took a whole lease (Redis was coming back): asked again, which renews what is ours.
        continue;
      }
      waiting.onTaken(asked);
      if (await takeOverFromDead(waiting, asked)) continue;
      if (leftMs === 0) return await giveUp(waiting, asked);
      await untilNextLook(waiting, bell, asked, leftMs);
    }
  } catch (error) {
    await leave(waiting).catch(() => {});
    throw error;
  } finally {
    bell.close();
  }
}

/** How long a proof still holds, in ms. A tenth early: the server's clock and ours need not run alike. */
export const proofLeftMs = ({ clock, leaseMs }: Pick<Waiting, "clock" | "leaseMs">, provedAt: number): number =>
  Math.max(0, provedAt + leaseMs * 0.9 - clock.elapsed());

async function askRedis({ scripts, value, ask }: Waiting, mayWait: boolean): Promise<Asked> {
  try {
    return await scripts.ask(value, ask.priority, mayWait);
  } catch (cause) {
    throw new Fault("redis-unavailable", "Redis does not say who holds the local model: nothing is sent until it does", { cause });
  }
}

/** Heard before the line is entered: a call that nobody hears would cost a heartbeat. */
async function untilNextLook(waiting: Waiting, bell: Bell, asked: Taken, leftMs: number): Promise<void> {
  if (waiting.wake.isReady) return await bell.rung(Math.min(leftMs, nextLookMs(waiting, asked)), waiting.ask.signal);
  try {
    await waiting.wake.ready();
  } catch (cause) {
    throw new Fault("redis-unavailable", "Redis does not take a listener for the line of the local model", { cause });
  }
}

/** Releasing with a dead process's own value hands the key to the first in line, which may not be us. */
async function takeOverFromDead({ scripts }: Waiting, { holder }: Taken): Promise<boolean> {
  return holder !== "" && isProvablyDead(holder) && (await scripts.release(holder, 1).catch(() => false));
}

/** One of ours wakes the next when it is done; a foreign one, and a key that just ends, wake nobody. */
function nextLookMs({ heartbeatMs, foreignPollMs }: Waiting, { holder, leftMs, place, gapMs }: Taken): number {
  if (holder === "") return gapMs > 0 ? gapMs : foreignPollMs;
  if (place === 1 && !isOurs(holder)) return Math.min(foreignPollMs, leftMs === undefined ? foreignPollMs : leftMs + 1);
  return Math.min(heartbeatMs, leftMs === undefined ? heartbeatMs : leftMs + 1);
}

async function giveUp(waiting: Waiting, { holder, leftMs }: Taken): Promise<Got> {
  await leave(waiting);
  const freeAt = leftMs === undefined ? undefined : new Date(waiting.clock.now().getTime() + leftMs);
  return { kind: "busy", holder: ownerName(holder), freeAt };
}

/** The key may have been handed to us in the very moment we left: then it is given on at once. */
async function leave({ scripts, value }: Waiting): Promise<void> {
  await scripts.leave(value);
  for (let unit = 1; unit <= scripts.units; unit += 1) await scripts.release(value, unit);
}
