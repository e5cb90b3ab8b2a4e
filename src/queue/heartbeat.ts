import { hostname } from "node:os";
import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";

/** What a process of ours does; one process may do both. */
export type Role = "worker" | "scheduler";

/** Three beats may be missed: a busy machine is not a dead one. */
const BEAT_MS = 10_000;
const ALIVE_MS = 35_000;

/** In the lock's database, one key per role and host: a container's host name is its own. */
export const heartbeatKey = (role: Role): string => `alive:${role}:${hostname()}`;

/**
 * Says every 10 s, in Redis, that this process still runs. The key ends by itself 35 s after the last beat.
 *
 * @param redis  a client whose commands fail when Redis does not answer; a beat that fails is a beat missed
 */
export async function startHeartbeat(redis: Redis, roles: readonly Role[], clock: Clock): Promise<{ stop(): Promise<void> }> {
  let isStopped = false;
  let cancel = () => {};
  const beat = async () => {
    await Promise.all(roles.map((role) => redis.set(heartbeatKey(role), `${process.pid}`, "PX", ALIVE_MS))).catch(() => undefined);
    if (!isStopped) cancel = clock.after(BEAT_MS, () => void beat());
  };
  await beat();
  return {
    async stop() {
      isStopped = true;
      cancel();
      await Promise.all(roles.map((role) => redis.del(heartbeatKey(role)))).catch(() => undefined);
    },
  };
}
