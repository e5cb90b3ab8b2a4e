import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../core/clock.ts";
import { confined } from "./confine.ts";
import { bytesFrame, type Frame, frameReader, messageFrame } from "./frames.ts";
import { residentBytes } from "./memory.ts";

/** What one question may cost. Enforced from outside: the child may be stuck in hostile input. */
export interface ChildLimits {
  /** Longest wait for the next frame, and for the first one. */
  readonly idleMs: number;
  readonly totalMs: number;
  /** Resident memory of the whole child, Node itself included (about 80 MB). */
  readonly memoryBytes: number;
  /** All that may come back. */
  readonly outputBytes: number;
}

/** Why a child was ended: it used too much of something, or died, or said what it may not say. */
export type ChildEnd = "time" | "memory" | "output" | "died";

export interface ChildSetup {
  /** Under `src/documents/pdf/`: the program, whose folder is all of this project it may read. */
  readonly program: URL;
  /** Folders it may read besides. */
  readonly folders: readonly string[];
  /** Given to the program. No text of a document: other users of the machine see arguments. */
  readonly args: readonly string[];
  /** Whether it may load compiled code. Then its rights end at the network and the limits, not at the file system. */
  readonly addons: boolean;
  readonly limits: ChildLimits;
  /** Computing time in all its life, after which the kernel ends it where it can. */
  readonly cpuSeconds: number;
  readonly clock: Clock;
  /** What to throw when it is ended. */
  readonly refuse: (why: ChildEnd) => Error;
}

export interface Question<Value> {
  readonly message: unknown;
  /** Sent behind the message, not copied: left alone until the answer is there. */
  readonly bytes?: Uint8Array;
  readonly signal: AbortSignal;
  /** Given each frame that comes back; the first value other than `undefined` is the answer. What it throws ends the child. */
  readonly take: (frame: Frame) => Value | undefined;
}

/** A process of its own for one document: no environment, no path, no rights to write, start a process or a thread. */
export interface Child {
  /**
   * Asks one thing at a time; the limits begin anew with each.
   *
   * @throws what `refuse` gives, what `take` throws or the signal's reason; the child is gone by then
   */
  ask<Value>(question: Question<Value>): Promise<Value>;
  /** Ends it, whatever it does. Settles when it is gone; may be called again. */
  end(): Promise<void>;
}

/** Often enough for 3 GB in 20 s, the fastest growth seen, to be ended less than 10 MB late. */
const LOOK_MS = 50;
/** Above the limit on resident memory: V8 and WebAssembly claim room that they never touch; with 600 MB in all Node did not start. */
const CLAIMED_BYTES = 1024 * 1024 * 1024;

/** Starts a child that can do nothing but compute on what it is sent. It ends with `end`, with its limits, and with this process. */
export async function startChild(setup: ChildSetup): Promise<Child> {
  const { limits } = setup;
  const [file, ...args] = await confined([process.execPath, ...nodeArguments(setup)], {
    dataBytes: limits.memoryBytes + CLAIMED_BYTES,
    cpuSeconds: setup.cpuSeconds,
  });
  const child = spawn(file, args, { env: {}, cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
  const gone = goneFrom(child);
  child.on("error", () => {});
  // Written to a child that has just died: told by `gone`.
  child.stdin?.on("error", () => {});
  const end = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  return {
    async ask(question) {
      try {
        return await answerOf(child, gone, setup, question);
      } catch (error) {
        await end();
        throw error;
      }
    },
    end,
  };
}

function nodeArguments({ program, folders, args, addons, limits }: ChildSetup): readonly string[] {
  const file = fileURLToPath(program);
  return [
    "--permission",
    ...[dirname(file), ...folders].map((folder) => `--allow-fs-read=${folder.replace(/\/$/, "")}/`),
    ...(addons ? ["--allow-addons"] : []),
    // Old Nodes print that they run TypeScript, and some that permissions are new.
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${Math.ceil(limits.memoryBytes / 1024 / 1024)}`,
    "--disallow-code-generation-from-strings",
    file,
    ...args,
  ];
}

async function goneFrom(child: ChildProcess): Promise<void> {
  // "error" alone when it could not be started at all; "exit" otherwise.
  await once(child, "exit").catch(() => {});
  child.stdin?.destroy();
  child.stdout?.destroy();
}

async function answerOf<Value>(child: ChildProcess, gone: Promise<void>, setup: ChildSetup, question: Question<Value>): Promise<Value> {
  const { clock, refuse } = setup;
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const meter = startMeter(setup);
  const read = frameReader((frame) => {
    meter.heard();
    const value = question.take(frame);
    if (value !== undefined) resolve(value);
  });
  const onData = (piece: Buffer) => {
    if (meter.isTooLong(piece.length)) return reject(refuse("output"));
    // Nothing may be thrown out of a listener: it would end the whole process.
    try {
      read(piece);
    } catch (error) {
      reject(error instanceof SyntaxError ? refuse("died") : error);
    }
  };
  let stopLooking = () => {};
  let isDone = false;
  const look = async () => {
    const why = meter.overspent((await residentBytes(child.pid ?? 0)) ?? 0);
    if (why !== undefined) reject(refuse(why));
    else if (!isDone) stopLooking = clock.after(LOOK_MS, () => void look());
  };
  const abort = () => reject(question.signal.reason);
  question.signal.throwIfAborted();
  question.signal.addEventListener("abort", abort, { once: true });
  child.stdout?.on("data", onData);
  void gone.then(() => reject(refuse("died")));
  send(child, question);
  void look();
  try {
    return await promise;
  } finally {
    isDone = true;
    stopLooking();
    question.signal.removeEventListener("abort", abort);
    child.stdout?.off("data", onData);
  }
}

function send(child: ChildProcess, { message, bytes }: { readonly message: unknown; readonly bytes?: Uint8Array }): void {
  const pieces = [...messageFrame(message), ...(bytes === undefined ? [] : bytesFrame(bytes))];
  for (const piece of pieces) child.stdin?.write(piece);
}

/** Counts what a child uses until its answer is there. */
function startMeter({ limits, clock }: ChildSetup) {
  const startedMs = clock.elapsed();
  let heardMs = startedMs;
  let outputBytes = 0;
  return {
    heard() {
      heardMs = clock.elapsed();
    },
    isTooLong(bytes: number): boolean {
      outputBytes += bytes;
      return outputBytes > limits.outputBytes;
    },
    overspent(memoryBytes: number): ChildEnd | undefined {
      const nowMs = clock.elapsed();
      if (nowMs - heardMs > limits.idleMs || nowMs - startedMs > limits.totalMs) return "time";
      return memoryBytes > limits.memoryBytes ? "memory" : undefined;
    },
  };
}
