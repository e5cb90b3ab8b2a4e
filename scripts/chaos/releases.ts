import { type Line, pidOf } from "./history.ts";

type Change = Line & { readonly e: "lock-set" | "lock-del" };

/**
 * How often a living value was taken away by somebody it did not belong to, in lines that are in order.
 *
 * Replays the key. Whoever deletes a value or writes over it must be its owner: the script must have been given exactly that
 * value, and the process it names must be the one that called, or dead. What the nemesis does is no release.
 */
export function wrongReleasesOf(lines: readonly Line[]): number {
  const known = newKnown();
  let value: string | undefined;
  let wrong = 0;
  for (const line of lines) {
    known.learn(line);
    if (line.e === "lock-found") value = line.value ?? undefined;
    if (line.e !== "lock-set" && line.e !== "lock-del") continue;
    if (value !== undefined && !known.mayRemove(line, value)) wrong += 1;
    value = line.e === "lock-set" ? line.value : undefined;
  }
  return wrong;
}

/** Whose each process is, and which are dead. In a long run the system gives a number a second time: then it is another process. */
function newKnown() {
  const workers = new Map<number, string>();
  const dead = new Set<number>();
  const learn = (line: Line): void => {
    if (line.e === "worker-start") {
      workers.set(line.pid, line.worker);
      dead.delete(line.pid);
    }
    if (line.e === "worker-exit") dead.add(line.pid);
    // Written before the signal: whoever finds the process dead comes after it.
    if (line.e === "fault" && line.kind === "kill" && line.pid !== undefined) dead.add(line.pid);
  };
  const mayRemove = (change: Change, value: string): boolean => {
    if (change.by === "outside" || (change.e === "lock-del" && change.how === "expired")) return true;
    const owner = pidOf(value);
    if (owner === undefined) return false;
    const isOwn = workers.get(owner) === change.by;
    // A plain command names no value: then the process must be its own, a dead one is not enough.
    return change.claim === undefined ? isOwn : change.claim === value && (isOwn || dead.has(owner));
  };
  return { learn, mayRemove };
}
