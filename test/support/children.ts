import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const alive = new Set<ChildProcess>();
let isWatching = false;

/** Makes sure that a process a test started ends with the test's own process, however that one ends. */
export function tracked<Child extends ChildProcess>(child: Child): Child {
  if (!isWatching) {
    isWatching = true;
    process.once("exit", () => {
      for (const one of alive) one.kill("SIGKILL");
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  }
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  return child;
}

/** Ends a child at once, stopped or not, and settles when it is gone. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
