import { Fault } from "../core/fault.ts";
import type { Lease } from "../core/lease.ts";
import { type Alarm, ringAfter, silence } from "./alarm.ts";
import { type Call, proofLeftMs, tell } from "./call.ts";
import type { Held } from "./line.ts";

/** A lease that is looked after until `stop`. */
export interface Kept {
  readonly call: Call;
  readonly held: Held;
  /** Monotonic instant before the last script that proved it was sent. */
  provedAt: number;
  alarm: Alarm | undefined;
  isRenewing: boolean;
  isStopped: boolean;
  lost: Fault | undefined;
  /** Made when the work first wants it: a signal costs as much as all the rest of a lease. */
  end: AbortController | undefined;
  /** Hands the asker's own abort on. */
  pass: (() => void) | undefined;
}

/** A holder looks after its key at least this often, so that a foreign DEL is noticed within seconds, whatever the TTL. */
const MAX_RENEWAL_MS = 5_000;

/**
 * Renews until stopped. The lease ends by our own monotonic clock when the last proved renewal is one lease old, whether
 * Redis said no or said nothing.
 */
export function keepRenewed(call: Call, held: Held): Kept {
  const kept: Kept = {
    call,
    held,
    provedAt: held.provedAt,
    alarm: undefined,
    isRenewing: false,
    isStopped: false,
    lost: undefined,
    end: undefined,
    pass: undefined,
  };
  // The work begins first: it has waited for this moment, and what is ours for a claim can be renewed a moment later.
  process.nextTick(lookAfter, kept);
  return kept;
}

export const leaseOf = (kept: Kept): Lease => new KeptLease(kept);

/** A class: a getter of its own for each lease is slow to make. */
class KeptLease implements Lease {
  readonly slot: string;
  readonly holder: string;
  readonly fence: number;
  readonly #kept: Kept;

  constructor(kept: Kept) {
    this.slot = kept.held.wanted.name;
    this.holder = kept.call.value;
    this.fence = kept.held.fence;
    this.#kept = kept;
  }

  get signal(): AbortSignal {
    return signalOf(this.#kept);
  }
}

/** @throws Fault "lease-lost" when it cannot be proved any more that the lease is ours, or the asker's own reason */
export function assertOurs(kept: Kept): void {
  if (proofLeftMs(kept.call, kept.provedAt) === 0) lose(kept);
  if (kept.lost !== undefined) throw kept.lost;
  kept.call.ask.signal.throwIfAborted();
}

export function stop(kept: Kept): void {
  kept.isStopped = true;
  silence(kept.alarm);
  if (kept.pass !== undefined) kept.call.ask.signal.removeEventListener("abort", kept.pass);
}

function lookAfter(kept: Kept): void {
  if (kept.isStopped) return;
  rest(kept);
  if (kept.held.isShort) void renew(kept);
}

function rest(kept: Kept): void {
  const everyMs = Math.min(kept.call.settings.leaseMs / 3, MAX_RENEWAL_MS);
  kept.alarm = ringAfter(Math.min(everyMs, proofLeftMs(kept.call, kept.provedAt)), () => beat(kept));
}

function beat(kept: Kept): void {
  if (proofLeftMs(kept.call, kept.provedAt) === 0) {
    lose(kept);
    return;
  }
  rest(kept);
  if (!kept.isRenewing) void renew(kept);
}

async function renew(kept: Kept): Promise<void> {
  const { call, held } = kept;
  kept.isRenewing = true;
  const sentAt = call.settings.clock.elapsed();
  const isOurs = await held.wanted.slot.scripts.renew(call.value, held.unit).catch(() => undefined);
  kept.isRenewing = false;
  if (isOurs === true) kept.provedAt = sentAt;
  else if (isOurs === false) lose(kept);
}

function lose(kept: Kept): void {
  if (kept.isStopped) return;
  stop(kept);
  kept.lost = new Fault("lease-lost", "the lock of the local model was lost: the call was stopped and its answer is refused");
  tell(kept.call, kept.held.wanted.name, "lost", 0);
  kept.end?.abort(kept.lost);
}

function signalOf(kept: Kept): AbortSignal {
  if (kept.end !== undefined) return kept.end.signal;
  const end = new AbortController();
  kept.end = end;
  const asker = kept.call.ask.signal;
  if (kept.lost !== undefined) end.abort(kept.lost);
  else if (asker.aborted) end.abort(asker.reason);
  else if (!kept.isStopped) {
    kept.pass = () => end.abort(asker.reason);
    asker.addEventListener("abort", kept.pass, { once: true });
  }
  return end.signal;
}
