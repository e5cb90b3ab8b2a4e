import type { Redis } from "ioredis";
import { ringAfter, silence } from "./alarm.ts";
import type { Called, SlotScripts } from "./scripts.ts";

/** Rings when one waiter is called. A ring before anybody listens is not lost. */
export interface Bell {
  /** Resolves with the last call since the last time, or with nothing after `ms`. @throws the signal's reason */
  rung(ms: number, signal: AbortSignal): Promise<Called | undefined>;
  close(): void;
}

/** Hears the calls for the waiters of this process. One connection per slot and process, opened when somebody first waits. */
export interface Wake {
  /** Connects and subscribes; a waiter that enters the line before would not hear its call. Settles when that is done or has failed. */
  listen(): Promise<void>;
  readonly isReady: boolean;
  bell(value: string): Bell;
  close(): void;
}

/**
 * @param redis    the client of the scripts; the listener is a copy of it, since a subscribed connection can do nothing else
 * @param scripts  name the channel on which they call a waiter, and read what comes there
 */
export function newWake(redis: Redis, { channel, calledBy }: Pick<SlotScripts, "channel" | "calledBy">): Wake {
  const bells = new Map<string, (called: Called) => void>();
  let listener: Redis | undefined;
  let listening: Promise<void> | undefined;
  let isReady = false;
  const open = async () => {
    const opened = redis.duplicate({
      connectionName: "ecluse-wake",
      maxRetriesPerRequest: null,
      commandTimeout: undefined,
      // By itself it subscribes again without listening to the answer: closed in that moment, the program would die of it.
      autoResubscribe: false,
    });
    opened.on("ready", () => void opened.subscribe(channel).catch(() => {}));
    listener = opened;
    // A call that is lost with the connection is made up for by the waiter's own look at the line.
    opened.on("error", () => {});
    opened.on("message", (_channel: string, message: string) => {
      const called = calledBy(message);
      bells.get(called.value)?.(called);
    });
    try {
      await opened.subscribe(channel);
      isReady = true;
    } catch {
      opened.disconnect();
      listening = undefined;
    }
  };
  return {
    get isReady() {
      return isReady;
    },
    async listen() {
      listening ??= open();
      await listening;
    },
    bell(value) {
      let last: Called | undefined;
      let hear: (() => void) | undefined;
      bells.set(value, (called) => {
        last = called;
        hear?.();
      });
      return {
        async rung(ms, signal) {
          if (last === undefined) await until((wake) => (hear = wake), { ms, signal });
          const called = last;
          last = undefined;
          return called;
        },
        close: () => void bells.delete(value),
      };
    },
    close: () => listener?.disconnect(),
  };
}

/**
 * Resolves when it is woken, or after `ms`.
 *
 * @param listen  is given what wakes it
 * @throws the signal's reason
 */
export function until(
  listen: (wake: () => void) => void,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      silence(alarm);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    const alarm = ringAfter(ms, () => end(resolve));
    listen(() => end(resolve));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
