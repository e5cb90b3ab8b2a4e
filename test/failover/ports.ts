import type { SkipReason } from "../../src/core/attempt.ts";
import type { Clock } from "../../src/core/clock.ts";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import type { LeaseBroker } from "../../src/core/lease.ts";
import type { Ledger, LedgerEntry } from "../../src/core/ledger.ts";
import type { Answered, Provider, Site, Task } from "../../src/core/provider.ts";
import type { Troubles } from "../../src/core/trouble.ts";
import { type Asker, runLocalFirst, type WalkPorts } from "../../src/failover/run.ts";

export interface Raw extends Answered {
  readonly text: string;
}
export type Engine = Provider<string, Raw>;

/** What an engine does at one call: answers with this word, or fails so. */
export type Deed = string | FaultKind | Fault;
const isKind = (deed: string): deed is FaultKind => !deed.startsWith("says ");

/** An engine that does one deed after the other, and the last one for ever. */
export function engine(name: string, site: Site, deeds: readonly Deed[], more: Partial<Engine> = {}): Engine & { asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    site,
    ...(site.kind === "local" ? { slots: [name] } : {}),
    callMs: 1_000,
    costEur: () => (site.kind === "local" ? 0 : 0.01),
    async call(request, { signal }) {
      signal.throwIfAborted();
      asked.push(request);
      const deed = deeds[Math.min(asked.length, deeds.length) - 1] ?? "unknown";
      if (deed instanceof Fault) throw deed;
      if (isKind(deed)) throw new Fault(deed, `${name} is ${deed}`);
      return { text: deed.slice("says ".length), model: `${name}-1`, tokensIn: 3, tokensOut: 2 };
    },
    asked,
    ...more,
  };
}

export const LOCAL: Site = { kind: "local" };
export const IN = (country: string): Site => ({ kind: "cloud", country });

/** A question whose only good answer is "yes"; its request is 14 characters long. */
export const taskFor = (chain: readonly Engine[]): Task<string, Raw, string> => ({
  capability: "completion",
  dataClass: "document",
  chain,
  request: "Is this valid?",
  egressChars: (request) => request.length,
  accept({ text }) {
    if (text !== "yes") throw new Fault("invalid-answer", "the answer has not the asked shape: verdict (invalid_value)");
    return text;
  },
  repair: (request, fault) => `${request} [${fault.message}]`,
});

export interface Bench extends WalkPorts {
  readonly lines: string[];
  readonly entries: LedgerEntry[];
  readonly sleptMs: number[];
  /** What was said of who is in trouble. */
  readonly told: string[];
}

/** A ledger that keeps one short line per entry, a lock that is free, nobody in trouble, a clock that only sleeping moves. */
export function ports(more: Partial<WalkPorts> & { refused?: Readonly<Record<string, SkipReason>> } = {}): Bench {
  const [lines, entries, sleptMs]: [string[], LedgerEntry[], number[]] = [[], [], []];
  const ledger: Ledger = {
    record(entry) {
      entries.push({ v: 1, at: "", ...entry } as LedgerEntry);
      lines.push(lineOf(entry as LedgerEntry));
    },
  };
  const broker: LeaseBroker = {
    withLease: async (slots, { holder, signal }, work) => ({
      kind: "held",
      value: await work({ slot: [slots].flat()[0] ?? "", holder, fence: 1, signal }),
      waitedMs: 0,
    }),
  };
  let passedMs = 0;
  const clock: Clock = {
    now: () => new Date(NOW + passedMs),
    elapsed: () => passedMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleptMs.push(ms);
      passedMs += ms;
    },
    after: () => () => {},
  };
  const told: string[] = [];
  const troubles: Troubles = {
    gate: async () => ({ kind: "go" }),
    answered: async (target) => void told.push(`${target} answered`),
    faulted: async (target, { kind }) => void told.push(`${target} ${kind}`),
  };
  const whyNot: WalkPorts["whyNot"] = (provider) => provider.unavailable ?? more.refused?.[(provider as Engine).name];
  return { ledger, broker, clock, troubles, whyNot, ...more, lines, entries, sleptMs, told };
}

export const NOW = Date.UTC(2026, 10, 24, 12);

function lineOf(entry: LedgerEntry): string {
  switch (entry.event) {
    case "skipped":
      return `${entry.provider} skipped ${entry.why}`;
    case "intended":
      return `intend ${entry.provider} ${entry.egressChars}`;
    case "answered":
      return `${entry.provider} answered`;
    case "faulted":
      return `${entry.provider} faulted ${entry.fault}`;
  }
}

export const asker = (more: Partial<Asker> = {}): Asker => ({
  jobId: "document-1",
  jobName: "audierne-docs",
  priority: 1,
  slotWaitMs: 0,
  signal: new AbortController().signal,
  ...more,
});

export const YES = "says yes";
export const chainOf = (ollama: readonly Deed[], openai: readonly Deed[] = [YES], mistral: readonly Deed[] = [YES]) =>
  [engine("ollama", LOCAL, ollama), engine("openai", IN("US"), openai), engine("mistral", IN("FR"), mistral)] as const;

/** What the ledger says after a walk along this chain. */
export async function linesOf(chain: readonly Engine[], bench = ports(), by = asker()): Promise<readonly string[]> {
  await runLocalFirst(taskFor(chain), by, bench);
  return bench.lines;
}
