import type { Redis } from "ioredis";

/**
 * Counts the commands that clients send to this Redis while `work` goes on, as the server itself sees them.
 *
 * By MONITOR: a script counts as one, since what it calls is marked "lua" there. INFO commandstats counts those calls too, so
 * that a lock that does more in one step would look worse. MONITOR slows the server, so nothing else is measured meanwhile.
 */
export async function countCommands<Value>(
  redis: Redis,
  work: () => Promise<Value>,
): Promise<{ readonly commands: number; readonly value: Value }> {
  const monitor = await redis.monitor();
  const [first, last] = ["bench begins", "bench ends"];
  let commands = 0;
  let isCounting = false;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  monitor.on("monitor", (_time: string, args: readonly string[], source: string) => {
    if (args[1] === first) isCounting = true;
    else if (args[1] === last) end();
    else if (isCounting && source !== "lua") commands += 1;
  });
  try {
    await redis.echo(first);
    const value = await work();
    await redis.echo(last);
    await ended;
    return { commands, value };
  } finally {
    monitor.disconnect();
  }
}
