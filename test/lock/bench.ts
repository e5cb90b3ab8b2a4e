import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, beforeEach } from "node:test";
import type { Redis } from "ioredis";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import type { Lease, LeaseAsk, LeaseBroker } from "../../src/core/lease.ts";
import { type BrokerOptions, leaseBroker, openSlot, SLOT_TIMES, type Slot } from "../../src/lock/broker.ts";
import { lockConnection } from "../../src/queue/connection.ts";
import { tracked } from "../support/children.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import type { HolderOrder } from "./holder.ts";

export const KEY = "lock:ollama:global";
export const LEASE_MS = 600;

export interface Bench {
  readonly server: TestRedis;
  readonly redis: Redis;
  /** As the program connects: a command that is not answered fails. */
  readonly ours: Redis;
}

/** A real Redis for the tests of one file, emptied before each. */
export function lockBench(): Bench {
  const bench = {} as { -readonly [Name in keyof Bench]: Bench[Name] };
  before(async () => {
    bench.server = await startRedis();
    bench.redis = bench.server.connect(6);
    bench.ours = lockConnection(bench.server.url, 6);
  });
  beforeEach(() => bench.redis.flushall());
  after(async () => {
    bench.ours.disconnect();
    for (const { wake } of opened) wake.close();
    await bench.server.stop();
  });
  return bench;
}

const opened = new Set<Slot>();

export interface SlotChoice extends Partial<typeof SLOT_TIMES> {
  readonly locks?: readonly [string, ...string[]];
  readonly guard?: string;
}

/** A slot of its own on this client; its listener is closed after the tests of the file. */
export function slotOn(client: Redis, leaseMs = LEASE_MS, { locks = [KEY], guard, ...times }: SlotChoice = {}): Slot {
  const keys = { locks, ...(guard !== undefined && { guard }) };
  const slot = openSlot(client, systemClock, keys, { ...SLOT_TIMES, ...times, leaseMs });
  opened.add(slot);
  return slot;
}

export interface BrokerChoice extends Partial<BrokerOptions> {
  readonly choice?: SlotChoice;
}

export const brokerOn = (client: Redis, { leaseMs = LEASE_MS, choice = {}, ...options }: BrokerChoice = {}): LeaseBroker =>
  leaseBroker({ slots: { ollama: slotOn(client, leaseMs, choice) }, clock: systemClock, leaseMs, foreignPollMs: 10, ...options });

export const asks = (holder: string, more: Partial<LeaseAsk> = {}): LeaseAsk => ({
  holder,
  priority: 1,
  waitMs: 10_000,
  signal: new AbortController().signal,
  ...more,
});

/** Work that goes on until its lease is lost, and then answers all the same: a call that did not notice. */
export const untilLost = (lease: Lease): Promise<string> =>
  new Promise((resolve) => lease.signal.addEventListener("abort", () => resolve("late")));

export const isFault = (kind: string) => (error: unknown) => error instanceof Fault && error.kind === kind;

/** Another process that wants the lock; its words come one by one. */
export function holderProcess({ server }: Bench, mode: HolderOrder["mode"], choice: Partial<HolderOrder> = {}) {
  const file = new URL("./holder.ts", import.meta.url).pathname;
  const order: HolderOrder = { port: server.port, leaseMs: LEASE_MS, locks: [KEY], ...choice, mode };
  const child = tracked(spawn(process.execPath, [file, JSON.stringify(order)], { stdio: ["pipe", "pipe", "inherit"] }));
  assert.ok(child.stdout !== null);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    says: async (): Promise<unknown> => (await lines.next()).value,
    tell: (): void => void child.stdin?.write("go\n"),
  };
}
