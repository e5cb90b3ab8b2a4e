import { completionChain } from "../../src/capabilities/completion/chain.ts";
import type { CompletionProvider } from "../../src/capabilities/completion/contract.ts";
import { type ProviderName, readConfig } from "../../src/config.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import type { NewEntry } from "../../src/core/ledger.ts";
import { type Asker, runLocalFirst, type WalkPorts } from "../../src/failover/run.ts";
import { DIALECTS, NEXT } from "./dialects/all.ts";
import { whole } from "./dialects/dialect.ts";
import { ollamaAside } from "./dialects/ollama.ts";
import { type Server, startServer } from "./http.ts";
import { type Lab, openPorts, overheard } from "./lab.ts";
import { startNowhere } from "./nowhere.ts";
import { type Plant, planted } from "./plant.ts";
import { GOOD, isRight, taskFor } from "./question.ts";
import type { Cell, Did, Row } from "./row.ts";

/** No cell takes so long; one that does hangs. */
const HANGS_MS = 25_000;

/** Pauses ten times as long: the second question of a cell falls into one, however slow the machine. */
const PACE = 0.1;

/** Plays one row for one provider: real servers, real SDKs, the real walk. */
export async function playCell(lab: Lab, row: Row, provider: ProviderName, plant?: Plant): Promise<Cell> {
  const next = NEXT[provider];
  const name = (text: string) => text.replaceAll(/\bX\b/g, provider).replaceAll(/\bY\b/g, next);
  const expected = name(row.expected);
  const observed = await play(lab, row, provider, plant).catch((error: unknown) => `broke: ${messageOf(error)}`);
  return { id: row.id, provider, what: name(row.what), expected, observed, pass: observed === expected };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

async function play(lab: Lab, row: Row, provider: ProviderName, plant?: Plant): Promise<string> {
  const dialect = DIALECTS[provider];
  const ports = openPorts(lab, { name: [row.id, provider, plant].filter(Boolean).join("-"), pace: PACE });
  const servers: Server[] = [];
  try {
    const first = await serverOf(row, provider);
    servers.push(first);
    const chain = [providerAt(provider, first.url, row.clocks)];
    if (row.second !== "nobody") {
      const next = DIALECTS[NEXT[provider]];
      const second = row.second === "lost" ? await serverOf(row, next.name) : await startServer({ answer: () => whole(next, GOOD) });
      servers.push(second);
      chain.push(providerAt(next.name, second.url));
    }
    const walk = walker({ ports, chain, plant, signal: lab.signal, letter: row.letter, patienceMs: row.patienceMs });
    const said: string[] = [];
    for (let left = row.questions ?? row.expected.split(" | ").length; left > 0; left -= 1) said.push((await walk()).said);
    // An SDK that asks again by itself would be seen by the server only.
    const hidden = Math.max(0, first.questions.length - countOf(said, provider));
    const remark = hidden > 0 ? `${hidden} questions behind our back` : row.check?.(first.questions, dialect);
    return `${row.told?.(said, provider) ?? said.join(" | ")}${remark === undefined ? "" : ` (${remark})`}`;
  } finally {
    ports.close();
    await Promise.all(servers.map((server) => server.close()));
  }
}

const countOf = (said: readonly string[], provider: string): number =>
  said.flatMap((one) => one.split(", ")).filter((step) => step.startsWith(`${provider} `) && !step.includes(" skipped ")).length;

async function serverOf(row: Row, provider: ProviderName): Promise<Server> {
  if (typeof row.does === "string") return await startNowhere(row.does);
  const dialect = DIALECTS[provider];
  const deeds: readonly Did[] = row.does(dialect);
  const aside = provider === "ollama" ? { aside: ollamaAside(row.ollama) } : {};
  return await startServer({
    ...aside,
    answer(question) {
      const deed = deeds[Math.min(question.nth, deeds.length - 1)] ?? {};
      return typeof deed === "function" ? deed(question) : deed;
    },
  });
}

/** Generous: a slow machine must not make a fault of its own. */
const CLOCKS = { firstS: 15, loadS: 15, stallS: 15 };

/** Our own provider, as configured, talking to this address under these clocks. */
export function providerAt(name: ProviderName, url: string, clocks: Row["clocks"] = {}): CompletionProvider {
  const { firstS, loadS, stallS } = { ...CLOCKS, ...clocks };
  const config = {
    ...readConfig({ PROVIDER_CHAIN: name, ...DIALECTS[name].settings(url) }),
    OLLAMA_FIRST_TOKEN_S: firstS,
    OLLAMA_LOAD_S: loadS,
    OLLAMA_STALL_S: stallS,
    CLOUD_FIRST_TOKEN_S: firstS,
    CLOUD_STALL_S: stallS,
  };
  const [provider] = completionChain(config);
  if (provider === undefined) throw new Error(`there is no provider named ${name}`);
  return provider;
}

export interface Walking {
  readonly ports: WalkPorts;
  readonly chain: readonly CompletionProvider[];
  readonly plant?: Plant | undefined;
  readonly signal: AbortSignal;
  readonly letter?: string | undefined;
  readonly patienceMs?: number | undefined;
  /** After which a question is given up as hanging. */
  readonly hangsMs?: number;
}

export interface Walked {
  /** "ollama server-error, openai answered" */
  readonly said: string;
  readonly outcome: Outcome<ReturnType<ReturnType<typeof taskFor>["accept"]>>;
  readonly entries: readonly NewEntry[];
  readonly ms: number;
}

/** @returns what asks the chain one question and tells what the ledger says of it */
export function walker({ ports, chain, plant, signal, letter, patienceMs = 0, hangsMs = HANGS_MS }: Walking): () => Promise<Walked> {
  let asked = 0;
  const { task, ports: walkPorts, realKind } = planted(plant, taskFor(chain, letter), ports);
  return async () => {
    const entries: NewEntry[] = [];
    const steps: string[] = [];
    const hear = (entry: NewEntry): void => {
      entries.push(entry);
      const step = stepOf(entry, realKind);
      if (step !== undefined) steps.push(step);
    };
    asked += 1;
    const limit = withLimit(signal, hangsMs);
    const asker: Asker = { jobId: `cell-${asked}`, jobName: "faults", priority: 1, slotWaitMs: patienceMs, signal: limit.signal };
    const startedAt = performance.now();
    const outcome = await runLocalFirst(task, asker, { ...walkPorts, ledger: overheard(walkPorts.ledger, hear) }).finally(limit.end);
    return { said: [...steps, ...endOf(outcome)].join(", "), outcome, entries, ms: performance.now() - startedAt };
  };
}

function stepOf(entry: NewEntry, realKind: (kind: FaultKind) => FaultKind): string | undefined {
  if (entry.event === "intended") return undefined;
  if (entry.event === "skipped") return `${entry.provider} skipped ${entry.why}`;
  return `${entry.provider} ${entry.event === "answered" ? "answered" : realKind(entry.fault)}`;
}

function endOf(outcome: Walked["outcome"]): readonly string[] {
  if (outcome.kind === "answered") return isRight(outcome.result) ? [] : ["which is not what was said"];
  return [outcome.kind === "failed" ? "stop" : "postponed"];
}

/** A signal of one question: the lab's own, or its time is over. */
function withLimit(outer: AbortSignal, ms: number): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort(new Fault("cancelled", "the run was stopped"));
  const timer = setTimeout(() => controller.abort(new Fault("cancelled", `it hangs: nothing happened for ${ms / 1000} s`)), ms);
  if (outer.aborted) stop();
  outer.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
  };
}
