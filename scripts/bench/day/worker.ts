/** Workers of one process of the day, whole: composition root, BullMQ, the jobs that ship. Started by the bench. */
import { writeFileSync } from "node:fs";
import { jobDefinitions } from "../../../jobs/index.ts";
import { assemble } from "../../../src/assemble.ts";
import { lockConnection } from "../../../src/queue/connection.ts";
import { startWorkers } from "../../../workers/start-worker.ts";
import { articlePolicy } from "./article.ts";
import { type DayOrder, type LeaseSeen, READY, townConfig } from "./order.ts";
import { sharedMs } from "./town-clock.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as DayOrder;
const config = townConfig(order);
const leases: LeaseSeen[] = [];
const lockRedis = lockConnection(order.redisUrl, config.LOCK_DB);
const article = order.policy === "article" ? articlePolicy(lockRedis, config.LOCK_KEY, Math.round(600_000 / order.speed)) : undefined;
const ours = jobDefinitions(config);

const app = assemble({
  config,
  redisUrl: order.redisUrl,
  pace: order.speed,
  definitions: article === undefined ? ours : ours.map(article.lockedWhole),
  ...(article !== undefined && { broker: article.broker }),
  onLease({ kind, holder }) {
    if (kind !== "foreign") leases.push({ kind, holder, at: sharedMs() });
  },
});
const workers = startWorkers(
  app.definitions.filter(({ name }) => order.jobs.includes(name)),
  app,
);
await workers.ready();
await warmUp();
console.log(READY);
process.once("SIGTERM", async () => {
  await workers.stop();
  await app.close();
  lockRedis.disconnect();
  writeFileSync(order.leasesFile, JSON.stringify(leases));
  process.exit(0);
});

/**
 * Asks each model a word, past queue and lock: the vendors' packages are loaded with the first call, which would count as a
 * quarter of a minute of town time.
 */
async function warmUp(): Promise<void> {
  const prompt = { system: "", user: "", schemaName: "word", schema: { type: "object" }, maxTokens: 1 };
  const signal = new AbortController().signal;
  for (const provider of app.chain) await provider.call(prompt, { signal, ...(provider.slots?.[0] && { slot: provider.slots[0] }) });
}
