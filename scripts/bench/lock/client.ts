import { Redis } from "ioredis";

/** A connection of the bench's own, closed however `work` ends; a server that went away with the bench is no news. */
export async function withRedis<Value>(url: string, work: (redis: Redis) => Promise<Value>): Promise<Value> {
  const redis = new Redis(url);
  redis.on("error", () => {});
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Process id of a redis-server of this machine. */
export const pidOf = async (redisUrl: string): Promise<number> => Number(await infoOf(redisUrl, "process_id"));

export const versionOf = (redisUrl: string): Promise<string> => infoOf(redisUrl, "redis_version");

const infoOf = (redisUrl: string, field: string): Promise<string> =>
  withRedis(redisUrl, async (redis) => new RegExp(`^${field}:(.*)$`, "m").exec(await redis.info("server"))?.[1]?.trim() ?? "");
