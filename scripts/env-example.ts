import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { envExample, withSettingsTable } from "../src/settings-text.ts";
import { printJson, runCommand, say } from "./command.ts";

const HELP = `npm run env:example -- [--check] [--json]

Writes .env.example and the README's table of settings from SETTINGS in src/config.ts.

  --check  write nothing; exit code 1 when one of them differs
  --json   one JSON document on stdout: {differs: [file]}
  --help   this text
`;

const ROOT = new URL("../", import.meta.url);
/** Each file, and what it must be, given what it is. */
const FILES: Readonly<Record<string, (present: string) => string>> = {
  ".env.example": envExample,
  "README.md": (present) => withSettingsTable(present) ?? present,
};

await runCommand({
  name: "npm run env:example",
  help: HELP,
  options: { check: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
  async run({ values: { check, json } }) {
    const differs: string[] = [];
    for (const [name, textOf] of Object.entries(FILES)) {
      const path = new URL(name, ROOT);
      const present = existsSync(path) ? readFileSync(path, "utf8") : "";
      const text = textOf(present);
      if (text === present) continue;
      differs.push(name);
      if (!check) writeFileSync(path, text);
      say(check ? `${name} differs: run npm run env:example` : `${name} written`);
    }
    if (json) printJson({ differs });
    return check && differs.length > 0 ? 1 : 0;
  },
});
