import { parseArgs } from "node:util";
import { jobDefinitions } from "../jobs/index.ts";
import { type Config, ConfigError, loadConfig } from "../src/config.ts";
import { findEmbeddedRedis } from "../src/queue/embedded-redis.ts";
import { type Check, checkHealth } from "../src/queue/health.ts";
import type { Role } from "../src/queue/heartbeat.ts";

const HELP = `Usage: node scripts/health.ts [--role worker|scheduler] [--json]

Looks whether this installation works: Redis answers; the worker or scheduler of this host said in the last 35 s that it is
alive; for a worker, BullMQ lists one on every queue. The container's health check.

  --role R  worker or scheduler; without it only Redis is looked at
  --json    one JSON document on stdout: {healthy, checks: [{name, isHealthy, says}]}
  --help    this text

Exit code: 0 healthy, 1 not, 2 wrong arguments or settings.
`;

interface Asked {
  readonly role: Role | undefined;
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

/** @throws ConfigError naming what is wrong */
function readArguments(): Asked {
  try {
    const { values } = parseArgs({
      options: {
        role: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { role, json, help } = values;
    if (role !== undefined && role !== "worker" && role !== "scheduler") throw new ConfigError(["--role must be worker or scheduler"]);
    return { role, isJson: json, isHelp: help };
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

async function look({ role }: Asked, config: Config): Promise<readonly Check[]> {
  const redisUrl = config.REDIS_URL ?? (await findEmbeddedRedis(config.DATA_DIR));
  if (redisUrl === undefined) {
    return [{ name: "redis", isHealthy: false, says: "REDIS_URL is not set, and no npm start is running with this DATA_DIR" }];
  }
  return await checkHealth({ redisUrl, lockDb: config.LOCK_DB, queues: jobDefinitions(config).map(({ name }) => name), role });
}

function print(checks: readonly Check[], isJson: boolean): boolean {
  const isHealthy = checks.every((check) => check.isHealthy);
  if (isJson) process.stdout.write(`${JSON.stringify({ healthy: isHealthy, checks })}\n`);
  else for (const { name, isHealthy: isWell, says } of checks) console.error(`${isWell ? "ok   " : "wrong"} ${name}: ${says}`);
  return isHealthy;
}

async function main(): Promise<number> {
  try {
    const asked = readArguments();
    if (asked.isHelp) {
      process.stdout.write(HELP);
      return 0;
    }
    return print(await look(asked, loadConfig()), asked.isJson) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const mistake of error.mistakes) console.error(`health: ${mistake}`);
    return 2;
  }
}

process.exitCode = await main();
