import type { FailoverAttempt, SkipReason } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import type { Fault } from "../core/fault.ts";
import type { LeaseBroker } from "../core/lease.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Answered, DataClass, Provider, Site, Task } from "../core/provider.ts";
import type { Troubles } from "../core/trouble.ts";

/** Who asks, and how long that job may wait for the local model. */
export interface Asker {
  readonly jobId: string;
  readonly jobName: string;
  /** Lower goes first at the slot. */
  readonly priority: number;
  /** Patience with the local model, busy or down, in ms, for one question. */
  readonly slotWaitMs: number;
  readonly signal: AbortSignal;
}

export interface WalkPorts {
  readonly broker: LeaseBroker;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly troubles: Troubles;
  /** How soon a busy or unreachable local model is looked at again, in ms; LOOK_AGAIN_MS but for benches that compress time. */
  readonly lookAgainMs?: number;
  /** Why this provider may not be asked with this class of data: no key, or policy. */
  whyNot(provider: { readonly site: Site; readonly unavailable?: SkipReason }, dataClass: DataClass): SkipReason | undefined;
}

/** One question on its way along the chain, and what it has met so far; that only grows. */
export interface Walk<Request, Raw extends Answered, Result> {
  readonly task: Task<Request, Raw, Result>;
  readonly asker: Asker;
  readonly ports: WalkPorts;
  readonly attempts: FailoverAttempt[];
  readonly faults: Fault[];
  /** Why the next provider's turn came. */
  reason: string;
  /** Patience spent so far on the local model, in ms. */
  waitedMs: number;
  /** What was said of who is in trouble, on its way to Redis: the next provider need not wait for it, the next look must. */
  told: Promise<unknown>;
  /** Calls that reached somebody so far, whomever. */
  calls: number;
}

export const nameOf = ({ name, site }: { readonly name: string; readonly site: Site }) => ({ provider: name, site });

export const isAtHome = <Request, Raw extends Answered>(provider: Provider<Request, Raw>): boolean => provider.slots !== undefined;

export const patienceLeft = <Request, Raw extends Answered, Result>({ asker, waitedMs }: Walk<Request, Raw, Result>): number =>
  Math.max(0, asker.slotWaitMs - waitedMs);

/** Tells all workers of a fault, behind the walk's back. What cannot be told is found out again by the next who asks. */
export function tellTrouble<Request, Raw extends Answered, Result>(walk: Walk<Request, Raw, Result>, target: string, fault: Fault): void {
  walk.told = Promise.all([walk.told, walk.ports.troubles.faulted(target, fault).catch(() => {})]);
}
