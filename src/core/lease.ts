export interface Lease {
  readonly slot: string;
  /** The value of the key while this lease is held. */
  readonly holder: string;
  /** Grows with every grant of the slot; a write that carries an older one is refused. */
  readonly fence: number;
  /** Aborted with a Fault "lease-lost" as soon as the lease cannot be proved any more, or with the asker's own reason. */
  readonly signal: AbortSignal;
}

/** Busy is an answer, not an error. */
export type Leased<Value> =
  | { readonly kind: "held"; readonly value: Value; readonly waitedMs: number }
  | { readonly kind: "busy"; readonly holder: string; readonly freeAt: Date | undefined; readonly waitedMs: number };

export interface LeaseAsk {
  /** Who asks, for a person reading the key: a job's name and id, never a text. */
  readonly holder: string;
  /** Lower goes first. */
  readonly priority: number;
  /** How long to wait in line before "busy", in ms. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

export interface LeaseBroker {
  /**
   * Runs `work` while the slot is ours, or of several slots the first that is free: `lease.slot` says which. Settles only after
   * the work has settled.
   *
   * @throws Fault "redis-unavailable" when Redis cannot say who holds the slot, what `work` throws, or the reason of `ask.signal`
   */
  withLease<Value>(slots: string | readonly string[], ask: LeaseAsk, work: (lease: Lease) => Promise<Value>): Promise<Leased<Value>>;
}

/** What happens at a slot, for whoever watches: names and numbers only. */
export type LeaseEvent =
  | {
      readonly kind: "waiting" | "held" | "released" | "lost" | "gave-up";
      readonly slot: string;
      readonly holder: string;
      readonly ms: number;
    }
  | {
      /**
       * Somebody stands in the way for `ms` already and may do so for ever: a person must look. "endless": `holder` has a key
       * without TTL. "outlived": a process of ours that was stopped past its lease still has the guard named by `holder`.
       */
      readonly kind: "endless" | "outlived";
      readonly slot: string;
      readonly holder: string;
      readonly ms: number;
    }
  | { readonly kind: "foreign"; readonly slot: string; readonly holder: string; readonly leftMs: number | undefined };
