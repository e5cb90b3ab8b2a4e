/**
 * Our worker, whole, with a model that answers at once: composition root, payload check, signals, the walk along the chain,
 * the check of the answer, the ledger's line, the log's line, settling. Started by the bench.
 */
import { z } from "zod";
import type { AnyJob } from "../../jobs/index.ts";
import { assemble } from "../../src/assemble.ts";
import { acceptCompletion, type CompletionProvider } from "../../src/capabilities/completion/contract.ts";
import { readConfig } from "../../src/config.ts";
import { startWorkers } from "../../workers/start-worker.ts";
import { ANSWER, type BenchPayload, READY, resultOf, type WorkerOrder } from "./same.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as WorkerOrder;

const noop: CompletionProvider = {
  name: "noop",
  site: { kind: "local" },
  callMs: 1_000,
  costEur: () => 0,
  call: async () => ({ text: ANSWER, finish: "complete", model: "noop", tokensIn: 0, tokensOut: 0 }),
};

const Payload = z.strictObject({ contribution: z.string().regex(/^[\w.-]{1,100}$/), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const Answer = z.strictObject({ verdict: z.enum(["valid", "invalid"]) });

const definitionOf = (name: string): AnyJob => ({
  name,
  payload: Payload,
  policy: { slotWaitMs: 1_000, runMs: 60_000, priority: 1, attempts: 3, backoffMs: 5_000, concurrency: order.concurrency },
  jobId: (payload) => (payload as BenchPayload).contribution,
  async run(_payload, context) {
    const outcome = await context.complete({
      dataClass: "contribution",
      prompt: { system: "", user: "", schemaName: "answer", schema: {}, maxTokens: 10 },
      accept: (completion) => acceptCompletion(completion, Answer),
      repair: (prompt) => prompt,
    });
    if (outcome.kind !== "answered") return outcome;
    return { kind: "done", result: resultOf(outcome.result.verdict) };
  },
});

const app = assemble({
  config: readConfig({ DATA_DIR: order.dir, OUT_DIR: order.dir, DOCUMENTS_DIR: order.dir }),
  redisUrl: order.redisUrl,
  chain: [noop],
  definitions: order.queues.map(definitionOf),
});
const workers = startWorkers(app.definitions, app);
await workers.ready();
console.log(READY);
process.once("SIGTERM", async () => {
  await workers.stop();
  await app.close();
  process.exit(0);
});
