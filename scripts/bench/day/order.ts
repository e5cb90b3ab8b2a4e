import { type Config, readConfig } from "../../../src/config.ts";
import type { LeaseEvent } from "../../../src/core/lease.ts";

export const POLICIES = ["article", "ecluse"] as const;
export type Policy = (typeof POLICIES)[number];

/** Given to a worker program as its one argument, as JSON. */
export interface DayOrder {
  readonly policy: Policy;
  readonly speed: number;
  readonly redisUrl: string;
  /** Names of the jobs this process works on. */
  readonly jobs: readonly string[];
  /** Settings, as a process would get them. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it writes, at its end, what happened at the slot. */
  readonly leasesFile: string;
}

/** One event at the slot, at an instant of the clock that all processes share, in ms. */
export interface LeaseSeen {
  readonly kind: Exclude<LeaseEvent["kind"], "foreign">;
  readonly holder: string;
  readonly at: number;
}

/** What a worker program prints on stdout, alone on its line, when it is ready. */
export const READY = "ready";

/** The settings of the town, with each patience that a person would notice in the town's own time. */
export function townConfig({ env, speed }: Pick<DayOrder, "env" | "speed">): Config {
  const config = readConfig(env);
  return {
    ...config,
    VALIDATION_WAIT_S: config.VALIDATION_WAIT_S / speed,
    BATCH_WAIT_S: config.BATCH_WAIT_S / speed,
    DOCUMENTS_WAIT_S: config.DOCUMENTS_WAIT_S / speed,
  };
}
