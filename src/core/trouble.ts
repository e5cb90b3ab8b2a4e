import type { Fault, FaultKind } from "./fault.ts";

/** Whether a target (a cloud provider, or one slot of the local model) is asked now. */
export type Gate =
  | { readonly kind: "go" }
  /** Its pause is over: this one call finds out whether it works again, all others hold until they know. */
  | { readonly kind: "probe" }
  | {
      readonly kind: "hold";
      readonly why: FaultKind;
      /** When the trouble began. */
      readonly since: Date;
      /** Not asked before. */
      readonly until: Date;
    };

/** What all workers know of who is in trouble: circuit breakers and cooldowns, shared through Redis. */
export interface Troubles {
  gate(target: string): Promise<Gate>;
  /** It works: said at the first word of an answer. */
  answered(target: string): Promise<void>;
  faulted(target: string, fault: Fault): Promise<void>;
}
