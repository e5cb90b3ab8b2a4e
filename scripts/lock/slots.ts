import { systemClock } from "../../src/clock.ts";
import type { Config } from "../../src/config.ts";
import { Fault } from "../../src/core/fault.ts";
import { openSlot, SLOT_TIMES } from "../../src/lock/broker.ts";
import { placesOf } from "../../src/lock/places.ts";
import type { SlotScripts } from "../../src/lock/scripts.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import { UsageError } from "../command.ts";
import { redisAddress } from "../redis-address.ts";

/** One Ollama's slot, to be looked at and given back. */
export interface OpenSlot {
  /** "ollama", "ollama-2", … */
  readonly slot: string;
  /** Host and port of the Ollama it stands for, without a password that may be in its address. */
  readonly host: string;
  readonly scripts: SlotScripts;
}

/**
 * Runs `work` with the slots of all configured Ollamas, or the one named, and closes the connection.
 *
 * @throws UsageError for a slot that is not there, ConfigError when there is no Redis, Fault "redis-unavailable" when it does
 * not answer
 */
export async function withSlots<Value>(
  config: Config,
  only: string | undefined,
  work: (slots: readonly OpenSlot[]) => Promise<Value>,
): Promise<Value> {
  const all = placesOf(config.LOCK_KEY, config.OLLAMA_HOST, config.OLLAMA_NUM_PARALLEL);
  const places = all.filter(({ slot }) => only === undefined || slot === only);
  if (places.length === 0) throw new UsageError(`there is no slot "${only}": ${all.map(({ slot }) => slot).join(", ")}`);
  const redis = lockConnection(await redisAddress(config), config.LOCK_DB);
  const times = { ...SLOT_TIMES, leaseMs: config.LOCK_TTL_S * 1_000 };
  const slots = places.map(({ slot, host, locks }) => ({
    slot,
    host: new URL(host).host,
    scripts: openSlot(redis, systemClock, { locks }, times).scripts,
  }));
  try {
    return await work(slots);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    if (cause instanceof Error && cause.message.includes("WRONGTYPE"))
      throw new Fault("misconfigured", "a key of the lock holds no text: look at it with redis-cli TYPE, and remove it", { cause });
    throw new Fault("redis-unavailable", "Redis stopped answering: nothing more is known of the lock", { cause });
  } finally {
    redis.disconnect();
  }
}
