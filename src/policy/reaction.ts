import type { Fault, FaultKind } from "../core/fault.ts";

/** What the walk does about a fault. */
export type Reaction =
  /** The same provider once more, the same question. */
  | "retry"
  /** The same provider once more, quoting what was wrong with its answer. */
  | "repair"
  /** At home: asked again soon, as long as the job's patience lasts; then, and in the cloud at once, the next provider. */
  | "wait"
  /** The next provider that policy allows. */
  | "failover"
  /** End here: the text goes to nobody else. */
  | "stop";

/** What becomes of the job when nobody answered. */
export type JobEnd =
  /** Put back with a delay, no attempt burned. */
  | "postpone"
  /** Run again by the queue with backoff, an attempt burned. */
  | "retry"
  /** Failed, visible, with its cause. */
  | "fail";

/** When a target is left alone because of this fault, by all workers; in ms. */
export interface Cooldown {
  /** So many in a row. */
  readonly afterFaults: number;
  /** The first pause; each further one is twice as long, up to `maxMs`. A time the vendor named is used instead. */
  readonly firstMs: number;
  readonly maxMs: number;
}

interface Rule {
  readonly first: Reaction;
  /** When "retry" or "repair" was used up at this provider. */
  readonly after?: Reaction;
  readonly end: JobEnd;
  /** Delay of a postponed job, in ms, unless the vendor named a time. */
  readonly delayMs?: number;
  /** Absent: says nothing about the health of the target. */
  readonly cooldown?: Cooldown;
  /** It mends itself within seconds or minutes: at home that is waited for. */
  readonly passes?: true;
  /** Whether a failed job can succeed unchanged once a person or time has mended the cause: `revalidate-errors` asks. */
  readonly canSucceedLater: boolean;
}

/**
 * The only table that says what a fault leads to. A fault about our own input, our own settings or about nothing we know
 * stops the walk: sending the text to one more company must be a decision (faults.md; reliability.md P12).
 *
 * A missing local model counts as the local provider being down (P12), not as bad settings: other allowed providers serve,
 * and the log says at error level what to pull.
 */
const RULES: Readonly<Record<FaultKind, Rule>> = {
  unreachable: {
    first: "wait",
    end: "postpone",
    delayMs: 30_000,
    cooldown: { afterFaults: 1, firstMs: 2_000, maxMs: 15_000 },
    passes: true,
    canSucceedLater: true,
  },
  "timed-out": {
    first: "failover",
    end: "retry",
    cooldown: { afterFaults: 2, firstMs: 5_000, maxMs: 20_000 },
    passes: true,
    canSucceedLater: true,
  },
  "server-error": {
    first: "retry",
    after: "failover",
    end: "retry",
    // One try and its repetition: what fails both is in trouble.
    cooldown: { afterFaults: 2, firstMs: 5_000, maxMs: 20_000 },
    passes: true,
    canSucceedLater: true,
  },
  busy: { first: "wait", end: "postpone", delayMs: 5_000, passes: true, canSucceedLater: true },
  "rate-limited": {
    first: "failover",
    end: "postpone",
    delayMs: 60_000,
    cooldown: { afterFaults: 1, firstMs: 20_000, maxMs: 60_000 },
    canSucceedLater: true,
  },
  "quota-exhausted": {
    first: "failover",
    end: "postpone",
    delayMs: 3_600_000,
    cooldown: { afterFaults: 1, firstMs: 3_600_000, maxMs: 3_600_000 },
    canSucceedLater: true,
  },
  unauthorized: {
    first: "failover",
    end: "fail",
    cooldown: { afterFaults: 1, firstMs: 300_000, maxMs: 300_000 },
    canSucceedLater: true,
  },
  "model-missing": {
    first: "failover",
    end: "fail",
    cooldown: { afterFaults: 1, firstMs: 30_000, maxMs: 300_000 },
    canSucceedLater: true,
  },
  misconfigured: { first: "stop", end: "fail", canSucceedLater: true },
  "prompt-too-long": { first: "stop", end: "fail", canSucceedLater: false },
  refused: { first: "stop", end: "fail", canSucceedLater: false },
  truncated: { first: "repair", after: "failover", end: "retry", canSucceedLater: true },
  "invalid-answer": { first: "repair", after: "failover", end: "retry", canSucceedLater: true },
  "invalid-payload": { first: "stop", end: "fail", canSucceedLater: false },
  "unreadable-document": { first: "stop", end: "fail", canSucceedLater: false },
  "document-changed": { first: "stop", end: "fail", canSucceedLater: false },
  "lease-lost": { first: "stop", end: "postpone", delayMs: 1_000, canSucceedLater: true },
  cancelled: { first: "stop", end: "postpone", delayMs: 100, canSucceedLater: true },
  "redis-unavailable": { first: "stop", end: "postpone", delayMs: 10_000, canSucceedLater: true },
  "egress-breach": { first: "stop", end: "fail", canSucceedLater: false },
  unknown: { first: "stop", end: "fail", canSucceedLater: true },
};

/** A rate limit that ends within this is waited out at the same provider; a longer one is not worth holding a job for. */
export const SHORT_WAIT_MS = 5_000;

/** A busy or unreachable local model is looked at again after so long at the latest. */
export const LOOK_AGAIN_MS = 1_000;

/** Calls that one question may cost, over all providers, retries and repairs included: two at home and two at each of three others. */
export const MAX_CALLS = 8;

/** @param used  the reactions already spent at this provider for this question */
export function reactTo(fault: Fault, used: ReadonlySet<Reaction>, now: Date): Reaction {
  const rule = RULES[fault.kind];
  if (fault.kind === "rate-limited" && fault.retryAt !== undefined && !used.has("retry")) {
    if (fault.retryAt.getTime() - now.getTime() <= SHORT_WAIT_MS) return "retry";
  }
  return used.has(rule.first) ? (rule.after ?? "failover") : rule.first;
}

export const jobEnd = (kind: FaultKind): JobEnd => RULES[kind].end;
export const cooldownOf = (kind: FaultKind): Cooldown | undefined => RULES[kind].cooldown;
export const passesByItself = (kind: FaultKind): boolean => RULES[kind].passes === true;
export const canSucceedLater = (kind: FaultKind): boolean => RULES[kind].canSucceedLater;

/** When a postponed job is asked again: the vendor's own time, or the table's delay. */
export function postponedUntil(fault: Fault, now: Date): Date {
  const earliest = now.getTime() + (RULES[fault.kind].delayMs ?? 60_000);
  return new Date(fault.retryAt === undefined ? earliest : Math.max(now.getTime(), fault.retryAt.getTime()));
}

/**
 * The fault that decides how the job ends, of all that the walk met.
 *
 * One that time heals comes first: a key that is refused at the second cloud must not fail a job whose local model is only busy.
 */
export function decisiveFault(faults: readonly Fault[]): Fault | undefined {
  const rank: Readonly<Record<JobEnd, number>> = { postpone: 0, retry: 1, fail: 2 };
  return faults.toSorted((a, b) => rank[jobEnd(a.kind)] - rank[jobEnd(b.kind)])[0];
}
