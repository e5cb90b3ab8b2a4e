import { parseArgs } from "node:util";
import { Fault } from "../src/core/fault.ts";
import { startPractice } from "../src/practice/server.ts";

const HELP = `Usage: node scripts/practice.ts [--port N] [--host ADDRESS] [--delay-ms N]

A small server that speaks Ollama's protocol and has one model, "practice": no language model, it copies sentences and
counts words, always the same way. For demonstrations and tests on a machine without Ollama.

  --port N        port to listen on (default 11435; 0 takes a free one)
  --host ADDRESS  address to listen on (default 127.0.0.1: this machine only)
  --delay-ms N    wait before each token, to look like a slow model (default 0)
  --help          this text

Its address is printed on stderr. End it with Ctrl-C. To use it: OLLAMA_HOST=<address> OLLAMA_MODEL=practice
`;

const whole = (name: string, text: string, max: number): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > max) {
    throw new Fault("misconfigured", `--${name} must be a whole number from 0 to ${max}`);
  }
  return number;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "11435" },
      host: { type: "string", default: "127.0.0.1" },
      "delay-ms": { type: "string", default: "0" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const server = await startPractice({
    port: whole("port", values.port, 65_535),
    host: values.host,
    tokenDelayMs: whole("delay-ms", values["delay-ms"], 60_000),
  });
  console.error(server.url);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}

main().catch((error: unknown) => {
  // What was typed wrong, not where in our code that was noticed.
  console.error(error instanceof Error ? error.message : String(error));
  console.error("node scripts/practice.ts --help says what can be given.");
  process.exitCode = 1;
});
