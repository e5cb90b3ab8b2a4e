import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Lease, LeaseAsk, LeaseBroker, Leased, LeaseEvent } from "../core/lease.ts";
import { type Line, newLine } from "./line.ts";
import { isProvablyDead, ownerName, ownerValue } from "./owner.ts";
import type { Acquired, LockScripts } from "./scripts.ts";

export interface BrokerOptions {
  readonly scripts: LockScripts;
  readonly clock: Clock;
  /** Key of each slot. */
  readonly keys: Readonly<Record<string, string>>;
  readonly leaseMs: number;
  /** Pause between two looks at a key that somebody else holds. */
  readonly pollMs?: number;
  /** Watches: terminal, tests, log. */
  onEvent?(event: LeaseEvent): void;
}

/** A holder looks after its key at least this often, so that a foreign DEL is noticed within seconds, whatever the TTL. */
const MAX_RENEWAL_MS = 5_000;
const POLL_MS = 50;

/** The slots of this process: waits in line, takes the key, renews it, aborts the work when the lease cannot be proved. */
export function leaseBroker(options: BrokerOptions): LeaseBroker {
  const lines = new Map<string, Line>();
  return {
    async withLease(slot, ask, work) {
      const key = options.keys[slot];
      if (key === undefined) throw new Fault("misconfigured", `there is no slot named ${slot}`);
      const line = lines.get(slot) ?? newLine();
      lines.set(slot, line);
      return await holdAndWork({ ...options, slot, key, line, ask }, work);
    },
  };
}

interface Waiting extends BrokerOptions {
  readonly slot: string;
  readonly key: string;
  readonly line: Line;
  readonly ask: LeaseAsk;
}

async function holdAndWork<Value>(waiting: Waiting, work: (lease: Lease) => Promise<Value>): Promise<Leased<Value>> {
  const { clock, ask } = waiting;
  const startedAt = clock.elapsed();
  const waitedMs = () => clock.elapsed() - startedAt;
  tell(waiting, "waiting", 0);
  const place = waiting.line.enter(ask.priority);
  try {
    const isTurn = await turnOrPatience(waiting, place.turn);
    const got = isTurn
      ? await acquire(waiting, startedAt)
      : { kind: "busy" as const, holder: "another call of this worker", freeAt: undefined };
    if (got.kind === "busy") {
      tell(waiting, "gave-up", waitedMs());
      return { ...got, waitedMs: waitedMs() };
    }
    const waited = waitedMs();
    tell(waiting, "held", waited);
    const heldAt = clock.elapsed();
    try {
      return { kind: "held", value: await workWhileHeld(waiting, got, work), waitedMs: waited };
    } finally {
      tell(waiting, "released", clock.elapsed() - heldAt);
    }
  } finally {
    place.leave();
  }
}

function tell({ onEvent, slot, ask }: Waiting, kind: "waiting" | "held" | "released" | "lost" | "gave-up", ms: number): void {
  onEvent?.({ kind, slot, holder: ask.holder, ms: Math.round(ms) });
}

/** True when it is our turn in this process, false when the patience was spent before. @throws the reason of the asker's signal */
async function turnOrPatience({ clock, ask }: Waiting, turn: Promise<void>): Promise<boolean> {
  const given = new AbortController();
  const stop = () => given.abort(ask.signal.reason);
  ask.signal.addEventListener("abort", stop, { once: true });
  try {
    ask.signal.throwIfAborted();
    return await Promise.race([turn.then(() => true), patience(clock, ask.waitMs, given.signal)]);
  } finally {
    ask.signal.removeEventListener("abort", stop);
    given.abort(new Fault("cancelled", "no longer waiting"));
  }
}

async function patience(clock: Clock, waitMs: number, signal: AbortSignal): Promise<false> {
  // setTimeout takes at most 2^31-1 ms; a job that waits as long as it takes asks for more.
  await clock.sleep(Math.min(waitMs, 2 ** 31 - 1), signal);
  return false;
}

interface Held {
  readonly kind: "held";
  readonly value: string;
  readonly fence: number;
  /** Monotonic instant before the script that proved the lease was sent. */
  readonly provedAt: number;
}

type Got = Held | { readonly kind: "busy"; readonly holder: string; readonly freeAt: Date | undefined };

async function acquire(waiting: Waiting, startedAt: number): Promise<Got> {
  const { scripts, clock, key, ask, leaseMs } = waiting;
  const value = ownerValue(ask.holder);
  let lastForeign = "";
  for (;;) {
    ask.signal.throwIfAborted();
    const provedAt = clock.elapsed();
    const acquired = await scripts.acquire(key, value, leaseMs).catch((cause: unknown) => {
      // Redis may have granted it and lost the reply: a key nobody knows of would close the slot for a whole TTL.
      releaseSoon(waiting, value);
      throw new Fault("redis-unavailable", "Redis does not say who holds the local model: nothing is sent until it does", { cause });
    });
    if (acquired.kind === "ours") {
      if (proofLeftMs(waiting, provedAt) > 0) return { kind: "held", value, fence: acquired.fence, provedAt };
      // The reply took a whole lease (Redis was coming back): asked again, which renews what is ours.
      if (ask.signal.aborted) releaseSoon(waiting, value);
      continue;
    }
    if (isProvablyDead(acquired.holder) && (await scripts.release(key, acquired.holder).catch(() => false))) continue;
    lastForeign = tellForeign(waiting, acquired, lastForeign);
    const leftMs = ask.waitMs - (clock.elapsed() - startedAt);
    if (leftMs <= 0) return { kind: "busy", holder: ownerName(acquired.holder), freeAt: freeAt(clock, acquired) };
    await clock.sleep(Math.min(waiting.pollMs ?? POLL_MS, leftMs), ask.signal);
  }
}

function tellForeign({ onEvent, slot }: Waiting, taken: Acquired & { kind: "taken" }, last: string): string {
  if (taken.holder !== last) onEvent?.({ kind: "foreign", slot, holder: ownerName(taken.holder), leftMs: taken.leftMs });
  return taken.holder;
}

const freeAt = (clock: Clock, { leftMs }: Acquired & { kind: "taken" }): Date | undefined =>
  leftMs === undefined ? undefined : new Date(clock.now().getTime() + leftMs);

async function workWhileHeld<Value>(waiting: Waiting, held: Held, work: (lease: Lease) => Promise<Value>): Promise<Value> {
  const { slot, ask } = waiting;
  const lost = new AbortController();
  const stop = () => lost.abort(ask.signal.reason);
  ask.signal.addEventListener("abort", stop, { once: true });
  const renewal = keepRenewed(waiting, held, lost);
  try {
    ask.signal.throwIfAborted();
    const value = await work({ slot, holder: held.value, fence: held.fence, signal: lost.signal });
    // A late answer is refused even when the call did not notice the abort, or this process was stopped past its lease.
    renewal.assertProved();
    if (lost.signal.aborted) throw lost.signal.reason;
    return value;
  } finally {
    renewal.stop();
    ask.signal.removeEventListener("abort", stop);
    await waiting.scripts.release(waiting.key, held.value).catch(() => releaseSoon(waiting, held.value));
  }
}

/** How long a proof still holds, in ms. A tenth early: the server's clock and ours need not run alike. */
const proofLeftMs = ({ clock, leaseMs }: Waiting, provedAt: number): number => Math.max(0, provedAt + leaseMs * 0.9 - clock.elapsed());

/**
 * Renews until stopped. The lease ends by our own monotonic clock when the last proved renewal is one lease old, whether
 * Redis said no or said nothing.
 */
function keepRenewed(waiting: Waiting, held: Held, lost: AbortController): { stop(): void; assertProved(): void } {
  const { scripts, clock, key, leaseMs } = waiting;
  const everyMs = Math.min(leaseMs / 3, MAX_RENEWAL_MS);
  let isStopped = false;
  let provedAt = held.provedAt;
  const lose = () => {
    if (isStopped) return;
    isStopped = true;
    tell(waiting, "lost", 0);
    lost.abort(new Fault("lease-lost", "the lock of the local model was lost: the call was stopped and its answer is refused"));
  };
  const leftMs = () => proofLeftMs(waiting, provedAt);
  let cancelDeadline = clock.after(leftMs(), lose);
  let cancelTick = clock.after(everyMs, () => void tick());
  const tick = async () => {
    const sentAt = clock.elapsed();
    const isOurs = await scripts.renew(key, held.value, leaseMs).catch(() => undefined);
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
function releaseSoon({ scripts, clock, key, leaseMs }: Waiting, value: string): void {
  const until = clock.elapsed() + leaseMs;
  const again = () => {
    scripts.release(key, value).catch(() => {
      if (clock.elapsed() < until) clock.after(1_000, again);
    });
  };
  again();
}
