import type { Fault, FaultKind } from "./fault.ts";
import type { Site } from "./provider.ts";

/** Why a provider was not asked at all. */
export type SkipReason =
  | "no-key"
  | "egress-refused"
  | "outside-eu"
  /** It failed or asked to wait a moment ago: nobody asks it before a set time. */
  | "cooling-down";

/** One provider, asked once or passed over: what every result says of it. */
export type FailoverAttempt = {
  readonly provider: string;
  readonly site: Site;
} & (
  | { readonly kind: "skipped"; readonly why: SkipReason }
  | { readonly kind: "faulted"; readonly fault: FaultKind; readonly durationMs: number; readonly slotWaitMs: number }
  | { readonly kind: "answered"; readonly model: string; readonly durationMs: number; readonly slotWaitMs: number }
);

/** Who answered, and why the earlier ones did not. */
export interface AnsweredBy {
  readonly provider: string;
  readonly model: string;
  readonly site: Site;
  readonly attempts: readonly FailoverAttempt[];
}

/** How a question ended. An error can never look like a result. */
export type Outcome<Result> =
  | { readonly kind: "answered"; readonly result: Result; readonly by: AnsweredBy }
  /** Nobody could answer now: asked again later, no attempt burned. */
  | { readonly kind: "postponed"; readonly until: Date; readonly why: FaultKind }
  | { readonly kind: "failed"; readonly fault: Fault };
