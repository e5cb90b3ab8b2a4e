import { after, before, type TestContext } from "node:test";
import { type Home, type HomeOptions, openHome } from "./app.ts";
import { startRedis, type TestRedis } from "./redis.ts";

/** One real Redis for the tests of a file; each test opens a program of its own on it, with empty queues and folders. */
export function homes(settings: readonly string[] = []) {
  let redis: TestRedis;
  before(async () => {
    redis = await startRedis(settings);
  });
  after(() => redis.stop());
  return {
    redis: (): TestRedis => redis,
    async open(test: TestContext, options: HomeOptions = {}): Promise<Home> {
      await redis.connect().flushall();
      const opened = await openHome(redis, options);
      test.after(() => opened.close());
      return opened;
    },
  };
}
