import type { LockStatus, SlotStatus } from "../../src/lock/scripts.ts";
import type { HoldTime } from "./hold-time.ts";
import { type Owner, ownerOf } from "./holder.ts";

/** What `status --json` prints of one slot; times in ms, null where nobody knows. */
export interface SlotView {
  readonly slot: string;
  readonly host: string;
  readonly keys: readonly KeyView[];
  /** In the order in which they will be served. */
  readonly waiters: readonly WaiterView[];
}

export interface KeyView {
  readonly key: string;
  readonly holder: Owner | null;
  readonly heldMs: number | null;
  readonly since: string | null;
  /** Until the key ends by itself, unless it is renewed. */
  readonly leftMs: number | null;
  readonly fence: number;
  readonly warnings: readonly string[];
}

export interface WaiterView {
  /** From 1. */
  readonly place: number;
  readonly owner: Owner;
  readonly priority: number;
  /** Whether it said so lately; one that did not is passed over. */
  readonly isAlive: boolean;
  readonly waitedMs: number;
  /** ms until its turn, as far as can be told. */
  readonly turnInMs: number | null;
}

/** @param now  wall time, for "since" */
export function viewOf(
  place: Pick<SlotView, "slot" | "host">,
  { locks, waiters }: SlotStatus,
  { hold, now }: { readonly hold: HoldTime | undefined; readonly now: Date },
): SlotView {
  const keys = locks.map((lock) => keyOf(lock, now));
  let ahead = 0;
  return {
    ...place,
    keys,
    waiters: waiters.map(({ value, priority, isAlive, waitedMs }, index) => {
      const turnInMs = isAlive ? turnIn(keys, ahead, hold) : null;
      // One that died is passed over and delays nobody.
      if (isAlive) ahead += 1;
      return { place: index + 1, owner: ownerOf(value), priority, isAlive, waitedMs: Math.round(waitedMs), turnInMs };
    }),
  };
}

function keyOf({ key, isHeld, holder, heldMs, leftMs, fence }: LockStatus, now: Date): KeyView {
  if (!isHeld) return { key, holder: null, heldMs: null, since: null, leftMs: null, fence, warnings: [] };
  const owner = ownerOf(holder);
  return {
    key,
    holder: owner,
    heldMs: heldMs === undefined ? null : Math.round(heldMs),
    since: heldMs === undefined ? null : new Date(now.getTime() - heldMs).toISOString(),
    leftMs: leftMs ?? null,
    fence,
    warnings: warningsOf(owner, leftMs),
  };
}

function warningsOf(holder: Owner, leftMs: number | undefined): readonly string[] {
  return [
    ...(leftMs === undefined ? ["it has no TTL: it stays until somebody deletes it"] : []),
    ...(holder.state === "dead" ? ["its holder is dead: the next one who asks takes it, or npm run lock -- release"] : []),
    ...(holder.state === "stopped" ? [`its holder is stopped (kill -CONT ${holder.pid} lets it go on): the key ends with its TTL`] : []),
  ];
}

/**
 * When somebody with `ahead` others before him gets one of these keys, if each call takes as long as the last ones did, or,
 * where none was measured, twice as long as the present one took so far.
 *
 * @returns null when nobody can know: a foreign program holds them all
 */
function turnIn(keys: readonly KeyView[], ahead: number, hold: HoldTime | undefined): number | null {
  const left = keys.map((key) => leftOf(key, hold)).filter((ms) => ms !== null);
  const eachMs = hold?.meanMs ?? Math.max(0, ...keys.map(({ heldMs }) => 2 * (heldMs ?? 0)));
  if (left.length === 0 || (eachMs === 0 && ahead > 0)) return null;
  // Each in turn takes the key that is free first.
  for (let turn = 0; turn < ahead; turn += 1) {
    left.sort((a, b) => a - b);
    left[0] = (left[0] ?? 0) + eachMs;
  }
  return Math.round(Math.min(...left));
}

/** How long a key will still be held, in ms; null for a foreign program, of which nothing is known. */
function leftOf({ holder, heldMs }: KeyView, hold: HoldTime | undefined): number | null {
  if (holder === null || holder.state === "dead") return 0;
  if (holder.kind === "foreign" || heldMs === null) return null;
  return hold === undefined ? heldMs : Math.max(0, hold.meanMs - heldMs);
}
