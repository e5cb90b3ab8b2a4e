import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { ConfigError } from "../src/config.ts";
import { Fault } from "../src/core/fault.ts";

/** Something was asked for that this command does not do: printed as it is, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

type Parsed<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options & { help: { type: "boolean"; short: "h" } }; allowPositionals: true }>
>;

export interface Command<Options extends ParseArgsOptionsConfig> {
  /** As a person types it: "npm run report". */
  readonly name: string;
  /** Printed by --help; `--help` itself need not be among the options. */
  readonly help: string;
  readonly options: Options;
  readonly positionals?: boolean;
  /** @returns the exit code; nothing is 0 */
  run(asked: Parsed<Options>): Promise<number | undefined> | Promise<void>;
}

/**
 * Runs one command: words in, exit code out. Results belong to stdout, everything said here goes to stderr.
 *
 * Exit code 2 for wrong words or settings, 1 for whatever else fails: in plain words and never with a stack, which names
 * paths and says nothing to who typed the command.
 */
export async function runCommand<const Options extends ParseArgsOptionsConfig>(command: Command<Options>): Promise<void> {
  // `npm run report | head` is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  try {
    const options = { ...command.options, help: { type: "boolean", short: "h" } } as const;
    const parsed = parseArgs({ options, allowPositionals: true }) as Parsed<Options>;
    if ((parsed.values as { readonly help?: boolean }).help === true) {
      process.stdout.write(command.help);
      return;
    }
    if (command.positionals !== true && parsed.positionals.length > 0) {
      throw new UsageError(`it takes no "${parsed.positionals[0]}": only options`);
    }
    process.exitCode = (await command.run(parsed)) ?? 0;
  } catch (error) {
    process.exitCode = explain(command.name, error);
  }
}

/** @returns the exit code */
function explain(name: string, error: unknown): number {
  if (error instanceof ConfigError) {
    process.stderr.write(error.mistakes.map((mistake) => `${name}: ${mistake}\n`).join(""));
    return 2;
  }
  if (error instanceof UsageError || isParseError(error)) {
    process.stderr.write(`${name}: ${error.message}\n${name} -- --help says what can be given.\n`);
    return 2;
  }
  const fault = Fault.from(error, "the command");
  // A code such as EACCES says something to a person; the name of a class does not.
  const codes = fault.causes.split(" < ").filter((word) => /^[A-Z][A-Z0-9_]+$/.test(word));
  process.stderr.write(`${name}: ${fault.message}${codes.length === 0 ? "" : ` (${codes.join(" < ")})`}\n`);
  return 1;
}

const isParseError = (error: unknown): error is Error =>
  error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("ERR_PARSE_ARGS_");

/** Nobody presses a key twice so quickly. */
const SAME_PRESS_MS = 100;

/**
 * Ctrl-C and SIGTERM as a signal, for a command that stops at a safe point; a second one ends it at once.
 *
 * `release` gives both back to their usual meaning.
 */
export function onInterrupt(): { readonly signal: AbortSignal; release(): void } {
  const asked = new AbortController();
  let askedAt = 0;
  const stop = (): void => {
    // npm hands a Ctrl-C on that the terminal gave us already: twice in a moment is once.
    if (asked.signal.aborted && performance.now() - askedAt < SAME_PRESS_MS) return;
    if (asked.signal.aborted) process.exit(130);
    askedAt = performance.now();
    asked.abort(new Fault("cancelled", "stopped by the person who started it"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: asked.signal,
    release() {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}

/** Said to the person, never part of a result. */
export const say = (message: string): void => void process.stderr.write(`${message}\n`);

/** The one JSON document of a `--json` run. */
export const printJson = (document: unknown): void => void process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
