import type { Clock } from "../core/clock.ts";
import type { LeaseAsk, LeaseEvent } from "../core/lease.ts";
import type { SlotScripts } from "./scripts.ts";
import type { Wake } from "./wake.ts";
import type { Watch } from "./watch.ts";

/** What is scarce: its scripts, and who wakes its waiters. */
export interface Slot {
  readonly scripts: SlotScripts;
  readonly wake: Wake;
  /** What the lock outside Redis is named after; none without. */
  readonly guard?: string | undefined;
}

/** One slot that a call may take. */
export interface Wanted {
  readonly name: string;
  readonly slot: Slot;
}

export interface Settings {
  readonly clock: Clock;
  readonly leaseMs: number;
  /** How often a waiter says that it lives, in ms. */
  readonly heartbeatMs: number;
  /** How often the first in line looks at a key that nobody of ours will hand over, in ms. */
  readonly foreignPollMs: number;
  readonly alarmMs: number;
  readonly watch: Watch;
  onEvent?(event: LeaseEvent): void;
}

/** One `withLease`, from its asking to its end. */
export interface Call {
  readonly settings: Settings;
  readonly ask: LeaseAsk;
  /** The value of the key while it is ours. */
  readonly value: string;
  /** Monotonic instant of asking, from which patience counts. */
  readonly startedAt: number;
}

export const elapsedMs = ({ settings, startedAt }: Call): number => settings.clock.elapsed() - startedAt;

export const patienceMs = (call: Call): number => Math.max(0, call.ask.waitMs - elapsedMs(call));

/** A proof ends a tenth early: the server's clock and ours need not run alike. */
export const PROOF_SHARE = 0.9;

/** How long a proof still holds, in ms. */
export const proofLeftMs = ({ settings: { clock, leaseMs } }: Call, provedAt: number): number =>
  Math.max(0, provedAt + leaseMs * PROOF_SHARE - clock.elapsed());

export function tell({ settings, ask }: Call, slot: string, kind: "waiting" | "held" | "released" | "lost" | "gave-up", ms: number): void {
  settings.onEvent?.({ kind, slot, holder: ask.holder, ms: Math.round(ms) });
}
