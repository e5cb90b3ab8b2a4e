import type { SkipReason } from "./attempt.ts";
import type { FaultKind } from "./fault.ts";
import type { DataClass } from "./provider.ts";

/** What every line of the ledger says. Never a text: ids, names, counts and times. */
interface Line {
  readonly v: 1;
  /** ISO instant at which the line was written. */
  readonly at: string;
  /** One id per attempt: a cloud attempt has two lines, its intention and how it ended. */
  readonly attempt: string;
  readonly job: string;
  readonly jobName: string;
  readonly dataClass: DataClass;
  readonly provider: string;
  /** "local", or the declared country of the address. */
  readonly site: string;
  /** Why this provider's turn came: "first", or what the one before it did ("ollama busy"). */
  readonly reason: string;
}

export interface Usage {
  readonly model?: string | undefined;
  readonly tokensIn?: number | undefined;
  readonly tokensOut?: number | undefined;
  /** By the dated price table; absent when the model is not in it. 0 for the local model. */
  readonly costEur?: number | undefined;
}

export interface Spent extends Usage {
  readonly durationMs: number;
  readonly slotWaitMs: number;
  /** Characters that left the server: 0 for the local model. */
  readonly egressChars: number;
}

export type LedgerEntry =
  | (Line & { readonly event: "skipped"; readonly why: SkipReason })
  /** Written, and on disk, before a cloud socket opens: no line, no egress. */
  | (Line & { readonly event: "intended"; readonly egressChars: number })
  | (Line & Spent & { readonly event: "answered" })
  | (Line & Spent & { readonly event: "faulted"; readonly fault: FaultKind });

type Distributed<Entry> = Entry extends unknown ? Omit<Entry, "v" | "at"> : never;
/** An entry before the ledger stamped it. */
export type NewEntry = Distributed<LedgerEntry>;

/** Where attempts are written down. */
export interface Ledger {
  /** Appends one line. @throws Fault "unknown" when it cannot be written: then nothing may leave. */
  record(entry: NewEntry): void;
  /**
   * Settles when every line recorded so far is written: answers that come in the same moment may share a write. Absent when
   * `record` itself has written.
   *
   * @throws Fault "unknown" when it cannot be
   */
  written?(): Promise<void>;
}
