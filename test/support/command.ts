import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { tracked } from "./children.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; PATH and HOME of the test unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** After which it is killed and its code is null: a command that does not end must fail its test, not hang it. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end, with no settings but those given. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, timeoutMs = 60_000 }: RunOptions = {},
): Promise<Ran> {
  const inherited = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  const child = tracked(
    spawn(command, args, {
      cwd,
      env: { ...inherited, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    }),
  );
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** A program of this project, with the Node that runs the test. */
export const runNode = (file: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ran> =>
  run(process.execPath, [`${ROOT}${file}`, ...args], options);
