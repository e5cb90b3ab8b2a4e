import type { Call, Wanted } from "./call.ts";
import { giveBack, giveBackAll } from "./give-back.ts";
import { type Busy, firstToEnd, type Held, heldOf, unavailable, waitInLine } from "./line.ts";

/** One of several slots. */
export interface Won extends Held {
  /** Settles when the other lines are left; never rejects. Absent when there were none. */
  readonly left?: Promise<unknown>;
}

/**
 * Waits for the first of these slots that is free: in the line of each at once, and of several that are free the first is taken.
 *
 * @throws as `waitInLine`, as soon as it fails for one of them
 */
export async function firstFree(call: Call, wanted: readonly Wanted[]): Promise<Won | Busy> {
  return (await tryInOrder(call, wanted)) ?? (await waitInAll(call, wanted));
}

async function tryInOrder(call: Call, wanted: readonly Wanted[]): Promise<Won | undefined> {
  for (const one of wanted) {
    const provedAt = call.settings.clock.elapsed();
    const asked = await one.slot.scripts.ask(call.value, call.ask.priority, false).catch((cause: unknown) => {
      for (const { slot } of wanted) giveBackAll(call, slot.scripts);
      throw unavailable(cause);
    });
    // What became ours so late that it is no proof any more is found again in the line.
    if (asked.kind === "ours") return heldOf({ call, wanted: one }, asked, provedAt);
  }
  return undefined;
}

async function waitInAll(call: Call, wanted: readonly Wanted[]): Promise<Won | Busy> {
  const end = new AbortController();
  const signal = AbortSignal.any([call.ask.signal, end.signal]);
  const first = Promise.withResolvers<Held>();
  let hasWon = false;
  const lines = wanted.map(async (one) => {
    const got = await waitInLine({ call, wanted: one, signal });
    if (got.kind === "busy") return got;
    // Handed to us in the moment in which another slot became ours.
    if (hasWon) await giveBack(call, one.slot.scripts, got.unit);
    else first.resolve(got);
    hasWon = true;
    end.abort();
    return undefined;
  });
  const left = Promise.allSettled(lines);
  const allBusy = Promise.all(lines).then(
    (busy) => firstToEnd(busy.filter((one) => one !== undefined)) as Busy,
    async (error: unknown) => {
      end.abort();
      await left;
      throw error;
    },
  );
  const won = await Promise.race([first.promise, allBusy]);
  return won.kind === "held" ? { ...won, left } : won;
}
