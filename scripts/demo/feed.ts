import { readFileSync } from "node:fs";
import type { App } from "../../src/assemble.ts";
import { type KeptContribution, takeContribution } from "../../src/contributions/contribution.ts";
import { CONTRIBUTIONS, DOCUMENTS } from "./queue-view.ts";

/** Letters that come in together, and how many calls of the model lie between two such lots. */
const LOT = 4;
const CALLS_BETWEEN = 8;

/** The twenty contributions that come with the project. */
export function sampleContributions(samples: string): readonly KeptContribution[] {
  return (JSON.parse(readFileSync(`${samples}/contributions.json`, "utf8")) as unknown[]).map(takeContribution);
}

/** A look at the documents folder, enqueued as the scheduler does it at a tick of its cron line. */
export async function enqueueScan({ queues, clock }: App): Promise<void> {
  await queues.enqueue(DOCUMENTS, { kind: "scan", instant: clock.now().toISOString() });
}

/**
 * Citizens who write while the documents are being read: a few at once, then a few more after every few calls, so that
 * they meet a held lock again and again however fast the model is.
 */
export function letters({ queues, stores }: App, contributions: readonly KeptContribution[]) {
  let sent = 0;
  return {
    toCome: () => contributions.length - sent,
    /** @param calls  calls of the model so far; Infinity when the documents are done and nothing is left to meet */
    async send(calls: number): Promise<void> {
      const due = Math.min(contributions.length, LOT * (1 + Math.floor(calls / CALLS_BETWEEN)));
      for (const contribution of contributions.slice(sent, due)) {
        await stores.contributions.put(contribution);
        await queues.enqueue(CONTRIBUTIONS, { contribution: contribution.id, sha256: contribution.sha256 });
        sent += 1;
      }
    },
  };
}
