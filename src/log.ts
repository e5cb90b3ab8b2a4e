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
  pino(
    { level: config.LOG_LEVEL, base: { pid: process.pid }, serializers: { err: describeError } },
    pino.destination({ fd: 2, sync: true }),
  );

function describeError(error: unknown): object {
  const fault = Fault.from(error);
  return { kind: fault.kind, message: fault.message, status: fault.status, causes: fault.causes };
}
