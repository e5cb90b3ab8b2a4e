import { Redis } from "ioredis";
import { type AnyJob, jobDefinitions } from "../jobs/index.ts";
import { type Config, ConfigError } from "../src/config.ts";
import { codeOf, Fault } from "../src/core/fault.ts";
import { checkRedis, queueConnection } from "../src/queue/connection.ts";
import { findEmbeddedRedis } from "../src/queue/embedded-redis.ts";
import { openQueues, type Queues } from "../src/queue/enqueue.ts";

export interface OpenQueues {
  readonly queues: Queues;
  readonly definitions: readonly AnyJob[];
  readonly redis: Redis;
  readonly redisUrl: string;
}

/**
 * Opens the queues for one command and closes them after it. Starts no Redis: a command must not leave a server behind.
 *
 * @throws ConfigError when there is no Redis to talk to, Fault "redis-unavailable" when it does not answer (any more)
 */
export async function withQueues<Value>(config: Config, use: (open: OpenQueues) => Promise<Value>): Promise<Value> {
  const redisUrl = await redisAddress(config);
  const definitions = jobDefinitions(config);
  // Unlike a worker, a command that somebody waits for gives up when Redis goes away.
  const patience = { maxRetriesPerRequest: 2, commandTimeout: 10_000 };
  const queues = openQueues({ ...queueConnection(redisUrl), ...patience }, definitions, () => {});
  const redis = new Redis(redisUrl, patience);
  // Each failed command tells its caller; this only keeps ioredis from printing.
  redis.on("error", () => {});
  try {
    return await use({ queues, definitions, redis, redisUrl });
  } catch (error) {
    throw isConnectionError(error) ? gone(error) : error;
  } finally {
    redis.disconnect();
    await queues.close().catch(() => undefined);
  }
}

async function redisAddress(config: Config): Promise<string> {
  const url = config.REDIS_URL ?? (await findEmbeddedRedis(config.DATA_DIR));
  if (url === undefined) throw new ConfigError(["no Redis: run npm start (it has one of its own, for this DATA_DIR), or set REDIS_URL"]);
  await checkRedis(url);
  return url;
}

const gone = (cause: unknown): Fault => new Fault("redis-unavailable", "Redis does not answer any more: run the command again", { cause });

/** ioredis has no class for these; BullMQ passes them on. */
const isConnectionError = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === "MaxRetriesPerRequestError" ||
    /^(Connection is closed|Command timed out)/.test(error.message) ||
    ["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(codeOf(error) ?? ""));
