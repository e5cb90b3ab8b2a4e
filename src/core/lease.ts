export interface Lease {
  readonly slot: string;
  /** The value of the key while this lease is held. */
  readonly holder: string;
  /** Grows with every grant of the slot; a write that carries an older one is refused. */
  readonly fence: number;
  /** Aborted with a Fault "lease-lost" as soon as the lease cannot be proved any more. */
  readonly signal: AbortSignal;
}

/** Busy is an answer, not an error. */
export type Leased<Value> =
  | { readonly kind: "held"; readonly value: Value; readonly waitedMs: number }
  | { readonly kind: "busy"; readonly holder: string; readonly freeAt: Date | undefined; readonly waitedMs: number };

export interface LeaseAsk {
  /** Who asks, for a person reading the key: a job's name and id, never a text. */
  readonly holder: string;
  /** How long to wait in line before "busy". */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

export interface LeaseBroker {
  /** Runs `work` while the slot is ours. Settles only after the work has settled. */
  withLease<Value>(slot: string, ask: LeaseAsk, work: (lease: Lease) => Promise<Value>): Promise<Leased<Value>>;
}
