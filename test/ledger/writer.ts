// A process that writes lines into the ledger of a data folder until it may not: `node writer.ts DIR NAME COUNT`.
import { systemClock } from "../../src/clock.ts";
import { Fault } from "../../src/core/fault.ts";
import { openLedger } from "../../src/ledger/ledger.ts";

const [dir = "", name = "", count = "0"] = process.argv.slice(2);
const ledger = openLedger(dir, systemClock);
let written = 0;
try {
  for (; written < Number(count); written += 1) {
    const about = { attempt: `${name}-${written}`, job: "j".repeat(100), jobName: "validation", dataClass: "contribution" } as const;
    ledger.record({ ...about, provider: "mistral", site: "EU", reason: "first", event: "intended", egressChars: 5 });
  }
} catch (error) {
  process.stdout.write(`${written} written, then ${Fault.from(error).kind}\n`);
}
