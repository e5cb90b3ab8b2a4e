import { type Logger as PinoLogger, pino } from "pino";
import type { Config } from "./config.ts";
import { Fault } from "./core/fault.ts";

export type Log = PinoLogger;

/**
 * JSON lines on stderr: stdout belongs to what a command was asked for.
 *
 * Event names and fields only, never a text. An error shows its kind, and a fault's message, which carries no text; any
 * other error's message may, so only its class and code are logged.
 */
export const openLog = (config: Pick<Config, "LOG_LEVEL">): Log =>
  pino({ level: config.LOG_LEVEL, base: { pid: process.pid }, serializers: { err: describeError } }, stderrTogether);

/** As pino numbers its levels. */
const WARN = 40;
/** Longer is no gain; this much is what a kill -9 can take of the lines that all went well. */
const HELD_MS = 10;
const HELD_CHARS = 64 * 1_024;

/**
 * Lines for a person who reads later leave together, every 10 ms: a system call for each took a third of a busy worker's
 * speed. A warning or an error leaves at once, with all before it; so do `process.exit` and an error nobody caught.
 */
const stderrTogether = {
  // How pino tells a stream the level of the line: it sets `lastLevel` before each write.
  [Symbol.for("pino.metadata")]: true as const,
  lastLevel: 0,
  write(line: string): void {
    stderr ??= openStderr();
    held += line;
    if (this.lastLevel >= WARN || held.length > HELD_CHARS) flush();
    else due ??= setTimeout(flush, HELD_MS);
  },
};

let held = "";
let due: NodeJS.Timeout | undefined;
let stderr: ReturnType<typeof pino.destination> | undefined;

function flush(): void {
  clearTimeout(due);
  due = undefined;
  const lines = held;
  held = "";
  if (lines !== "") stderr?.write(lines);
}

function openStderr() {
  process.on("exit", flush);
  return pino.destination({ fd: 2, sync: true });
}

function describeError(error: unknown): object {
  const fault = Fault.from(error);
  return { kind: fault.kind, message: fault.message, status: fault.status, causes: fault.causes };
}
