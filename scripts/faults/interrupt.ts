import { Fault } from "../../src/core/fault.ts";

/** What `withBench` ends with after Ctrl-C, in words for the person who pressed it; anything else as it is. */
export function explainInterrupt(error: unknown): never {
  if (error instanceof Error && error.message === "interrupted") throw new Fault("cancelled", "stopped before its end: there is no result");
  throw error;
}
