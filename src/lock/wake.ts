import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";

/** Rings when one waiter is handed the key. A ring before anybody listens is not lost. */
export interface Bell {
  /** Resolves at the first ring since the last time, or after `ms`. @throws the signal's reason */
  rung(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Hears the calls for the waiters of this process. One connection per process, opened when somebody first waits. */
export interface Wake {
  /** Connected and subscribed; a waiter that enters the line before would not hear its call. */
  ready(): Promise<void>;
  readonly isReady: boolean;
  bell(value: string): Bell;
  close(): void;
}

/**
 * @param redis    the client of the scripts; the listener is a copy of it, since a subscribed connection can do nothing else
 * @param channel  on which the scripts publish the value that was handed the key
 */
export function newWake(redis: Redis, channel: string, clock: Clock): Wake {
  const bells = new Map<string, () => void>();
  let listener: Redis | undefined;
  let subscribed: Promise<unknown> | undefined;
  let isReady = false;
  const listen = async () => {
    listener = redis.duplicate({ connectionName: "ecluse-wake", maxRetriesPerRequest: null });
    // A call that is lost with the connection is made up for by the waiter's own look at the line.
    listener.on("error", () => {});
    listener.on("message", (_channel: string, value: string) => bells.get(value)?.());
    await listener.subscribe(channel);
    isReady = true;
  };
  return {
    get isReady() {
      return isReady;
    },
    async ready() {
      subscribed ??= listen();
      await subscribed;
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
          if (!hasRung) await heard({ ms, signal, clock }, (wake) => (hear = wake));
          hasRung = false;
        },
        close: () => void bells.delete(value),
      };
    },
    close: () => listener?.disconnect(),
  };
}

interface Patience {
  readonly ms: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

function heard({ ms, signal, clock }: Patience, listen: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      cancel();
      signal.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => end(() => reject(signal.reason as Error));
    const cancel = clock.after(ms, () => end(resolve));
    listen(() => end(resolve));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
