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

/** How often each comes, of 100. Nine of ten strike the holder or its key: struck at random, a faulty lock looks sound. */
const SHARES: Readonly<Record<FaultKind, number>> = {
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
  "redis-lost": 0.5,
};

/** The faults of a run, from the seed alone. */
export function planOf(seed: number, events: number, ttlMs: number): readonly Strike[] {
  const random = randomOf(seed);
  return Array.from({ length: events }, () => {
    const kind = pick(random());
    return {
      kind,
      afterMs: Math.round(10 + 50 * random()),
      forMs: lengthOf(kind, random(), ttlMs),
      at: random() < 0.35 ? "grant" : "work",
    };
  });
}

function pick(at: number): FaultKind {
  const kinds = Object.entries(SHARES) as [FaultKind, number][];
  let left = at * kinds.reduce((sum, [, share]) => sum + share, 0);
  for (const [kind, share] of kinds) {
    left -= share;
    if (left < 0) return kind;
  }
  return "kill";
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
