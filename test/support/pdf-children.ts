import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { TestContext } from "node:test";

/** Every process this one starts during a test to read or draw a PDF, as Node itself reports them. */
export function watchPdfChildren(test: TestContext) {
  const started: ChildProcess[] = [];
  const waiting: ((child: ChildProcess) => void)[] = [];
  let most = 0;
  const alive = (): number => started.filter(({ pid }) => isAlive(pid ?? 0)).length;
  const note = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess };
    // What was started is known a moment later: the channel speaks before it is.
    child.once("spawn", () => {
      if (!child.spawnargs.some((word) => /(text|picture)-program\.ts$/.test(word))) return;
      started.push(child);
      most = Math.max(most, alive());
      waiting.shift()?.(child);
    });
  };
  subscribe("child_process", note);
  test.after(() => unsubscribe("child_process", note));
  return {
    alive,
    started: (): number => started.length,
    mostAtOnce: (): number => most,
    /** Settles when the next one is started and has said something. */
    async nextRunning(): Promise<ChildProcess> {
      const child = await new Promise<ChildProcess>((resolve) => waiting.push(resolve));
      if (child.stdout !== null) await once(child.stdout, "data");
      return child;
    },
  };
}

/** Asked of the system: a process that ended and was waited for has no entry any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
