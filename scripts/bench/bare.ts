/** A BullMQ worker with nothing around it: what one would write from BullMQ's own guide. Started by the bench. */
import { Worker } from "bullmq";
import { ANSWER, READY, resultOf, type WorkerOrder } from "./same.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as WorkerOrder;
const connection = { url: order.redisUrl, maxRetriesPerRequest: null };
const noop = async (): Promise<string> => ANSWER;

const workers = order.queues.map((name) => {
  const worker = new Worker(name, async () => resultOf((JSON.parse(await noop()) as { verdict: string }).verdict), {
    connection,
    concurrency: order.concurrency,
    ...order.settings,
  });
  worker.on("error", (error) => console.error(error.message));
  return worker;
});
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
console.log(READY);
process.once("SIGTERM", async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  process.exit(0);
});
