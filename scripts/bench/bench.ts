import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One run of the bench: its folder and its processes, all gone at the end, however it ends. */
export interface Bench {
  readonly dir: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Gives a process to the bench, to be killed at the end. */
  own(child: ChildProcess): void;
  say(line: string): void;
}

/** Runs `work` with a folder and processes that are gone when this returns, also after an error, Ctrl-C or an exit. */
export async function withBench<Value>(say: (line: string) => void, work: (bench: Bench) => Promise<Value>): Promise<Value> {
  const dir = mkdtempSync(join(tmpdir(), "ecluse-bench-"));
  const children = new Set<ChildProcess>();
  const stopped = new AbortController();
  const killAll = () => {
    for (const child of children) child.kill("SIGKILL");
  };
  const interrupt = () => stopped.abort(new Error("interrupted"));
  process.once("exit", killAll);
  // Each time, not once: npm passes a Ctrl-C on that the terminal has told us already, and the second would end us in the middle of
  // tidying up.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  interrupted.catch(() => {});
  stopped.signal.addEventListener("abort", () => reject(stopped.signal.reason));
  const own = (child: ChildProcess) => {
    children.add(child);
    child.once("exit", () => children.delete(child));
    if (stopped.signal.aborted) child.kill("SIGKILL");
  };
  try {
    return await Promise.race([work({ dir, signal: stopped.signal, own, say }), interrupted]);
  } finally {
    await Promise.all([...children].map((child) => kill(child)));
    rmSync(dir, { recursive: true, force: true });
    process.removeListener("exit", killAll);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, interrupt);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the line that says "ready" comes; the other stream goes to a file of the bench's folder. */
  readonly readyOn: "stdout" | "stderr";
  isReady(line: string): boolean;
}

export interface Started {
  readonly pid: number;
  /** From spawn to the line that says it is ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Starts a node program and waits until it says that it is ready. @throws Error when it ends before */
export async function startProgram(bench: Bench, program: Program): Promise<Started> {
  bench.signal.throwIfAborted();
  const folder = join(bench.dir, "log");
  mkdirSync(folder, { recursive: true });
  const other = openSync(join(folder, "workers.log"), "a");
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...process.execArgv, program.file, ...program.args], {
    env: { ...process.env, ...program.env },
    stdio: ["ignore", program.readyOn === "stdout" ? "pipe" : other, program.readyOn === "stderr" ? "pipe" : other],
  });
  closeSync(other);
  bench.own(child);
  const said: string[] = [];
  const stream = child[program.readyOn];
  if (stream === null || child.pid === undefined) throw new Error(`${program.file} could not be started`);
  for await (const line of createInterface({ input: stream })) {
    if (program.isReady(line)) {
      const readyMs = performance.now() - startedAt;
      stream.resume();
      return { pid: child.pid, readyMs, stop: () => stop(child) };
    }
    said.push(line);
  }
  throw new Error(`${program.file} ended before it was ready: ${said.join(" ").slice(0, 500)}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
