import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { codeOf, Fault } from "../../core/fault.ts";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Hundred times what the densest page gives. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs a program in a process of its own, with an empty environment and behind all other work of this machine.
 *
 * Settles only when the process is gone, and it is killed the moment the signal says so: a thread could not be, and what is
 * given up must not go on taking the processor from who comes next.
 *
 * @param input  what the program reads from its standard input
 * @returns what it wrote to its standard output
 * @throws the signal's reason; Fault "model-missing" when there is no such program; "server-error" when it broke off or said far too much
 */
export async function runChild({ program, args }: Command, input: Uint8Array, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  // One thread: the slot counts processes. What the program complains of would quote file names and is not read. A group of its
  // own, since TESSERACT_BIN may be a script that starts the real one.
  const child = spawn(program, args, { env: { OMP_THREAD_LIMIT: "1" }, stdio: ["pipe", "pipe", "ignore"], detached: true });
  const kill = (): void => killGroup(child.pid);
  const pieces: Buffer[] = [];
  let bytes = 0;
  let failure: unknown;
  child.on("error", (error) => {
    failure = error;
  });
  child.stdout.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > MAX_OUTPUT_BYTES) kill();
    else pieces.push(piece);
  });
  // It may end before it has read everything: how it ended says why.
  child.stdin.on("error", () => {});
  if (child.pid !== undefined) yieldToOthers(child.pid);
  child.stdin.end(input);
  signal.addEventListener("abort", kill, { once: true });
  const ended = Promise.withResolvers<number | null>();
  child.once("close", ended.resolve);
  const code = await ended.promise.finally(() => signal.removeEventListener("abort", kill));
  signal.throwIfAborted();
  if (codeOf(failure) === "ENOENT")
    throw new Fault("model-missing", "the program that reads scans is not there: see TESSERACT_BIN", { cause: failure });
  if (failure !== undefined || code !== 0) {
    throw new Fault("server-error", `the program that reads scans broke off (${code ?? child.signalCode ?? "not started"})`, {
      cause: failure,
    });
  }
  return Buffer.concat(pieces).toString("utf8");
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Gone by itself in the same moment.
  }
}

function yieldToOthers(pid: number): void {
  try {
    // Not the lowest: beside an Ollama at full load a page would wait for minutes.
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Already gone, or a system that allows no such thing: slower for others, and no reason to read nothing.
  }
}
