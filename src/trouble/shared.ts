import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Gate, Troubles } from "../core/trouble.ts";
import { afterFault, gateOf, probing, type Trouble } from "../policy/breaker.ts";

export interface TroubleOptions {
  readonly redis: Redis;
  readonly clock: Clock;
  /** Our own pauses are divided by this: 1, but for benches that compress time. */
  readonly pace?: number;
  /** A target came into trouble, deeper into it, or out of it (undefined). For the log. */
  onChange?(target: string, trouble: Trouble | undefined, fault: Fault | undefined): void;
}

const PREFIX = "ecluse:trouble:";
/** Nobody had trouble with it for two days: forgotten. */
const KEPT_MS = 48 * 3_600_000;
/** A healthy target is believed healthy for so long without asking Redis: a quiet day costs no command. */
const BELIEVED_MS = 1_000;
/** Somebody else is faster that often only when very many fail at once, and then the state is open anyway. */
const MAX_SWAPS = 8;

interface Known {
  readonly text: string;
  readonly readAt: number;
}

interface Read {
  /** As it is in Redis, also when it is not understood. */
  readonly text: string;
  readonly trouble: Trouble | undefined;
}

const HEALTHY: Read = { text: "", trouble: undefined };

/** The circuit breakers of all targets, one small value each in Redis, changed by compare-and-swap. */
export function sharedTroubles({ redis, clock, pace = 1, onChange }: TroubleOptions): Troubles {
  const known = new Map<string, Known>();
  const swap = swapOn(redis);
  const learn = (target: string, text: string): Read => {
    known.set(target, { text, readAt: clock.elapsed() });
    return { text, trouble: parse(text) };
  };
  const read = async (target: string): Promise<Read> => {
    try {
      return learn(target, (await redis.get(PREFIX + target)) ?? "");
    } catch (cause) {
      throw new Fault("redis-unavailable", "Redis does not say which providers are in trouble: nothing is sent until it does", { cause });
    }
  };
  /** @returns whether it was still `before` */
  const change = async (target: string, before: Read, after: Trouble | undefined): Promise<boolean> => {
    const done = await swap(PREFIX + target, before.text, textOf(after));
    if (done) learn(target, textOf(after));
    return done;
  };
  const isBelievedHealthy = (target: string): boolean => {
    const one = known.get(target);
    return one !== undefined && one.text === "" && clock.elapsed() - one.readAt < BELIEVED_MS;
  };

  return {
    async gate(target): Promise<Gate> {
      if (isBelievedHealthy(target)) return { kind: "go" };
      for (let tries = 0; tries < MAX_SWAPS; tries += 1) {
        const before = await read(target);
        const now = clock.now().getTime();
        const gate = gateOf(before.trouble, now);
        if (gate.kind !== "probe" || before.trouble === undefined) return gate;
        if (await change(target, before, probing(before.trouble, now, pace))) return gate;
      }
      return { kind: "go" };
    },
    async answered(target) {
      const text = known.get(target)?.text ?? "";
      if (text === "") return;
      learn(target, "");
      await redis.del(PREFIX + target);
      onChange?.(target, undefined, undefined);
    },
    async faulted(target, fault) {
      // The first fault of a target known as healthy is told in one command; if it is not true any more, the swap says so.
      const wasHealthy = known.get(target)?.text === "";
      for (let tries = 0; tries < MAX_SWAPS; tries += 1) {
        const before = wasHealthy && tries === 0 ? HEALTHY : await read(target);
        const after = afterFault(before.trouble, fault, clock.now().getTime(), pace);
        if (after === before.trouble) return;
        if (!(await change(target, before, after))) continue;
        onChange?.(target, after, fault);
        return;
      }
    },
  };
}

type Swap = (key: string, before: string, after: string) => Promise<boolean>;

function swapOn(redis: Redis): Swap {
  if (!("ecluseSwap" in redis)) {
    redis.defineCommand("ecluseSwap", { numberOfKeys: 1, lua: readFileSync(new URL("./swap.lua", import.meta.url), "utf8") });
  }
  const client = redis as Redis & { ecluseSwap(key: string, before: string, after: string, keptMs: number): Promise<unknown> };
  return async (key, before, after) => {
    // From nothing to something is a plain command, which costs half as much.
    if (before === "" && after !== "") return (await redis.set(key, after, "PX", KEPT_MS, "NX")) === "OK";
    return (await client.ecluseSwap(key, before, after, KEPT_MS)) === 1;
  };
}

const textOf = (trouble: Trouble | undefined): string => (trouble === undefined ? "" : JSON.stringify(trouble));

/** What an older or newer version wrote is not understood, and then nothing is known: the next fault writes it anew. */
function parse(text: string): Trouble | undefined {
  if (text === "") return undefined;
  try {
    const read = JSON.parse(text) as Partial<Trouble>;
    return read.kind === "shaky" || read.kind === "open" || read.kind === "probing" ? (read as Trouble) : undefined;
  } catch {
    return undefined;
  }
}
