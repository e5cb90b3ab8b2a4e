import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { leaseBroker } from "../../src/lock/broker.ts";
import { asks, lockBench, slotOn } from "../lock/bench.ts";
import { placeFor } from "./place.ts";

/** A real Redis for the tests of the lock command. */
export const bench = lockBench();
export const LONG_MS = 60_000;

/** The command, in a folder of its own. */
export const commandFor = (test: TestContext, settings: Readonly<Record<string, string>> = {}) => {
  const here = placeFor(test, { REDIS_URL: bench.server.url, ...settings });
  return {
    ...here,
    lock: (...words: string[]) => here.run("scripts/lock.ts", ...words),
    async json<Document>(...words: string[]): Promise<Document> {
      const ran = await here.run("scripts/lock.ts", ...words, "--json");
      return JSON.parse(ran.stdout) as Document;
    },
  };
};

/** What `status --json` prints. */
export interface Status {
  readonly slots: readonly {
    readonly slot: string;
    readonly host: string;
    readonly keys: readonly {
      readonly key: string;
      readonly holder: null | Record<"kind" | "name" | "host" | "pid" | "state" | "value", string | number>;
      readonly heldMs: number | null;
      readonly since: string | null;
      readonly leftMs: number | null;
      readonly fence: number;
      readonly warnings: readonly string[];
    }[];
    readonly waiters: readonly {
      readonly place: number;
      readonly owner: { readonly name: string };
      readonly priority: number;
      readonly waitedMs: number;
      readonly turnInMs: number | null;
    }[];
  }[];
}

export const firstKey = ({ slots }: Status) => {
  const key = slots[0]?.keys[0];
  assert.ok(key);
  return key;
};

/** One call that holds the lock, and others that wait for it, until the test ends. */
export async function busyLock(test: TestContext, waiters: readonly { readonly holder: string; readonly priority: number }[]) {
  const slot = slotOn(bench.ours, LONG_MS);
  const broker = leaseBroker({ clock: systemClock, slots: { ollama: slot }, leaseMs: LONG_MS });
  const done = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const all = [
    broker.withLease("ollama", asks("audierne-docs.document-1"), async () => {
      held.resolve();
      await done.promise;
    }),
  ];
  await held.promise;
  for (const [index, { holder, priority }] of waiters.entries()) {
    all.push(broker.withLease("ollama", asks(holder, { priority }), async () => {}));
    while ((await slot.scripts.status()).waiters.length <= index);
  }
  test.after(async () => {
    done.resolve();
    await Promise.all(all);
  });
}
