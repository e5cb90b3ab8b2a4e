import type { Redis } from "ioredis";
import type { LeaseBroker } from "../../src/core/lease.ts";

/** How many of `count` callers at once found more inside than there are permits, counted at the resource itself, across processes. */
export async function takeTurns(
  broker: LeaseBroker,
  redis: Redis,
  { count, permits }: { count: number; permits: number },
): Promise<number> {
  const signal = new AbortController().signal;
  const turn = () =>
    broker.withLease("ollama", { holder: "turn", priority: 1, waitMs: 60_000, signal }, async () => {
      const inside = await redis.incr("inside");
      await redis.incr(`saw ${inside}`);
      await redis.incr("served");
      await redis.decr("inside");
      return inside;
    });
  const ended = await Promise.all(Array.from({ length: count }, turn));
  return ended.filter((one) => one.kind === "busy" || one.value > permits).length;
}
