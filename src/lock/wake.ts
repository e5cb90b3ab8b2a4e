import type { Redis } from "ioredis";
import { ringAfter, silence } from "./alarm.ts";

/** Rings when one waiter is handed the key. A ring before anybody listens is not lost. */
export interface Bell {
  /** Resolves at the first ring since the last time, or after `ms`. @throws the signal's reason */
  rung(ms: number, signal: AbortSignal): Promise<void>;
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
 * @param channel  on which the scripts publish the value that was handed the key
 */
export function newWake(redis: Redis, channel: string): Wake {
  const bells = new Map<string, () => void>();
  let listener: Redis | undefined;
  let listening: Promise<void> | undefined;
  let isReady = false;
  const open = async () => {
    const opened = redis.duplicate({ connectionName: "ecluse-wake", maxRetriesPerRequest: null, commandTimeout: undefined });
    listener = opened;
    // A call that is lost with the connection is made up for by the waiter's own look at the line.
    opened.on("error", () => {});
    opened.on("message", (_channel: string, value: string) => bells.get(value)?.());
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
      let hasRung = false;
      let hear: (() => void) | undefined;
      bells.set(value, () => {
        hasRung = true;
        hear?.();
      });
      return {
        async rung(ms, signal) {
          if (!hasRung) await until((wake) => (hear = wake), { ms, signal });
          hasRung = false;
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
