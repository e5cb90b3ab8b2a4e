import { ringAfter } from "./alarm.ts";
import type { Call } from "./call.ts";
import type { SlotScripts } from "./scripts.ts";

const AGAIN_MS = 1_000;

/**
 * Gives a key back. When Redis does not take it, it is tried again behind our back until Redis answers or the key has ended by
 * itself. Never throws.
 */
export async function giveBack(call: Call, scripts: SlotScripts, unit: number): Promise<void> {
  try {
    await scripts.release(call.value, unit);
  } catch {
    keepGiving(call, scripts, unit);
  }
}

/** After a reply was lost: a key that nobody knows of would close the slot for a whole lease. */
export function giveBackAll(call: Call, scripts: SlotScripts): void {
  for (let unit = 1; unit <= scripts.units; unit += 1) keepGiving(call, scripts, unit);
}

function keepGiving({ settings: { clock, leaseMs }, value }: Call, scripts: SlotScripts, unit: number): void {
  const until = clock.elapsed() + leaseMs;
  const again = (): void => {
    scripts.release(value, unit).catch(() => {
      if (clock.elapsed() < until) ringAfter(AGAIN_MS, again);
    });
  };
  again();
}
