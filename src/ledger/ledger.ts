import { closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Ledger, LedgerEntry } from "../core/ledger.ts";

export const ledgerPath = (dataDir: string): string => join(dataDir, "ledger", "attempts.jsonl");

/**
 * The append-only ledger as JSON lines. Several processes may write: each line is one write to a descriptor opened for
 * appending, which the kernel does not interleave on a local disk.
 */
export function openLedger(dataDir: string, clock: Clock): Ledger & { close(): void } {
  mkdirSync(join(dataDir, "ledger"), { recursive: true });
  const file = openSync(ledgerPath(dataDir), "a", 0o600);
  return {
    record(entry) {
      try {
        writeSync(file, `${JSON.stringify({ v: 1, at: clock.now().toISOString(), ...entry })}\n`);
        // Only what announces egress has to survive a power cut; a lost local line loses a figure, not a promise.
        if (entry.event === "intended") fsyncSync(file);
      } catch (cause) {
        throw new Fault("unknown", "the ledger cannot be written: free disk space or mend its permissions; nothing is sent without it", {
          cause,
        });
      }
    },
    close: () => closeSync(file),
  };
}

/** Every entry of the ledger, oldest first. A line cut by a crash is passed over and counted. */
export async function readLedger(dataDir: string): Promise<{ readonly entries: readonly LedgerEntry[]; readonly unreadable: number }> {
  const path = ledgerPath(dataDir);
  if (!existsSync(path)) return { entries: [], unreadable: 0 };
  const entries: LedgerEntry[] = [];
  let unreadable = 0;
  for await (const line of createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    try {
      entries.push(JSON.parse(line) as LedgerEntry);
    } catch {
      unreadable += 1;
    }
  }
  return { entries, unreadable };
}
