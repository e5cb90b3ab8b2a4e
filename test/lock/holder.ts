// A process of its own that wants the lock: `node holder.ts '{"port":…,"leaseMs":…,"mode":…}'`. Prints one word per line.
import { Redis } from "ioredis";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import type { Lease } from "../../src/core/lease.ts";
import { leaseBroker, openSlot, SLOT_TIMES } from "../../src/lock/broker.ts";
import { guardAddress, takeGuard } from "../../src/lock/guard.ts";
import { occupy } from "./resource.ts";
import { takeTurns } from "./turns.ts";

export interface HolderOrder {
  /** Of Redis. */
  readonly port: number;
  readonly leaseMs: number;
  readonly locks: readonly [string, ...string[]];
  readonly guard?: string;
  /** "turns": takes it `count` times. "hold": until a word comes. "occupy": the same, at the resource, until told or lost. "guard": the guard only. */
  readonly mode: "turns" | "hold" | "occupy" | "guard";
  readonly count?: number;
  /** Of the resource. */
  readonly resource?: number;
  readonly platform?: NodeJS.Platform;
}

const order = JSON.parse(process.argv[2] ?? "{}") as HolderOrder;
const say = (word: string): void => void process.stdout.write(`${word}\n`);
const told = new Promise<void>((resolve) => process.stdin.once("data", () => resolve()));
const forEver = new AbortController().signal;

async function atTheLock(): Promise<void> {
  const { port, leaseMs, locks, guard, mode, count = 0, resource = 0 } = order;
  const redis = new Redis(port, "127.0.0.1", { db: 6 });
  const keys = { locks, ...(guard !== undefined && { guard }) };
  const slot = openSlot(redis, systemClock, keys, { ...SLOT_TIMES, leaseMs });
  const broker = leaseBroker({ slots: { ollama: slot }, clock: systemClock, leaseMs });
  const lostOrTold = ({ signal }: Lease) => Promise.race([told, new Promise((end) => signal.addEventListener("abort", end))]);
  const sayHeld = (): void => say("held");
  const hold = (): Promise<void> => {
    sayHeld();
    return told;
  };
  try {
    if (mode === "turns") say(`overlaps ${await takeTurns(broker, redis, { count, permits: locks.length })}`);
    else if (mode === "hold" || mode === "occupy") {
      const ask = { holder: "holder", priority: 1, waitMs: 5_000, signal: forEver };
      await broker.withLease("ollama", ask, (lease) => (mode === "hold" ? hold() : occupy(resource, lostOrTold(lease), sayHeld)));
      say("accepted");
    }
  } catch (error) {
    say(`refused ${Fault.from(error).kind}`);
  }
  slot.wake.close();
  redis.disconnect();
}

async function atTheGuard(): Promise<void> {
  const address = guardAddress(order.guard ?? "", order.platform);
  const giveBack = await takeGuard(address, { ms: 5_000, signal: forEver, onTaken() {} });
  say(giveBack === undefined ? "busy" : "held");
  await told;
  giveBack?.();
  say("given back");
}

await (order.mode === "guard" ? atTheGuard() : atTheLock());
process.stdin.destroy();
