import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { whole } from "../../faults/dialects/dialect.ts";
import { openaiDialect } from "../../faults/dialects/openai.ts";
import { deadUrl } from "../../faults/http.ts";
import { GOOD } from "../../faults/question.ts";
import type { StubOrder } from "./stub.ts";

export const FAULTS = ["refused", "500", "429"] as const;
export type FaultName = (typeof FAULTS)[number];

export interface Addresses {
  readonly good: string;
  readonly bad: Readonly<Record<FaultName, string>>;
  close(): Promise<void>;
}

/** The servers, on a thread of their own: their work is not ours. */
export async function openAddresses(): Promise<Addresses> {
  const { headers = {}, body = [] } = whole(openaiDialect, GOOD);
  const order: StubOrder = { good: { headers, body: [body].flat().join("") } };
  const worker = new Worker(new URL("./stub.ts", import.meta.url), { workerData: order });
  const [[good = "", failing = "", limited = ""]] = (await once(worker, "message")) as [string[]];
  return {
    good,
    bad: { refused: await deadUrl(), "500": failing, "429": limited },
    close: async () => void (await worker.terminate()),
  };
}
