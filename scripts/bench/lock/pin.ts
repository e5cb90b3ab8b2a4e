import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Lets these processes run on one core only, with all their threads: what is then measured is work, not where the system
 * happens to put whom.
 *
 * @returns the core, or undefined where there is no `taskset` (macOS) or it is refused
 */
export async function pinTogether(pids: readonly number[]): Promise<number | undefined> {
  try {
    const { stdout } = await run("taskset", ["-c", "-p", `${process.pid}`]);
    // "pid 12's current affinity list: 0-3,8": the last one, since most systems do their own work on the first.
    const core = /(\d+)\s*$/.exec(stdout)?.[1];
    if (core === undefined) return undefined;
    for (const pid of pids) await run("taskset", ["-a", "-c", "-p", core, `${pid}`]);
    return Number(core);
  } catch {
    return undefined;
  }
}
