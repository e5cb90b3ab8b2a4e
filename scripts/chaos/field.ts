import type { lockConnection } from "../../src/queue/connection.ts";
import type { Crew } from "./crew.ts";
import type { History } from "./history.ts";
import type { Proxies } from "./proxy.ts";
import type { ChaosRedis } from "./redis-server.ts";
import type { Watcher } from "./watcher.ts";

/** All that the nemesis can lay hands on. */
export interface Field {
  readonly history: History;
  readonly crew: Crew;
  readonly proxies: Proxies;
  readonly redis: ChaosRedis;
  readonly watcher: Watcher;
  /** The nemesis' own client, in the database of the lock. */
  readonly client: ReturnType<typeof lockConnection>;
  readonly ttlMs: number;
  /** While Redis is stopped or away, nothing can be asked of it. */
  back: Promise<void>;
  readonly signal: AbortSignal;
}
