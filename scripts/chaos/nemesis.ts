import { setTimeout as pause } from "node:timers/promises";
import type { lockConnection } from "../../src/queue/connection.ts";
import type { Crew } from "./crew.ts";
import { type FaultKind, type History, pidOf } from "./history.ts";
import type { Strike } from "./plan.ts";
import type { Proxies } from "./proxy.ts";
import type { ChaosRedis } from "./redis-server.ts";
import { LOCK_KEY } from "./same.ts";
import type { Watcher } from "./watcher.ts";

export interface Field {
  readonly history: History;
  readonly crew: Crew;
  readonly workers: readonly string[];
  readonly proxies: Proxies;
  readonly redis: ChaosRedis;
  readonly watcher: Watcher;
  /** The nemesis' own client, in the database of the lock. */
  readonly client: ReturnType<typeof lockConnection>;
  readonly ttlMs: number;
  readonly signal: AbortSignal;
}

export interface Nemesis {
  /** Faults done so far. */
  readonly done: number;
  /** Strikes once, if that is possible now. */
  strike(strike: Strike): Promise<void>;
  /** Undoes what is still going on. */
  rest(): Promise<void>;
}

interface Target {
  readonly worker: string;
  readonly pid: number | undefined;
  /** It holds the key. */
  readonly aimed: boolean;
}

type Act = (target: Target, strike: Strike) => Promise<boolean | undefined> | boolean | undefined;

/** So long somebody is waited for who gets the key. */
const AIM_MS = 400;

export function newNemesis(field: Field): Nemesis {
  const { history, crew, proxies, redis, watcher, client, ttlMs } = field;
  const later = new Set<Promise<unknown>>();
  /** While Redis is stopped or away, nothing can be asked of it. */
  let redisBack = Promise.resolve();
  let done = 0;
  let turn = 0;
  const background = (work: Promise<unknown>): void => {
    const settled = work.catch(() => {}).finally(() => later.delete(settled));
    later.add(settled);
  };
  const holder = (): Target | undefined => {
    const pid = pidOf(watcher.value());
    const worker = crew.workerOf(pid);
    return worker === undefined ? undefined : { worker, pid, aimed: true };
  };
  const tell = (kind: FaultKind, { aimed, pid }: Pick<Target, "aimed"> & { readonly pid?: number | undefined }, ms?: number): void => {
    done += 1;
    history.add({ e: "fault", kind, aimed, ...(pid === undefined ? {} : { pid }), ...(ms === undefined ? {} : { ms }) });
  };
  const anybody = (): Target => {
    turn += 1;
    return { worker: field.workers[turn % field.workers.length] ?? "", pid: undefined, aimed: false };
  };
  const restart = async (isEmpty: boolean): Promise<void> => {
    await redis.kill();
    proxies.setOpen(false);
    redis.start(isEmpty);
    await watcher.watch(redis.port, field.signal);
    history.add({ e: "redis-up", isEmpty });
    proxies.setOpen(true);
  };
  const byCommand =
    (command: (ms: number) => Promise<unknown>): Act =>
    async (_, { forMs }) => {
      await redisBack;
      await command(forMs);
      return true;
    };
  const acts: Readonly<Record<FaultKind, Act>> = {
    kill({ worker, pid, aimed }) {
      // Written first: whoever finds it dead comes later.
      tell("kill", { aimed, pid });
      crew.kill(worker);
      return undefined;
    },
    stop: ({ worker }, { forMs }) => crew.stop(worker, forMs),
    cut({ worker }) {
      proxies.cut(worker);
      return true;
    },
    async "client-kill"({ worker }) {
      await redisBack;
      await Promise.all(proxies.addressesOf(worker).map((address) => client.client("KILL", "ADDR", address).catch(() => {})));
      return true;
    },
    swallow({ worker }, { forMs }) {
      background(proxies.swallow(worker, forMs));
      return true;
    },
    "key-deleted": byCommand(() => client.del(LOCK_KEY)),
    "key-overwritten": byCommand((ms) => client.set(LOCK_KEY, `a foreign program ${ms}`, "PX", ms)),
    "key-shortened": byCommand(() => client.pexpire(LOCK_KEY, 1)),
    "key-persisted": byCommand(async () => {
      await client.persist(LOCK_KEY);
      background(mend(field, watcher.value()));
    }),
    "foreign-holder"(_, { forMs }) {
      background(redisBack.then(() => holdAsForeign(field, forMs, () => tell("foreign-holder", { aimed: false }, forMs))));
      return undefined;
    },
    async "redis-stop"(_, { forMs }) {
      await redisBack;
      redis.signal("SIGSTOP");
      redisBack = pause(forMs).then(() => redis.signal("SIGCONT"));
      background(redisBack);
      return true;
    },
    async "redis-kill"({ aimed }) {
      await redisBack;
      tell("redis-kill", { aimed });
      await restart(false);
      return undefined;
    },
    async "redis-lost"({ aimed }) {
      await redisBack;
      tell("redis-lost", { aimed });
      await restart(true);
      return undefined;
    },
  };
  return {
    get done() {
      return done;
    },
    async strike(strike) {
      const target = strike.kind === "foreign-holder" ? anybody() : ((await aim(watcher, holder, strike.at)) ?? anybody());
      try {
        if (await acts[strike.kind](target, strike)) tell(strike.kind, target, strike.forMs);
      } catch {
        // Redis was away in that moment: nothing was done, and nothing counts.
        field.signal.throwIfAborted();
      }
    },
    async rest() {
      await redisBack;
      while (later.size > 0) await Promise.all(later);
      crew.resume();
      void ttlMs;
    },
  };
}

/** Whoever holds the key now, or gets it within a moment; at "grant" only who gets it from now on. */
async function aim(watcher: Watcher, holder: () => Target | undefined, at: Strike["at"]): Promise<Target | undefined> {
  const now = at === "work" ? holder() : undefined;
  if (now !== undefined) return now;
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = watcher.onGrant(resolve);
  const timer = setTimeout(resolve, AIM_MS);
  await promise;
  clearTimeout(timer);
  cancel();
  return holder();
}

/** A program that knows only SET NX: tries for a while, holds, and gives back its own value or just goes. */
async function holdAsForeign({ client }: Field, ms: number, onHeld: () => void): Promise<void> {
  const value = `foreign ${ms} ${Math.round(performance.now())}`;
  for (const until = performance.now() + AIM_MS; performance.now() < until; await pause(5)) {
    if ((await client.set(LOCK_KEY, value, "PX", ms, "NX")) !== "OK") continue;
    onHeld();
    if (ms % 2 === 0) return;
    await pause(ms / 2);
    await client.eval("if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end", 1, LOCK_KEY, value);
    return;
  }
}

/** A key without TTL whose process is dead closes the slot for ever, if nobody takes it over: then that is written down and undone. */
async function mend({ client, crew, history, ttlMs }: Field, value: string | undefined): Promise<void> {
  const pid = pidOf(value);
  if (value === undefined || pid === undefined) return;
  await pause(5 * ttlMs);
  if (crew.workerOf(pid) !== undefined || (await client.get(LOCK_KEY)) !== value || (await client.pttl(LOCK_KEY)) >= 0) return;
  history.add({ e: "mended" });
  await client.del(LOCK_KEY);
}
