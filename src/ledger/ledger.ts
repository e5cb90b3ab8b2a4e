import { closeSync, createReadStream, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
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
  // Read as well, to look at its end.
  const file = openSync(ledgerPath(dataDir), "a+", 0o600);
  // A line that a crash or a full disk cut must not swallow the one written after it.
  let isCut = !endsWithLine(file);
  const write = (lines: string): void => {
    const bytes = Buffer.from(isCut ? `\n${lines}` : lines);
    let written = 0;
    try {
      written = writeSync(file, bytes);
    } catch (cause) {
      throw unwritable(cause);
    }
    isCut = written < bytes.length;
    // A disk that becomes full takes what fits, and calls it success.
    if (isCut) throw unwritable(undefined);
  };
  const together = sharedWrite(write);
  return {
    record(entry) {
      // The stamp in front of the entry's own JSON: a copy of the entry for each line is as slow as writing it.
      const line = `{"v":1,"at":"${clock.now().toISOString()}",${JSON.stringify(entry).slice(1)}\n`;
      if (entry.event === "answered") return together.add(line);
      together.flush();
      write(line);
      // Only what announces egress has to survive a power cut; a lost local line loses a figure, not a promise.
      if (entry.event === "intended") sync(file);
    },
    written: together.written,
    close() {
      together.flush();
      closeSync(file);
    },
  };
}

/**
 * Lines of jobs that got their answers in the same moment leave in one write, as soon as these jobs have come so far: with 50
 * jobs at a time a write each took a tenth of the speed. A job goes on when its line is written, never before.
 */
function sharedWrite(write: (lines: string) => void) {
  let lines = "";
  let last = Promise.resolve();
  let settle = Promise.withResolvers<void>();
  const flush = () => {
    if (lines === "") return;
    const text = lines;
    lines = "";
    try {
      write(text);
      settle.resolve();
    } catch (error) {
      settle.reject(error);
    }
  };
  return {
    add(line: string): void {
      if (lines === "") {
        settle = Promise.withResolvers<void>();
        last = settle.promise;
        // Told to whoever waits; a program that only records and never waits is not ended by it.
        last.catch(() => {});
        // Ticks come after all that is now waiting to go on, and before anything new is read.
        process.nextTick(flush);
      }
      lines += line;
    },
    flush,
    written: (): Promise<void> => last,
  };
}

function endsWithLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || readSync(file, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}

function sync(file: number): void {
  try {
    fsyncSync(file);
  } catch (cause) {
    throw unwritable(cause);
  }
}

const unwritable = (cause: unknown): Fault =>
  new Fault("unknown", "the ledger cannot be written: free disk space or mend its permissions; nothing is sent without it", { cause });

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
