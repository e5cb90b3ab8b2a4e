import type { FaultKind } from "./history.ts";

export interface Strike {
  readonly kind: FaultKind;
  /** Since the strike before. */
  readonly afterMs: number;
  /** Length of a stop, of a foreign hold, of the time without replies. */
  readonly forMs: number;
  /** "grant": in the moment the next one gets the key. "work": at whoever holds it, whatever it is doing. */
  readonly at: "grant" | "work";
}

type Shares = Readonly<Partial<Record<FaultKind, number>>>;

/** How often each comes, of 100. Nine of ten strike the holder or its key: struck at random, a faulty lock looks sound. */
const ALL: Shares = {
  kill: 20,
  stop: 27,
  cut: 7,
  "client-kill": 7,
  swallow: 8,
  "key-deleted": 7,
  "key-overwritten": 6,
  "key-shortened": 5,
  "key-persisted": 3,
  "foreign-holder": 4,
  "redis-stop": 2,
  "redis-kill": 1.5,
};
/**
 * What is not done when Redis is emptied can no longer be judged: some twenty jobs at the beginning of a run, a hundred in its
 * middle. So it is emptied once for each 500 faults, all of them at the beginning, every tenth time.
 */
const EVENTS_PER_EMPTYING = 500;
const EMPTIED_EVERY = 10;
/** The ones of the above that a lock without a guard is known to fail at: a mutant is caught sooner, and ours met them, too. */
const KNOWN_TO_BREAK: Shares = { stop: 45, "key-deleted": 20, "key-shortened": 20, "key-overwritten": 5, cut: 10 };

export interface PlanOrder {
  readonly seed: number;
  /** Faults that are to be done. */
  readonly events: number;
  readonly ttlMs: number;
  readonly isMutant: boolean;
}

/** A strike that cannot be done in its moment counts for nothing: so many are planned for each that is to be done. */
const PLANNED_PER_EVENT = 4;

/** The faults of a run, from the seed alone; more than are asked for, as some cannot be done. */
export function planOf({ seed, events, ttlMs, isMutant }: PlanOrder): readonly Strike[] {
  const random = randomOf(seed);
  // Calls of a mutant must get under way before they are struck.
  const [shares, pauseMs] = isMutant ? [KNOWN_TO_BREAK, 150] : [ALL, 30];
  return Array.from({ length: events * PLANNED_PER_EVENT }, (_, index) => {
    const drawn = pick(random(), shares);
    const kind = !isMutant && isEmptying(index, events) ? "redis-lost" : drawn;
    const afterMs = Math.round(5 + pauseMs * random());
    return { kind, afterMs, forMs: lengthOf(kind, random(), ttlMs), at: random() < 0.25 ? "grant" : "work" };
  });
}

const isEmptying = (index: number, events: number): boolean =>
  index % EMPTIED_EVERY === EMPTIED_EVERY - 1 && index < EMPTIED_EVERY * Math.floor(events / EVENTS_PER_EMPTYING);

function pick(at: number, shares: Shares): FaultKind {
  const kinds = Object.entries(shares) as [FaultKind, number][];
  let left = at * kinds.reduce((sum, [, share]) => sum + share, 0);
  for (const [kind, share] of kinds) {
    left -= share;
    if (left < 0) return kind;
  }
  return "stop";
}

/** In ms. A worker is stopped from a tenth of a lease to three of them, short and long alike often. */
function lengthOf(kind: FaultKind, at: number, ttlMs: number): number {
  if (kind === "swallow") return Math.round(20 + 130 * at);
  const longest = kind === "stop" ? 3 : 0.6;
  return Math.round(ttlMs * 0.1 * (longest / 0.1) ** at);
}

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
