import type { LockStatus } from "../../src/lock/scripts.ts";
import { type Owner, ownerOf } from "./holder.ts";
import { nameOf, quoted, seconds } from "./print.ts";
import type { OpenSlot } from "./slots.ts";

/** What became of one key. */
export interface Released {
  readonly key: string;
  /** "gone": it had changed hands before it could be released. */
  readonly result: "free" | "released" | "refused" | "gone";
  /** The value it had. */
  readonly value: string | null;
  /** Who has it now: the next in line, or whoever came in between. */
  readonly now: string | null;
  /** For a person: what happened, and what to type when it was refused. */
  readonly says: string;
}

interface HeldKey extends LockStatus {
  readonly scripts: OpenSlot["scripts"];
  readonly unit: number;
}

/**
 * Gives back the keys whose holders are provably dead, and refuses all others.
 *
 * @param force  releases exactly this value, whoever has it, and no other key
 */
export async function releaseKeys(slots: readonly OpenSlot[], force: string | undefined): Promise<readonly Released[]> {
  const keys: HeldKey[] = [];
  for (const { scripts } of slots) {
    const { locks } = await scripts.status();
    keys.push(...locks.map((lock, index) => ({ ...lock, scripts, unit: index + 1 })));
  }
  const named = keys.filter(({ isHeld, holder }) => isHeld && holder === force);
  const ended: Released[] = [];
  for (const key of named.length > 0 ? named : keys) ended.push(await releaseOne(key, force));
  return ended;
}

async function releaseOne(key: HeldKey, force: string | undefined): Promise<Released> {
  if (!key.isHeld) return { key: key.key, result: "free", value: null, now: null, says: `${key.key} is free: there is nothing to release` };
  const owner = ownerOf(key.holder);
  const refused = { key: key.key, result: "refused", value: key.holder, now: key.holder } as const;
  if (force !== undefined && force !== key.holder)
    return { ...refused, says: `${key.key} is held by ${nameOf(owner)}, which is not the value given: not released` };
  if (force === undefined && owner.state !== "dead") return { ...refused, says: refusal(key, owner) };
  return await takeFrom(key, owner);
}

function refusal({ key, holder, leftMs }: LockStatus, owner: Owner): string {
  const until =
    leftMs === undefined ? "It has no TTL and stays until it is deleted." : `Unless it is renewed, it ends in ${seconds(leftMs)}.`;
  return `${key} is held by ${nameOf(owner)}, ${whyNotDead(owner)}: not released. ${until}
If you are sure that it does not use the model any more, type
  npm run lock -- release --force ${quoted(holder)}`;
}

function whyNotDead({ kind, state, host }: Owner): string {
  if (kind === "foreign") return "and nothing proves that it is dead";
  return state === "stopped" ? "which is stopped, not dead" : `which lives, or runs where that cannot be seen from here (${host})`;
}

/** By compare-and-delete, and handed to the next in line in the same step. */
async function takeFrom({ scripts, unit, key, holder }: HeldKey, owner: Owner): Promise<Released> {
  const wasReleased = await scripts.release(holder, unit);
  const after = (await scripts.status()).locks[unit - 1];
  const now = after?.isHeld ? after.holder : null;
  const then = now === null ? "it is free now" : `it is held by ${nameOf(ownerOf(now))} now`;
  if (!wasReleased)
    return { key, result: "gone", value: holder, now, says: `${key} had changed hands before it could be released; ${then}` };
  const who = `${nameOf(owner)}${owner.state === "dead" ? ", which is dead" : ""}`;
  return { key, result: "released", value: holder, now, says: `${key} was taken from ${who}; ${then}` };
}
