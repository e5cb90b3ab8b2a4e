import type { Clock } from "../core/clock.ts";
import type { LeaseEvent } from "../core/lease.ts";
import type { Call } from "./call.ts";
import type { Taken, Waiting } from "./line.ts";
import { isOfThisProcess, ownerName } from "./owner.ts";

export interface WatchOptions {
  readonly clock: Clock;
  /** How often the same thing is told, in ms. */
  readonly alarmMs: number;
  onEvent?(event: LeaseEvent): void;
}

/** Looks at who stands in the way of our waiters. */
export interface Watch {
  saw(waiting: Waiting, taken: Taken): void;
}

interface Endless {
  readonly holder: string;
  readonly since: number;
  tellAt: number;
}

export function newWatch({ clock, alarmMs, onEvent }: WatchOptions): Watch {
  if (onEvent === undefined) return { saw() {} };
  // All waiters of a process see the same key: it is told once, not by each of them.
  const seen = new Map<string, Endless>();
  const told = new WeakMap<Call, Set<string>>();

  /** A key without TTL never ends by itself: told when it has stood there for a sixth of `alarmMs`, and then each `alarmMs`. */
  const tellEndless = (slot: string, key: string, holder: string): void => {
    const now = clock.elapsed();
    const known = seen.get(key);
    // SETNX and EXPIRE are two commands: what has no TTL yet is told only when it still has none.
    if (known?.holder !== holder) seen.set(key, { holder, since: now, tellAt: now + alarmMs / 6 });
    else if (now >= known.tellAt) {
      known.tellAt = now + alarmMs;
      onEvent({ kind: "endless", slot, holder: ownerName(holder), ms: Math.round(now - known.since) });
    }
  };
  /** Each call is told once of each holder that is not of this process. */
  const tellForeign = (
    call: Call,
    slot: string,
    { holder, leftMs }: { readonly holder: string; readonly leftMs: number | undefined },
  ): void => {
    if (isOfThisProcess(holder)) return;
    const known = told.get(call) ?? new Set();
    told.set(call, known);
    if (known.has(`${slot} ${holder}`)) return;
    known.add(`${slot} ${holder}`);
    onEvent({ kind: "foreign", slot, holder: ownerName(holder), leftMs });
  };
  return {
    saw({ call, wanted: { name } }, { keys }) {
      for (const [index, { holder, leftMs }] of keys.entries()) {
        const key = `${name} ${index}`;
        if (holder === undefined || leftMs !== undefined) seen.delete(key);
        else tellEndless(name, key, holder);
        if (holder !== undefined) tellForeign(call, name, { holder, leftMs });
      }
    },
  };
}
