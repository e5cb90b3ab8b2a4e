import type { Fault, FaultKind } from "../core/fault.ts";

/** What the walk does about a fault. */
export type Reaction =
  /** The same provider once more, the same question. */
  | "retry"
  /** The same provider once more, quoting what was wrong with its answer. */
  | "repair"
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

interface Rule {
  readonly first: Reaction;
  /** When "retry" or "repair" was used up at this provider. */
  readonly after?: Reaction;
  readonly end: JobEnd;
  /** Delay of a postponed job, in ms, unless the vendor named a time. */
  readonly delayMs?: number;
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
  unreachable: { first: "failover", end: "postpone", delayMs: 30_000, canSucceedLater: true },
  "timed-out": { first: "failover", end: "retry", canSucceedLater: true },
  "server-error": { first: "retry", after: "failover", end: "retry", canSucceedLater: true },
  busy: { first: "failover", end: "postpone", delayMs: 5_000, canSucceedLater: true },
  "rate-limited": { first: "failover", end: "postpone", delayMs: 60_000, canSucceedLater: true },
  "quota-exhausted": { first: "failover", end: "postpone", delayMs: 3_600_000, canSucceedLater: true },
  unauthorized: { first: "failover", end: "fail", canSucceedLater: true },
  "model-missing": { first: "failover", end: "fail", canSucceedLater: true },
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

/** @param used  the reactions already spent at this provider for this question */
export function reactTo(fault: Fault, used: ReadonlySet<Reaction>, now: Date): Reaction {
  const rule = RULES[fault.kind];
  if (fault.kind === "rate-limited" && fault.retryAt !== undefined && !used.has("retry")) {
    if (fault.retryAt.getTime() - now.getTime() <= SHORT_WAIT_MS) return "retry";
  }
  return used.has(rule.first) ? (rule.after ?? "failover") : rule.first;
}

export const jobEnd = (kind: FaultKind): JobEnd => RULES[kind].end;
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
