import { systemClock } from "../../src/clock.ts";
import type { Config } from "../../src/config.ts";
import { Fault } from "../../src/core/fault.ts";
import type { LeaseBroker } from "../../src/core/lease.ts";
import { leaseBroker, openSlot, SLOT_TIMES } from "../../src/lock/broker.ts";
import { ownerValue } from "../../src/lock/owner.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import type { Mutant } from "./same.ts";

/** Locks that others use and that are known to fail: a bench that lets one of them pass proves nothing about ours. */
export const mutantBroker = (mutant: Mutant, redisUrl: string, config: Config): LeaseBroker => BROKERS[mutant](redisUrl, config);

const BROKERS: Readonly<Record<Mutant, (redisUrl: string, config: Config) => LeaseBroker>> = { article, heartbeat };

const POLL_MS = 50;

/** The article's: SET NX with a fixed TTL, tried again and again; nothing renews it; released by GET, then DEL. */
function article(redisUrl: string, config: Config): LeaseBroker {
  const redis = lockConnection(redisUrl, config.LOCK_DB);
  const key = config.LOCK_KEY;
  const taken = async (value: string): Promise<boolean> => (await redis.set(key, value, "PX", config.LOCK_TTL_S * 1_000, "NX")) === "OK";
  const release = async (value: string): Promise<void> => {
    if ((await redis.get(key)) === value) await redis.del(key);
  };
  return {
    async withLease(slots, ask, work) {
      const slot = typeof slots === "string" ? slots : (slots[0] ?? "");
      const value = ownerValue(ask.holder);
      const startedAt = systemClock.elapsed();
      const waitedMs = () => systemClock.elapsed() - startedAt;
      try {
        while (!(await taken(value))) {
          if (waitedMs() >= ask.waitMs) return { kind: "busy", holder: "", freeAt: undefined, waitedMs: waitedMs() };
          await systemClock.sleep(POLL_MS, ask.signal);
        }
      } catch (cause) {
        if (ask.signal.aborted) throw ask.signal.reason;
        throw new Fault("redis-unavailable", "Redis does not answer", { cause });
      }
      const waited = waitedMs();
      try {
        return { kind: "held", value: await work({ slot, holder: value, fence: 0, signal: ask.signal }), waitedMs: waited };
      } finally {
        await release(value).catch(() => {});
      }
    },
  };
}

/**
 * The textbook's: fair line, released by compare-and-delete, renewed by a heartbeat, given up by the holder's own clock. It is
 * ours without the guard outside Redis, which a process that is stopped past its lease cannot do without.
 */
function heartbeat(redisUrl: string, config: Config): LeaseBroker {
  const leaseMs = config.LOCK_TTL_S * 1_000;
  const redis = lockConnection(redisUrl, config.LOCK_DB);
  const slot = openSlot(redis, systemClock, { locks: [config.LOCK_KEY] }, { ...SLOT_TIMES, leaseMs });
  return leaseBroker({ clock: systemClock, slots: { ollama: slot }, leaseMs });
}
