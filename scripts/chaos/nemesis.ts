import { keyActs, redisActs, type Target, workerActs } from "./acts.ts";
import type { Field } from "./field.ts";
import { type FaultKind, pidOf } from "./history.ts";
import type { Strike } from "./plan.ts";
import type { Watcher } from "./watcher.ts";

export interface Nemesis {
  /** Faults done so far. */
  readonly done: number;
  /** Strikes once, if that is possible now. */
  strike(strike: Strike): Promise<void>;
  /** Undoes what is still going on. */
  rest(): Promise<void>;
}

/** So long somebody is waited for who gets the key. */
const AIM_MS = 450;

export function newNemesis(field: Field): Nemesis {
  const { history, crew, watcher } = field;
  const later = new Set<Promise<unknown>>();
  let done = 0;
  let turn = 0;
  const holder = (): Target | undefined => {
    const pid = pidOf(watcher.value());
    const worker = crew.workerOf(pid);
    return worker === undefined ? undefined : { worker, pid, aimed: true };
  };
  const anybody = (): Target | undefined => {
    turn += 1;
    const some = crew.atWork();
    const one = some[turn % some.length];
    return one === undefined ? undefined : { ...one, aimed: false };
  };
  const tell = (kind: FaultKind, { aimed, pid }: Pick<Target, "aimed" | "pid">, ms: number): void => {
    done += 1;
    history.add({ e: "fault", kind, aimed, ms, ...(pid === undefined ? {} : { pid }) });
  };
  const background = (work: Promise<unknown>): void => {
    const settled = work.catch(() => {}).finally(() => later.delete(settled));
    later.add(settled);
  };
  const acts = { ...workerActs(field, background), ...keyActs(field, background), ...redisActs(field, background) };
  return {
    get done() {
      return done;
    },
    async strike({ kind, at, forMs }) {
      const target = kind === "foreign-holder" ? anybody() : ((await aim(watcher, holder, at)) ?? anybody());
      if (target === undefined) return;
      try {
        await acts[kind]({ target, forMs, tell: () => tell(kind, target, forMs) });
      } catch {
        // Redis was away in that moment: nothing was done, and nothing counts.
        field.signal.throwIfAborted();
      }
    },
    async rest() {
      while (later.size > 0) await Promise.all(later);
      crew.resume();
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
