import type { ConnectionOptions } from "bullmq";
import { Redis } from "ioredis";
import { Fault } from "../core/fault.ts";

/** How the lock's connection is named in `CLIENT LIST`: each running program of ours has exactly one. */
export const LOCK_CLIENT = "ecluse-lock";

/** What BullMQ connects with: options, not a client, so that each queue and worker has connections of its own. */
export const queueConnection = (url: string): ConnectionOptions => ({ url, maxRetriesPerRequest: null });

/**
 * A client for the lock, in its own database. A command that is not answered in 5 s fails, and is not repeated behind our
 * back: the broker must know what was proved.
 */
export function lockConnection(url: string, db: number): Redis {
  // A database in the address would win over the option (ioredis), and foreign programs look for the lock in this one.
  const address = new URL(url);
  address.pathname = `/${db}`;
  const redis = new Redis(address.href, { maxRetriesPerRequest: 1, commandTimeout: 5_000, connectionName: LOCK_CLIENT });
  // Each failed command tells its caller; this only keeps ioredis from printing.
  redis.on("error", () => {});
  return redis;
}

/**
 * Waits until Redis answers and looks whether it may lose what it is given.
 *
 * @throws Fault "redis-unavailable" when nothing answers within `ms`, "misconfigured" when it may drop keys
 */
export async function checkRedis(url: string, ms = 5_000): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: ms, commandTimeout: ms, retryStrategy: () => null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    const policy = (await redis.config("GET", "maxmemory-policy").catch(() => [])) as string[];
    if (policy[1] !== undefined && policy[1] !== "noeviction") {
      throw new Fault("misconfigured", `this Redis may drop keys when it is full (maxmemory-policy ${policy[1]}): set it to noeviction`);
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("redis-unavailable", "Redis does not answer at REDIS_URL: start it, or unset REDIS_URL and run npm start", {
      cause: error,
    });
  } finally {
    redis.disconnect();
  }
}
