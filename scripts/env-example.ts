import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { envExample, withSettingsTable } from "../src/settings-text.ts";

const HELP = `Usage: npm run env:example -- [--check] [--json]

Writes .env.example and the README's table of settings from SETTINGS in src/config.ts.

  --check  write nothing; exit code 1 when one of them differs
  --json   one JSON document on stdout: {differs: [file]}
  --help   this text
`;

const ROOT = new URL("../", import.meta.url);
const FILES = [
  { name: ".env.example", from: () => envExample() },
  { name: "README.md", from: (present: string) => withSettingsTable(present) ?? present },
] as const;

function readOptions() {
  try {
    return parseArgs({ options: { check: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } } }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nnpm run env:example -- --help says what can be given.`);
    return undefined;
  }
}

/** The file's text, or "" when there is none yet. */
function present(name: string): string {
  try {
    return readFileSync(new URL(name, ROOT), "utf8");
  } catch {
    return "";
  }
}

/** @returns the exit code */
function main(): number {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const differing = FILES.map(({ name, from }) => ({ name, is: present(name), text: from(present(name)) })).filter(
    ({ is, text }) => is !== text,
  );
  if (!options.check) for (const { name, text } of differing) writeFileSync(new URL(name, ROOT), text);
  for (const { name } of differing) console.error(options.check ? `${name} differs: run npm run env:example` : `${name} written`);
  if (options.json) process.stdout.write(`${JSON.stringify({ differs: differing.map(({ name }) => name) })}\n`);
  return options.check && differing.length > 0 ? 1 : 0;
}

process.exitCode = main();
