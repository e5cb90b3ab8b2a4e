import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { PDFParse } from "pdf-parse";
import type { PlainResult } from "./result.ts";

/** A program of its own: reads the PDFs it is given as the README of pdf-parse shows it, and prints what that took. */
const files = process.argv.slice(2);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let peakBytes = 0;
const timer = setInterval(note, 20);
function note(): void {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}

// The watch begins when the loop has turned once.
await turn();
let pages = 0;
const startedMs = performance.now();
for (const file of files) {
  const parser = new PDFParse({ data: new Uint8Array(readFileSync(file)), verbosity: 0 });
  pages += (await parser.getText()).total;
  note();
  await parser.destroy();
}
const ms = performance.now() - startedMs;
// A block is seen only when it is over and the loop turns again.
await turn();
const result: PlainResult = {
  pages,
  ms,
  peakMb: Math.round(peakBytes / 1024 / 1024),
  blockMs: Math.round(delay.max / 1e6),
};
clearInterval(timer);
process.stdout.write(`${JSON.stringify(result)}\n`);

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
