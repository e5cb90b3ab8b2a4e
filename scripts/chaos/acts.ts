import { setTimeout as pause } from "node:timers/promises";
import type { Field } from "./field.ts";
import { type FaultKind, pidOf } from "./history.ts";
import { LOCK_KEY } from "./same.ts";

export interface Target {
  readonly worker: string;
  readonly pid: number | undefined;
  /** It holds the key. */
  readonly aimed: boolean;
}

interface Blow {
  readonly target: Target;
  readonly forMs: number;
  /** Writes it down; what is never told was not done and does not count. */
  tell(): void;
}

type Acts = Partial<Record<FaultKind, (blow: Blow) => Promise<void> | void>>;
/** Goes on while the next blows fall. */
type Background = (work: Promise<unknown>) => void;

/** What is done to a worker and its connections. */
export function workerActs(field: Field, background: Background) {
  const { crew, proxies, client } = field;
  return {
    kill({ target, tell }) {
      // Written first: whoever finds it dead comes later.
      tell();
      crew.kill(target.worker);
    },
    stop({ target, forMs, tell }) {
      if (crew.stop(target.worker, forMs)) tell();
    },
    cut({ target, tell }) {
      proxies.cut(target.worker);
      tell();
    },
    async "client-kill"({ target, tell }) {
      await field.back;
      await Promise.all(proxies.addressesOf(target.worker).map((address) => client.client("KILL", "ADDR", address).catch(() => {})));
      tell();
    },
    swallow({ target, forMs, tell }) {
      background(proxies.swallow(target.worker, forMs));
      tell();
    },
  } satisfies Acts;
}

/** What is done to the key, as any program may that knows its name. */
export function keyActs(field: Field, background: Background) {
  const { client, watcher } = field;
  const byCommand =
    (command: (ms: number) => Promise<unknown>) =>
    async ({ forMs, tell }: Blow): Promise<void> => {
      await field.back;
      await command(forMs);
      tell();
    };
  return {
    "key-deleted": byCommand(() => client.del(LOCK_KEY)),
    "key-overwritten": byCommand((ms) => client.set(LOCK_KEY, `a foreign program ${ms}`, "PX", ms)),
    "key-shortened": byCommand(() => client.pexpire(LOCK_KEY, 1)),
    "key-persisted": byCommand(async () => {
      await client.persist(LOCK_KEY);
      background(mend(field, watcher.value()));
    }),
    "foreign-holder"({ forMs, tell }) {
      background(field.back.then(() => holdAsForeign(field, forMs, tell)));
    },
  } satisfies Acts;
}

/** What is done to Redis itself. */
export function redisActs(field: Field, background: Background) {
  const { redis, proxies, watcher, history, signal } = field;
  const restart =
    (isEmpty: boolean) =>
    async ({ tell }: Blow): Promise<void> => {
      await field.back;
      tell();
      await redis.kill();
      proxies.setOpen(false);
      redis.start(isEmpty);
      await watcher.watch(redis.port, signal);
      history.add({ e: "redis-up", isEmpty });
      proxies.setOpen(true);
    };
  return {
    async "redis-stop"({ forMs, tell }) {
      await field.back;
      redis.signal("SIGSTOP");
      field.back = pause(forMs).then(() => redis.signal("SIGCONT"));
      background(field.back);
      tell();
    },
    "redis-kill": restart(false),
    "redis-lost": restart(true),
  } satisfies Acts;
}

/** So long a foreign program tries. */
const TRY_MS = 400;

/** A program that knows only SET NX: tries for a while, holds, and gives back its own value or just goes. */
async function holdAsForeign({ client }: Field, ms: number, onHeld: () => void): Promise<void> {
  const value = `foreign ${ms} ${Math.round(performance.now())}`;
  for (const until = performance.now() + TRY_MS; performance.now() < until; await pause(5)) {
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
