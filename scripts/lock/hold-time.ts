import { readLedger } from "../../src/ledger/ledger.ts";

/** How long a call holds the slot. */
export interface HoldTime {
  /** ms */
  readonly meanMs: number;
  /** Calls it was measured from. */
  readonly calls: number;
}

/** The last ones only: a new model or a new machine shows after a few calls. */
const LAST = 20;

/** How long the last calls to the local model took, by the ledger of this DATA_DIR; undefined when there was none yet. */
export async function holdTime(dataDir: string): Promise<HoldTime | undefined> {
  const { entries } = await readLedger(dataDir);
  const took = entries.flatMap((entry) =>
    entry.event === "answered" && entry.site === "local" && Number.isFinite(entry.durationMs) ? [entry.durationMs] : [],
  );
  const last = took.slice(-LAST);
  if (last.length === 0) return undefined;
  return { meanMs: Math.round(last.reduce((sum, ms) => sum + ms, 0) / last.length), calls: last.length };
}
