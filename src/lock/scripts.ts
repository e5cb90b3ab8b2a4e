import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";

export type Acquired =
  | { readonly kind: "ours"; readonly fence: number }
  /** Somebody else's. `leftMs` is undefined for a key without TTL: it is respected and never stolen. */
  | { readonly kind: "taken"; readonly holder: string; readonly leftMs: number | undefined };

/** The three moves on one lock key; nobody else sees KEYS and ARGV. */
export interface LockScripts {
  acquire(key: string, value: string, leaseMs: number): Promise<Acquired>;
  renew(key: string, value: string, leaseMs: number): Promise<boolean>;
  release(key: string, value: string): Promise<boolean>;
}

export function lockScripts(redis: Redis): LockScripts {
  const [acquire, renew, release] = ["acquire", "renew", "release"].map((name) =>
    readFileSync(new URL(`./${name}.lua`, import.meta.url), "utf8"),
  ) as [string, string, string];
  return {
    async acquire(key, value, leaseMs) {
      const [isOurs, number, holder] = (await redis.eval(acquire, 2, key, `${key}:fence`, value, leaseMs)) as [number, number, string];
      if (isOurs === 1) return { kind: "ours", fence: number };
      return { kind: "taken", holder, leftMs: number < 0 ? undefined : number };
    },
    renew: async (key, value, leaseMs) => (await redis.eval(renew, 1, key, value, leaseMs)) === 1,
    release: async (key, value) => (await redis.eval(release, 1, key, value)) === 1,
  };
}
