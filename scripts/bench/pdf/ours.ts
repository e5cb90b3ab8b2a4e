import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFile } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { residentBytes } from "../../../src/documents/pdf/memory.ts";
import { readPdf } from "../../../src/documents/pdf.ts";
import type { OursResult } from "./result.ts";

/** Reads the PDFs one after the other as the worker does, and watches this process and the one that reads. */
export async function measureOurs(files: readonly string[], signal: AbortSignal): Promise<OursResult> {
  const children = watchChildren();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const startBytes = process.memoryUsage.rss();
  let mostBytes = startBytes;
  let pages = 0;
  delay.enable();
  const startedMs = performance.now();
  for (const file of files) {
    pages += (await readPdf(await readFile(file), { signal })).pages.length;
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  }
  const ms = performance.now() - startedMs;
  delay.disable();
  return {
    pages,
    ms,
    peakMb: megabytes(children.stop()),
    workerGrowthMb: megabytes(mostBytes - startBytes),
    blockMs: Math.round(delay.max / 1e6),
  };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** The most memory that any process started meanwhile held. */
function watchChildren(): { stop(): number } {
  const alive = new Set<ChildProcess>();
  let peakBytes = 0;
  const note = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess };
    alive.add(child);
    child.once("exit", () => alive.delete(child));
  };
  const look = async (): Promise<void> => {
    for (const { pid } of alive) peakBytes = Math.max(peakBytes, (pid === undefined ? undefined : await residentBytes(pid)) ?? 0);
  };
  subscribe("child_process", note);
  const timer = setInterval(() => void look(), 20);
  return {
    stop() {
      clearInterval(timer);
      unsubscribe("child_process", note);
      return peakBytes;
    },
  };
}
