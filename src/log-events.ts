import type { Fault } from "./core/fault.ts";
import type { LeaseEvent } from "./core/lease.ts";
import type { Log } from "./log.ts";
import type { Trouble } from "./policy/breaker.ts";
import { jobEnd } from "./policy/reaction.ts";

export interface TroubleNews {
  readonly target: string;
  /** Absent when it works again. */
  readonly trouble: Trouble | undefined;
  readonly fault: Fault | undefined;
}

export function logLease(log: Log, event: LeaseEvent): void {
  const { slot, holder } = event;
  switch (event.kind) {
    case "lost":
      log.warn({ event: "lease.lost", slot, holder }, "the lock was lost, the call was stopped");
      return;
    case "endless":
      log.error(
        { event: "lease.endless", slot, holder, ms: event.ms },
        "the lock's key has no TTL: it is never taken from its holder; if nobody works there any more, npm run lock -- release",
      );
      return;
    case "outlived":
      log.error(
        { event: "lease.outlived", slot, guard: holder, ms: event.ms },
        "a process that was stopped past its lease keeps the local model: let it go on (kill -CONT) or end it; ss -lxp names it",
      );
      return;
    case "foreign":
      log.debug({ event: "lease.foreign", slot, leftMs: event.leftMs }, "somebody else holds the lock");
      return;
    default:
      log.debug({ event: `lease.${event.kind}`, slot, holder, ms: event.ms }, "lock");
  }
}

/** What a person must mend is an error; what passes by itself a warning. */
export function logTrouble(log: Log, { target, trouble, fault }: TroubleNews): void {
  if (trouble === undefined || fault === undefined) {
    log.info({ event: "provider.well", target }, `${target} answers again`);
    return;
  }
  if (trouble.kind !== "open") return;
  const fields = { event: "provider.trouble", target, fault: fault.kind, until: new Date(trouble.until).toISOString() };
  const mended = jobEnd(fault.kind) === "fail" || fault.kind === "quota-exhausted" ? "error" : "warn";
  log[mended](fields, `${fault.message}: left alone until then`);
}
