import { SETTINGS } from "./config.ts";

/** What the papers say of one setting. */
interface Described {
  readonly group: string;
  readonly about: string;
  readonly fallback?: string;
  readonly example?: string;
  readonly isSecret?: true;
}

const DESCRIBED = Object.entries(SETTINGS) as readonly (readonly [string, Described])[];

/** `.env.example`: every setting with what it does, each one commented out, so that a copy of the file changes nothing. */
export function envExample(): string {
  const groups = Map.groupBy(DESCRIBED, ([, { group }]) => group);
  const parts = [...groups].map(([group, settings]) => `# --- ${group} ---\n${settings.map(envLines).join("")}`);
  return [
    "# Copy to .env and take away the # of what you change. What is in the environment wins over this file.\n" +
      "# Written by `npm run env:example` from src/config.ts: change it there.\n",
    ...parts,
  ].join("\n");
}

const envLines = ([name, setting]: readonly [string, Described]): string => `# ${setting.about}\n#${name}=${exampleOf(setting)}\n`;

/** A value with a space is quoted: a shell that sources the file needs it, and Node takes it. */
function exampleOf({ fallback, example }: Described): string {
  const value = fallback ?? example ?? "";
  return /[\s*#]/.test(value) ? `"${value}"` : value;
}

/** The README's table of settings, in Markdown. */
export function settingsTable(): string {
  const rows = DESCRIBED.map(
    ([name, { about, fallback }]) => `| \`${name}\` | ${fallback === undefined ? "" : `\`${fallback}\``} | ${about} |`,
  );
  return ["| Setting | Unless set | What it does |", "|---|---|---|", ...rows].map((line) => `${line}\n`).join("");
}

const START = "<!-- settings: written by npm run env:example -->\n";
const END = "<!-- /settings -->";

/** The README with its table of settings as it must be; undefined when the two marks that enclose it are not there. */
export function withSettingsTable(readme: string): string | undefined {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END, start);
  if (start === -1 || end === -1) return undefined;
  return `${readme.slice(0, start)}${START}\n${settingsTable()}\n${readme.slice(end)}`;
}
