import { execFile } from "node:child_process";
import { existsSync } from "node:fs";

/** A command and its arguments, without a shell between. */
export type Command = readonly [file: string, ...args: string[]];

export interface Bounds {
  /** What the kernel itself refuses more than, for memory that grows faster than it is looked at. Only where `prlimit` is. */
  readonly dataBytes: number;
  /** Seconds of computing after which the kernel ends it: a child that is stuck cannot see that its parent is gone. */
  readonly cpuSeconds: number;
}

/**
 * Puts in front of a command what this machine has to confine it: no network, no new rights, ended with its parent, and
 * limits the kernel holds. Each tool executes the next one in its own place, so the process that was started stays the one to kill.
 *
 * What is missing or forbidden here (another system, a container without the right) is left out: the limits that `child.ts`
 * enforces from outside hold without it.
 */
export async function confined(command: Command, bounds: Bounds): Promise<Command> {
  found ??= probe();
  const { withoutNetwork, withParent, withLimits } = await found;
  const limits = withLimits && [withLimits, `--data=${bounds.dataBytes}`, `--cpu=${bounds.cpuSeconds}`, "--core=0"];
  const [first, ...rest] = [...withoutNetwork, ...withParent, ...(limits ? limits : []), ...command];
  return first === undefined ? command : [first, ...rest];
}

interface Tools {
  readonly withoutNetwork: readonly string[];
  readonly withParent: readonly string[];
  readonly withLimits: string | undefined;
}

/** Asked once for each process: what a machine allows does not change while it runs. */
let found: Promise<Tools> | undefined;

async function probe(): Promise<Tools> {
  // As root first: a user's own network needs kernel settings that many machines do not have.
  const unshare = (await works("unshare", "-n")) ?? (await works("unshare", "-rn"));
  const setpriv = await works("setpriv", "--pdeathsig", "KILL", "--no-new-privs");
  const prlimit = await works("prlimit", "--core=0");
  return { withoutNetwork: unshare ?? [], withParent: setpriv ?? [], withLimits: prlimit?.[0] };
}

/** The tool with these arguments, when it could run a program that does nothing. */
async function works(tool: string, ...args: string[]): Promise<readonly string[] | undefined> {
  const [path, nothing] = [pathOf(tool), pathOf("true")];
  if (process.platform !== "linux" || path === undefined || nothing === undefined) return undefined;
  const ran = await new Promise<boolean>((resolve) => {
    execFile(path, [...args, nothing], { env: {}, timeout: 2_000 }, (error) => resolve(error === null));
  });
  return ran ? [path, ...args] : undefined;
}

/** Where a system tool lies. Not looked up along PATH: the child has no environment, and PATH may lead into a folder of documents. */
const pathOf = (tool: string): string | undefined =>
  ["/usr/bin", "/bin", "/usr/sbin", "/sbin"].map((folder) => `${folder}/${tool}`).find((path) => existsSync(path));
