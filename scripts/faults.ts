import { PROVIDER_NAMES, type ProviderName } from "../src/config.ts";
import { withBench } from "./bench/bench.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";
import { explainInterrupt } from "./faults/interrupt.ts";
import { PLANTS, type Plant } from "./faults/plant.ts";
import type { Cell } from "./faults/row.ts";
import { playAll, playsOf } from "./faults/run.ts";
import { progressBar, table } from "./terminal.ts";

const HELP = `Usage: npm run faults -- [--json] [--only ID,...] [--provider NAME] [--plant CLASS]
                         [--scale N | --real-time]

Plays the catalogue of what goes wrong at a provider: real HTTP servers in five dialects, the real SDKs, the real walk, a
Redis of its own. Each row says what was expected, written by hand, and what was observed.

  --json           one JSON document on stdout, nothing else
  --only ID,...    these rows: T02 (with T02.once), T02.once, S15, or S for all that begin with it
  --provider NAME  only cells of this provider: ${PROVIDER_NAMES.join(", ")}
  --plant CLASS    with a bug on purpose, which must turn rows red: ${PLANTS.join(", ")}
  --scale N        divides the times of S06, S15 (by 6 at most), S09 (by 5) and S07 (by 2); default 10
  --real-time      the same as --scale 1: takes two minutes
  --help           this text

Exit code 0 when every row passes, 1 when one does not or it could not be measured, 2 for a wrong argument.
`;

await runCommand({
  name: "npm run faults",
  help: HELP,
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string" },
    provider: { type: "string" },
    plant: { type: "string" },
    scale: { type: "string" },
    "real-time": { type: "boolean", default: false },
  },
  async run({ values }) {
    const only = values.only?.split(/[\s,]+/).filter(Boolean);
    const scale = values["real-time"] ? 1 : scaleOf(values.scale ?? "10");
    const plays = playsOf({
      scale,
      only,
      provider: oneOf("provider", PROVIDER_NAMES, values.provider) as ProviderName | undefined,
      plant: oneOf("plant", PLANTS, values.plant) as Plant | undefined,
    });
    if (plays.length === 0) throw new UsageError("no row of that id is played for that provider");
    const bar = progressBar("cells");
    const cells = await withBench(say, (bench) => {
      bench.say(`${plays.length} cells`);
      return playAll(bench, plays, (done) => bar.show(done, plays.length));
    })
      .finally(bar.end)
      .catch(explainInterrupt);
    if (values.json) printJson({ cells, scale });
    else process.stdout.write(shown(cells));
    return cells.every(({ pass }) => pass) ? 0 : 1;
  },
});

function scaleOf(word: string): number {
  if (/^\d{1,3}$/.test(word) && Number(word) >= 1 && Number(word) <= 20) return Number(word);
  throw new UsageError(`--scale must be a whole number from 1 to 20, but is "${word}"`);
}

function oneOf(option: string, words: readonly string[], word: string | undefined): string | undefined {
  if (word === undefined || words.includes(word)) return word;
  throw new UsageError(`--${option} must be one of ${words.join(", ")}, but is "${word}"`);
}

/** Red rows last, where a terminal shows them. */
function shown(cells: readonly Cell[]): string {
  const rows = cells
    .toSorted((a, b) => Number(b.pass) - Number(a.pass))
    .map(({ id, provider, what, expected, observed, pass }) => [
      id,
      provider,
      what,
      pass ? observed : `RED ${observed}\ninstead of ${expected}`,
    ]);
  const red = cells.filter(({ pass }) => !pass).length;
  return `${table(["row", "provider", "what happens", "what we do"], rows)}${cells.length - red} of ${cells.length} rows pass\n`;
}
