import { printJson, runCommand } from "./command.ts";
import { HELP, OPTIONS, takeArguments } from "./demo/arguments.ts";
import { onSignals } from "./demo/signals.ts";

await runCommand({
  name: "npm run demo",
  help: HELP,
  options: OPTIONS,
  async run({ values }) {
    const asked = takeArguments(values);
    const stop = onSignals();
    // Loaded late: --help and a wrong word need no queue and no vendor's code.
    const { runDemo } = await import("./demo/run.ts");
    const { summaryText } = await import("./demo/print.ts");
    try {
      const summary = await runDemo(asked, stop.signal);
      if (asked.isJson) printJson(summary);
      else process.stdout.write(summaryText(summary));
      return summary.failures === 0 ? 0 : 1;
    } catch (error) {
      if (stop.signal.aborted) return stop.exitCode();
      throw error;
    }
  },
});
