// A process of its own that wants the lock: `node holder.ts PORT LEASE_MS turns|hold [COUNT]`. Prints one word per line.
import { Redis } from "ioredis";
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import { leaseBroker, openSlot, SLOT_TIMES } from "../../src/lock/broker.ts";
import { takeTurns } from "./turns.ts";

const [port = "0", leaseMs = "0", mode, count = "0"] = process.argv.slice(2);
const redis = new Redis(Number(port), "127.0.0.1", { db: 6 });
const slot = openSlot(redis, systemClock, { locks: ["lock:ollama:global"] }, { ...SLOT_TIMES, leaseMs: Number(leaseMs) });
const broker = leaseBroker({ slots: { ollama: slot }, clock: systemClock, leaseMs: Number(leaseMs) });
const say = (word: string): void => void process.stdout.write(`${word}\n`);

async function hold(): Promise<void> {
  const ask = { holder: "holder", priority: 1, waitMs: 5_000, signal: new AbortController().signal };
  const told = new Promise<void>((resolve) => process.stdin.once("data", () => resolve()));
  await broker.withLease("ollama", ask, async () => {
    say("held");
    await told;
  });
}

try {
  if (mode === "turns") say(`overlaps ${await takeTurns(broker, redis, Number(count))}`);
  else await hold().then(() => say("accepted"));
} catch (error) {
  say(`refused ${Fault.from(error).kind}`);
}
slot.wake.close();
redis.disconnect();
process.stdin.destroy();
