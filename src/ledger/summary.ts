import type { Attempt } from "./attempts.ts";

/** A sum of what is known, and how many calls it says nothing about. `sum` is null when nothing is known: never 0. */
export interface KnownSum {
  readonly sum: number | null;
  readonly unknown: number;
}

export interface Share {
  readonly answeredLocal: number;
  readonly answeredCloud: number;
  /** Answered at home, of all answered; null when nothing was answered. */
  readonly localShare: number | null;
  /** Calls that sent text out, whatever became of them. */
  readonly left: number;
  readonly characters: number;
}

export interface ProviderRow {
  readonly provider: string;
  readonly site: string;
  readonly answered: number;
  readonly failed: number;
  readonly unrecorded: number;
  readonly characters: number;
  readonly tokensIn: KnownSum;
  readonly tokensOut: KnownSum;
  readonly costEur: KnownSum;
}

/** Waits for the local slot, in ms, by nearest rank; null when nobody waited. */
export interface Waits {
  readonly calls: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface Summary {
  readonly attempts: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly share: { readonly all: Share; readonly document: Share; readonly contribution: Share };
  readonly providers: readonly ProviderRow[];
  readonly left: readonly { readonly reason: string; readonly dataClass: string; readonly calls: number; readonly characters: number }[];
  readonly skipped: readonly {
    readonly provider: string;
    readonly site: string;
    readonly dataClass: string;
    readonly why: string;
    readonly calls: number;
  }[];
  readonly failures: readonly { readonly fault: string; readonly provider: string; readonly site: string; readonly calls: number }[];
  readonly slotWaitMs: { readonly all: Waits; readonly document: Waits; readonly contribution: Waits };
  readonly unrecorded: readonly { readonly at: string; readonly job: string; readonly provider: string; readonly characters: number }[];
  /** Exercises: answers of the practice model, in none of the figures above. */
  readonly practice: { readonly answered: number; readonly failed: number; readonly slotWaitMs: Waits };
}

export interface Asked {
  readonly since?: Date | undefined;
  /** Outside the period itself. */
  readonly until?: Date | undefined;
  /** Whether answers of this model are exercises, to be counted apart. */
  isPractice(model: string): boolean;
}

/** The figures of a period. An attempt belongs to the instant of its first line, so periods that adjoin add up. */
export function summarize(attempts: readonly Attempt[], { since, until, isPractice }: Asked): Summary {
  const isExercise = (attempt: Attempt): boolean => "model" in attempt && attempt.model !== undefined && isPractice(attempt.model);
  const inPeriod = attempts.filter(({ at }) => (since === undefined || at >= since) && (until === undefined || at < until));
  const practised = inPeriod.filter(isExercise);
  const real = inPeriod.filter((attempt) => !isExercise(attempt));
  const classed = (dataClass: Attempt["dataClass"]) => real.filter((attempt) => attempt.dataClass === dataClass);
  const instants = inPeriod.map(({ at }) => at.toISOString()).sort();
  const byClass = <Figure>(figure: (some: readonly Attempt[]) => Figure) => ({
    all: figure(real),
    document: figure(classed("document")),
    contribution: figure(classed("contribution")),
  });
  return {
    attempts: inPeriod.length,
    first: instants[0] ?? null,
    last: instants.at(-1) ?? null,
    share: byClass(shareOf),
    providers: providersOf(real),
    left: grouped(real.filter(hasLeft), ({ reason, dataClass }) => ({ reason, dataClass }), callsAndCharacters),
    skipped: grouped(
      real.filter((attempt) => attempt.kind === "skipped"),
      ({ provider, site, dataClass, why }) => ({ provider, site, dataClass, why }),
      calls,
    ),
    failures: grouped(
      real.filter((attempt) => attempt.kind === "faulted"),
      ({ fault, provider, site }) => ({ fault, provider, site }),
      calls,
    ),
    slotWaitMs: byClass(waitsOf),
    unrecorded: real
      .filter((attempt) => attempt.kind === "unrecorded")
      .map(({ at, job, provider, egressChars }) => ({ at: at.toISOString(), job, provider, characters: egressChars })),
    practice: {
      answered: practised.filter(({ kind }) => kind === "answered").length,
      failed: practised.filter(({ kind }) => kind === "faulted").length,
      slotWaitMs: waitsOf(practised),
    },
  };
}

const isLocal = (attempt: Attempt): boolean => attempt.site === "local";
const hasLeft = (attempt: Attempt): boolean => attempt.egressChars > 0 || attempt.kind === "unrecorded";
const calls = (some: readonly Attempt[]) => ({ calls: some.length });
const charactersOf = (some: readonly Attempt[]): number => some.reduce((sum, { egressChars }) => sum + egressChars, 0);
const callsAndCharacters = (some: readonly Attempt[]) => ({ calls: some.length, characters: charactersOf(some) });

function shareOf(some: readonly Attempt[]): Share {
  const answered = some.filter(({ kind }) => kind === "answered");
  const answeredLocal = answered.filter(isLocal).length;
  return {
    answeredLocal,
    answeredCloud: answered.length - answeredLocal,
    localShare: answered.length === 0 ? null : answeredLocal / answered.length,
    left: some.filter(hasLeft).length,
    characters: charactersOf(some),
  };
}

function providersOf(some: readonly Attempt[]): readonly ProviderRow[] {
  const asked = some.filter(({ kind }) => kind !== "skipped");
  return grouped(
    asked,
    ({ provider, site }) => ({ provider, site }),
    (group) => {
      const count = (kind: Attempt["kind"]) => group.filter((attempt) => attempt.kind === kind).length;
      // A call that ended at home without an answer used nothing that anybody bills or measures.
      const metered = group.filter((attempt) => attempt.kind === "answered" || hasLeft(attempt));
      const spent = (field: "tokensIn" | "tokensOut" | "costEur") =>
        knownSum(metered.map((attempt) => (attempt.kind === "answered" || attempt.kind === "faulted" ? attempt[field] : undefined)));
      return {
        answered: count("answered"),
        failed: count("faulted"),
        unrecorded: count("unrecorded"),
        characters: charactersOf(group),
        tokensIn: spent("tokensIn"),
        tokensOut: spent("tokensOut"),
        costEur: spent("costEur"),
      };
    },
  );
}

function knownSum(values: readonly (number | undefined)[]): KnownSum {
  const known = values.filter((value) => value !== undefined);
  // Millionths: sums of binary fractions must not end in 0.30000000000000004.
  const sum = Math.round(known.reduce((total, value) => total + value, 0) * 1e6) / 1e6;
  return { sum: known.length === 0 && values.length > 0 ? null : sum, unknown: values.length - known.length };
}

/** These end a wait without measuring it: their 0 ms would flatter the figures. */
const UNMEASURED = ["cancelled", "redis-unavailable"];

function waitsOf(some: readonly Attempt[]): Waits {
  const waits = some
    .filter(isLocal)
    .flatMap((attempt) => {
      const isMeasured = attempt.kind === "answered" || (attempt.kind === "faulted" && !UNMEASURED.includes(attempt.fault));
      return isMeasured ? [attempt.slotWaitMs] : [];
    })
    .sort((a, b) => a - b);
  const rank = (share: number): number | null => waits[Math.max(0, Math.ceil(share * waits.length) - 1)] ?? null;
  return { calls: waits.length, p50: rank(0.5), p95: rank(0.95), max: waits.at(-1) ?? null };
}

/** One row per distinct key, most calls first, then by name, so that the same ledger prints the same table. */
function grouped<One extends Attempt, Key extends object, Figures>(
  some: readonly One[],
  keyOf: (attempt: One) => Key,
  figuresOf: (group: readonly One[]) => Figures,
): readonly (Key & Figures)[] {
  const groups = Object.groupBy(some, (attempt) => JSON.stringify(keyOf(attempt)));
  return Object.entries(groups)
    .sort(([a, some = []], [b, others = []]) => others.length - some.length || (a < b ? -1 : 1))
    .map(([key, group = []]) => ({ ...(JSON.parse(key) as Key), ...figuresOf(group) }));
}
