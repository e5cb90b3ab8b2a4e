import type { FaultKind } from "../core/fault.ts";
import type { Answered, Provider } from "../core/provider.ts";
import type { Gate } from "../core/trouble.ts";
import { LOOK_AGAIN_MS, passesByItself } from "../policy/reaction.ts";
import { isAtHome, patienceLeft, type Walk } from "./walk.ts";

/** Whom to ask of one provider: its slots that are not in trouble, or the provider itself. */
export type Door =
  | {
      readonly kind: "open";
      readonly targets: readonly string[];
      /** All of them were in trouble: this one call finds out, so it is not repeated. */
      readonly isProbe: boolean;
    }
  | { readonly kind: "held"; readonly why: FaultKind; readonly until: Date };

export const targetsOf = <Request, Raw extends Answered>(provider: Provider<Request, Raw>): readonly string[] =>
  provider.slots ?? [provider.name];

/** @throws Fault "redis-unavailable" */
export async function doorOf<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
): Promise<Door> {
  const { troubles } = walk.ports;
  const asked = await Promise.all(targetsOf(provider).map(async (target) => ({ target, gate: await troubles.gate(target) })));
  const open = asked.filter(({ gate }) => gate.kind !== "hold");
  if (open.length > 0) {
    return { kind: "open", targets: open.map(({ target }) => target), isProbe: open.every(({ gate }) => gate.kind === "probe") };
  }
  const holds = asked.map(({ gate }) => gate).filter((gate): gate is Extract<Gate, { kind: "hold" }> => gate.kind === "hold");
  const soonest = holds.reduce((first, one) => (one.until < first.until ? one : first));
  return { kind: "held", why: soonest.why, until: soonest.until };
}

/**
 * Waits a moment for a local model that is down or full, if that passes by itself and the job still has patience.
 *
 * @returns false when it has none, or the trouble is not of that kind: the next provider's turn
 * @throws  the asker's own reason
 */
export async function waitAtHome<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  { why, until }: { readonly why: FaultKind; readonly until: Date | undefined },
): Promise<boolean> {
  const { clock, lookAgainMs = LOOK_AGAIN_MS } = walk.ports;
  const leftMs = patienceLeft(walk);
  if (!isAtHome(provider) || !passesByItself(why) || leftMs === 0) return false;
  const untilMs = until === undefined ? lookAgainMs : until.getTime() - clock.now().getTime();
  const from = clock.elapsed();
  await clock.sleep(Math.min(Math.max(untilMs, 1), lookAgainMs, leftMs), walk.asker.signal);
  walk.waitedMs += clock.elapsed() - from;
  // The next look must see what this one was told.
  await walk.told;
  return true;
}
