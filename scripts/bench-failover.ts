import { withBench } from "./bench/bench.ts";
import { measureFailover } from "./bench/failover/measure.ts";
import { isKept, shown, TARGETS } from "./bench/failover/table.ts";
import { printJson, runCommand, say, UsageError } from "./command.ts";
import { explainInterrupt } from "./faults/interrupt.ts";

const HELP = `Usage: npm run bench:failover -- [--json] [--rounds N]

What one failover adds to an answer, beside a direct call of the openai client to the same loopback server, by turns; and how
much sooner a provider in trouble is left behind than by the client's own default retries. Medians. Only the ratios are
claimed: the milliseconds are those of this machine.

  --json      one JSON document on stdout, nothing else
  --rounds N  rounds of each comparison, after 30 that warm up (default 300)
  --help      this text

Exit code 0 when what is promised was kept, 1 when it was not or could not be measured, 2 for a wrong argument.
`;

await runCommand({
  name: "npm run bench:failover",
  help: HELP,
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "300" } },
  async run({ values: { json, rounds } }) {
    if (!/^[1-9]\d{0,4}$/.test(rounds)) throw new UsageError(`--rounds must be a whole number from 1 to 99999, but is "${rounds}"`);
    const result = await withBench(say, (bench) => measureFailover(bench, Number(rounds))).catch(explainInterrupt);
    if (json) printJson({ ...result, targets: TARGETS });
    else process.stdout.write(shown(result));
    return isKept(result) ? 0 : 1;
  },
});
