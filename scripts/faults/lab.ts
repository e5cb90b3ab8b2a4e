import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { LeaseBroker } from "../../src/core/lease.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import type { Troubles } from "../../src/core/trouble.ts";
import type { WalkPorts } from "../../src/failover/run.ts";
import { openLedger } from "../../src/ledger/ledger.ts";
import { leaseBroker, openSlot, SLOT_TIMES } from "../../src/lock/broker.ts";
import { whyNotThere } from "../../src/policy/sovereignty.ts";
import type { lockConnection } from "../../src/queue/connection.ts";
import { sharedTroubles } from "../../src/trouble/shared.ts";

export type LabRedis = ReturnType<typeof lockConnection>;

/** What all cells of a run share: one Redis, one folder. Each cell has keys and a ledger of its own in them. */
export interface Lab {
  readonly redis: LabRedis;
  readonly redisUrl: string;
  readonly dir: string;
  readonly signal: AbortSignal;
}

export interface CellPorts extends WalkPorts {
  close(): void;
}

export interface PortOptions {
  /** Names the cell's keys and folder; used by no other cell. */
  readonly name: string;
  readonly leaseMs?: number;
  /** Our own pauses of a provider in trouble are divided by this. */
  readonly pace?: number;
  /** Another client than the lab's. */
  readonly redis?: LabRedis;
}

export const LAB_DB = 6;

export const lockKeyOf = (name: string): string => `faults:${name}`;

/** The real lock, the real memory of trouble and the real ledger, as `assemble` joins them. */
export function openPorts(lab: Lab, { name, leaseMs = 10_000, pace = 1, redis = lab.redis }: PortOptions): CellPorts {
  const clock = systemClock;
  const folder = join(lab.dir, "cells", name);
  mkdirSync(folder, { recursive: true });
  const ledger = openLedger(folder, clock);
  // Another run on this machine has the same names in another folder.
  const { broker, close } = openBroker(redis, { locks: [lockKeyOf(name)], guard: folder }, leaseMs);
  const egress = { document: "all", contribution: "all" } as const;
  return {
    broker,
    ledger,
    clock,
    troubles: scoped(sharedTroubles({ redis, clock, pace }), name),
    whyNot: (provider, dataClass) => provider.unavailable ?? whyNotThere(dataClass, provider.site, egress),
    close() {
      close();
      ledger.close();
    },
  };
}

type Keys = Parameters<typeof openSlot>[2];

function openBroker(redis: LabRedis, keys: Keys, leaseMs: number): { readonly broker: LeaseBroker; close(): void } {
  const slot = openSlot(redis, systemClock, keys, { ...SLOT_TIMES, leaseMs });
  return { broker: leaseBroker({ clock: systemClock, slots: { ollama: slot }, leaseMs }), close: () => slot.wake.close() };
}

/** Cells run side by side: the trouble of one must not be the trouble of another. */
const scoped = (troubles: Troubles, name: string): Troubles => ({
  gate: (target) => troubles.gate(`${name}:${target}`),
  answered: (target) => troubles.answered(`${name}:${target}`),
  faulted: (target, fault) => troubles.faulted(`${name}:${target}`, fault),
});

/** A ledger that also tells each line to `hear`. */
export const overheard = (ledger: Ledger, hear: (entry: Parameters<Ledger["record"]>[0]) => void): Ledger => ({
  record(entry) {
    hear(entry);
    ledger.record(entry);
  },
  ...(ledger.written && { written: () => ledger.written?.() ?? Promise.resolve() }),
});
