import { jobDefinitions } from "../jobs/index.ts";
import { type Config, loadConfig } from "../src/config.ts";
import { findEmbeddedRedis } from "../src/queue/embedded-redis.ts";
import { type Check, checkHealth } from "../src/queue/health.ts";
import type { Role } from "../src/queue/heartbeat.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";

const HELP = `node scripts/health.ts [--role worker|scheduler] [--json]

Looks whether this installation works: Redis answers; the worker or scheduler of this host said in the last 35 s that it is
alive; for a worker, BullMQ lists one on every queue. The containers' health check.

  --role R  worker or scheduler; without it only Redis is looked at
  --json    one JSON document on stdout: {healthy, checks: [{name, isHealthy, says}]}
  --help    this text

Exit code: 0 healthy, 1 not, 2 wrong arguments or settings.
`;

await runCommand({
  name: "health",
  help: HELP,
  options: { role: { type: "string" }, json: { type: "boolean", default: false } },
  async run({ values: { role, json } }) {
    if (role !== undefined && role !== "worker" && role !== "scheduler") throw new UsageError("--role must be worker or scheduler");
    const checks = await look(role, loadConfig());
    const healthy = checks.every(({ isHealthy }) => isHealthy);
    if (json) printJson({ healthy, checks });
    else for (const { name, isHealthy, says } of checks) say(`${isHealthy ? "ok   " : "wrong"} ${name}: ${says}`);
    return healthy ? 0 : 1;
  },
});

async function look(role: Role | undefined, config: Config): Promise<readonly Check[]> {
  const redisUrl = config.REDIS_URL ?? (await findEmbeddedRedis(config.DATA_DIR));
  if (redisUrl === undefined) {
    return [{ name: "redis", isHealthy: false, says: "REDIS_URL is not set, and no npm start is running with this DATA_DIR" }];
  }
  return await checkHealth({ redisUrl, lockDb: config.LOCK_DB, queues: jobDefinitions(config).map(({ name }) => name), role });
}
