/** Our worker, whole: composition root, BullMQ, walk, lock, real Ollama provider, ledger, stores; only the job is the bench's own. */
import module from "node:module";
import { join } from "node:path";
import type { AnyJob } from "../../jobs/index.ts";
import { openHistory } from "./history.ts";
import { hashOf, isMutant, QUEUE, READY, STEP, type WorkerOrder } from "./same.ts";

// The bench is gone without having ended us: nobody else would. First of all, as nobody is ever ready without its Redis.
process.stdin.on("end", () => process.exit(0)).resume();

// A worker is started thousands of times: the second start reads what the first one compiled.
module.enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/ecluse"));
const { assemble } = await import("../../src/assemble.ts");
const { readConfig } = await import("../../src/config.ts");
const { Fault } = await import("../../src/core/fault.ts");
const { startWorkers } = await import("../../workers/start-worker.ts");
const { ValidationPayload } = await import("../../jobs/validation.ts");
const { mutantBroker } = await import("./mutants.ts");
module.flushCompileCache();

const order = JSON.parse(process.argv[2] ?? "{}") as WorkerOrder;
const history = openHistory(order.history);

const job: AnyJob = {
  name: QUEUE,
  payload: ValidationPayload,
  policy: { slotWaitMs: 20_000, runMs: 120_000, priority: 1, attempts: 5, backoffMs: 500, concurrency: 2 },
  jobId: (payload) => ValidationPayload.parse(payload).contribution,
  async run(_payload, context) {
    const outcome = await context.once({ sha256: hashOf(context.jobId), step: STEP }, () =>
      context.complete({
        dataClass: "contribution",
        prompt: { system: "", user: context.jobId, schemaName: "answer", schema: { type: "object" }, maxTokens: 100 },
        accept: ({ text }) => answerOf(text),
        repair: (prompt) => prompt,
      }),
    );
    if (outcome.kind !== "answered") return outcome;
    history.add({ e: "effect", job: context.jobId, answer: outcome.result });
    return { kind: "done", result: { answer: outcome.result } };
  },
};

function answerOf(text: string): string {
  try {
    const { answer } = JSON.parse(text) as { readonly answer?: unknown };
    if (typeof answer === "string") return answer;
  } catch {}
  throw new Fault("invalid-answer", "the stand-in did not answer in its shape");
}

const config = readConfig({
  DATA_DIR: order.dir,
  OUT_DIR: order.dir,
  DOCUMENTS_DIR: order.dir,
  OLLAMA_HOST: order.ollamaUrl,
  PROVIDER_CHAIN: "ollama",
  LOCK_TTL_S: `${order.ttlS}`,
  LOG_LEVEL: "warn",
});
const app = assemble({
  config,
  redisUrl: order.redisUrl,
  definitions: [job],
  pace: 5,
  ...(isMutant(order.mutant) ? { broker: mutantBroker(order.mutant, order.redisUrl, config) } : {}),
});
const workers = startWorkers(app.definitions, app);
await workers.ready();
console.log(READY);
