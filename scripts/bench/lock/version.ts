import { Redis } from "ioredis";

/** Process id of a redis-server of this machine. */
export const pidOf = async (redisUrl: string): Promise<number> => Number(await infoOf(redisUrl, "process_id"));

export const versionOf = (redisUrl: string): Promise<string> => infoOf(redisUrl, "redis_version");

async function infoOf(redisUrl: string, field: string): Promise<string> {
  const redis = new Redis(redisUrl);
  try {
    return new RegExp(`^${field}:(.*)$`, "m").exec(await redis.info("server"))?.[1]?.trim() ?? "";
  } finally {
    redis.disconnect();
  }
}
