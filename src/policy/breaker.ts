import type { Fault, FaultKind } from "../core/fault.ts";
import type { Gate } from "../core/trouble.ts";
import { cooldownOf } from "./reaction.ts";

/** What is known of a target in trouble; nothing is known of a healthy one. All times in ms since the epoch. */
export type Trouble =
  /** Faults in a row, not yet enough to stop asking. */
  | { readonly kind: "shaky"; readonly faults: number }
  /** Not asked before `until`. */
  | ({ readonly kind: "open" } & Pause)
  /** One call is out to see whether it works again; if it is not heard of before `until`, another one may try. */
  | ({ readonly kind: "probing" } & Pause);

interface Pause {
  readonly why: FaultKind;
  readonly since: number;
  readonly until: number;
  /** Times it was found in trouble since it last worked: each makes the pause longer. */
  readonly openings: number;
}

/** How long a probe is waited for. A call that waits in line or reads a long text just loses its right to be the only one. */
const PROBE_MS = 30_000;
/** No vendor keeps us away for longer without being asked again. */
const LONGEST_PAUSE_MS = 24 * 3_600_000;

export function gateOf(trouble: Trouble | undefined, now: number): Gate {
  if (trouble === undefined || trouble.kind === "shaky") return { kind: "go" };
  if (trouble.until <= now) return { kind: "probe" };
  return { kind: "hold", why: trouble.why, since: new Date(trouble.since), until: new Date(trouble.until) };
}

/** The pause is over and somebody goes to see: for all others it goes on until that one is back. */
export function probing(trouble: Trouble, now: number, pace = 1): Trouble {
  return trouble.kind === "shaky" ? trouble : { ...trouble, kind: "probing", until: now + PROBE_MS / pace };
}

/**
 * @param pace  all pauses we choose ourselves are divided by this; a vendor's own time stays as it is
 * @returns the same object when this fault says nothing about the target's health
 */
export function afterFault(trouble: Trouble | undefined, fault: Fault, now: number, pace = 1): Trouble | undefined {
  const rule = cooldownOf(fault.kind);
  if (rule === undefined) return trouble;
  if (trouble?.kind === "open" && trouble.until > now) return trouble;
  const faults = trouble?.kind === "shaky" ? trouble.faults + 1 : 1;
  const isKnown = trouble !== undefined && trouble.kind !== "shaky";
  if (!isKnown && faults < rule.afterFaults) return { kind: "shaky", faults };
  const openings = isKnown ? trouble.openings + 1 : 1;
  const ours = now + Math.min(rule.firstMs * 2 ** (openings - 1), rule.maxMs) / pace;
  const until = fault.retryAt === undefined ? ours : Math.min(Math.max(fault.retryAt.getTime(), now), now + LONGEST_PAUSE_MS);
  return { kind: "open", why: fault.kind, since: isKnown ? trouble.since : now, until, openings };
}
