import { Fault } from "../../src/core/fault.ts";

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ctrl-C and its relatives as one abort.
 *
 * A second one changes nothing: under `npm run` each Ctrl-C comes twice, once from the terminal and once from npm, and an
 * end at once would leave Redis running. Closing takes a few seconds at most.
 */
export function onSignals(): { readonly signal: AbortSignal; exitCode(): number } {
  const stop = new AbortController();
  let code: number = EXIT_CODES.SIGINT;
  for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (!stop.signal.aborted) code = EXIT_CODES[name];
      stop.abort(new Fault("cancelled", "ended by the person who started it"));
    });
  }
  return { signal: stop.signal, exitCode: () => code };
}
