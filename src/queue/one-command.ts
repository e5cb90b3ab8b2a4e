import { Redis } from "ioredis";
import { codeOf, Fault } from "../core/fault.ts";
import { queueConnection } from "./connection.ts";
import { type Enqueueable, openQueues, type Queues } from "./enqueue.ts";

export interface OpenQueues {
  readonly queues: Queues;
  /** The same database, for what BullMQ has no word for. */
  readonly redis: Redis;
}

/** Unlike a worker, a command that somebody waits for gives up when Redis goes away. */
const PATIENCE = { maxRetriesPerRequest: 2, commandTimeout: 10_000 };

/**
 * Opens the queues for one command and closes them after it, whatever happened.
 *
 * @throws Fault "redis-unavailable" when Redis goes away in the middle, and what `use` throws
 */
export async function withQueues<Value>(
  redisUrl: string,
  definitions: readonly Enqueueable[],
  use: (open: OpenQueues) => Promise<Value>,
): Promise<Value> {
  const queues = openQueues({ ...queueConnection(redisUrl), ...PATIENCE }, definitions, () => {});
  const redis = new Redis(redisUrl, PATIENCE);
  // Each failed command tells its caller; this only keeps ioredis from printing.
  redis.on("error", () => {});
  try {
    return await use({ queues, redis });
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    throw new Fault("redis-unavailable", "Redis does not answer any more: run the command again", { cause: error });
  } finally {
    redis.disconnect();
    await queues.close().catch(() => undefined);
  }
}

/** ioredis has no class for these, and BullMQ passes them on. */
const isConnectionError = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === "MaxRetriesPerRequestError" ||
    /^(Connection is closed|Command timed out)/.test(error.message) ||
    ["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(codeOf(error) ?? ""));
