import { type Config, ConfigError } from "../src/config.ts";
import { checkRedis } from "../src/queue/connection.ts";
import { findEmbeddedRedis } from "../src/queue/embedded-redis.ts";

/**
 * The Redis a command works with: REDIS_URL, or the one of `npm start` on the same DATA_DIR. Starts none: a command must
 * not leave a server behind.
 *
 * @throws ConfigError when there is neither, Fault "redis-unavailable" when the given one does not answer
 */
export async function redisAddress(config: Pick<Config, "REDIS_URL" | "DATA_DIR">): Promise<string> {
  const url = config.REDIS_URL ?? (await findEmbeddedRedis(config.DATA_DIR));
  if (url === undefined) throw new ConfigError(["no Redis: run npm start (it has one of its own, for this DATA_DIR), or set REDIS_URL"]);
  await checkRedis(url);
  return url;
}
