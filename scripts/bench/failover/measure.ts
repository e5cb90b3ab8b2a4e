import type { CompletionProvider } from "../../../src/capabilities/completion/contract.ts";
import { Fault } from "../../../src/core/fault.ts";
import { runLocalFirst } from "../../../src/failover/run.ts";
import { lockConnection } from "../../../src/queue/connection.ts";
import { providerAt } from "../../faults/cell.ts";
import { type CellPorts, LAB_DB, openPorts } from "../../faults/lab.ts";
import { GOOD, isRight, taskFor } from "../../faults/question.ts";
import type { Bench } from "../bench.ts";
import { median, rounded } from "../numbers.ts";
import { privateRedis } from "../redis.ts";
import { type Addresses, FAULTS, type FaultName, openAddresses } from "./addresses.ts";
import { type Direct, direct } from "./direct.ts";
import type { FailoverResult, LeftBehind, Overhead } from "./table.ts";

/** Rounds that warm both up and are not counted. */
const WARM_UP = 30;
/** The SDK's own pauses have a jitter of a quarter. */
const SDK_ROUNDS = 5;

export async function measureFailover(bench: Bench, rounds: number): Promise<FailoverResult> {
  const redisUrl = await privateRedis(bench);
  const redis = lockConnection(redisUrl, LAB_DB);
  const addresses = await openAddresses();
  const ports = openPorts({ redis, redisUrl, dir: bench.dir, signal: bench.signal }, { name: "bench" });
  try {
    const work = { bench, addresses, ports, rounds };
    bench.say(`one failover beside a direct call, ${rounds} rounds`);
    const added = await overheads(work);
    bench.say(`the openai client with its default retries, ${SDK_ROUNDS} times each`);
    const sdkMs = await defaultRetries(addresses);
    bench.say(`a provider in trouble left behind, ${rounds} rounds each`);
    const leftBehind: LeftBehind[] = [];
    for (const fault of FAULTS) leftBehind.push(await left(work, fault, sdkMs[fault]));
    return { overheadRatio: added.failovers.refused.ratio, ...added, leftBehind, rounds, node: process.version };
  } finally {
    ports.close();
    redis.disconnect();
    await addresses.close();
  }
}

interface Work {
  readonly bench: Bench;
  readonly addresses: Addresses;
  readonly ports: CellPorts;
  readonly rounds: number;
}

type Side = "direct" | "walk" | "refused" | "500" | "limited" | "plainLimited" | "known" | "wireless" | "bare";

/** All sides by turns, so that a busy neighbour disturbs each of them alike; in any order, so that none always comes after the same. */
async function overheads({ bench, addresses, ports, rounds }: Work): Promise<Pick<FailoverResult, "directMs" | "walkMs" | "failovers">> {
  const openai = providerAt("openai", addresses.good);
  const chainFrom = (fault: FaultName) => [providerAt("ollama", addresses.bad[fault]), openai];
  const [refusing, failing] = [chainFrom("refused"), chainFrom("500")];
  // A second cloud with the same SDK, so that the two differ in nothing.
  const limited = [providerAt("openai", addresses.bad["429"]), { ...openai, name: "openai-2" }];
  const plain = direct(addresses.good, taskFor([openai]).request);
  const plainLimited = direct(addresses.bad["429"], taskFor([openai]).request, 0);
  const bare = { url: addresses.bad.refused, init: { method: "POST", body: JSON.stringify(taskFor([openai]).request) } };
  const sides: Readonly<Record<Side, () => Promise<number>>> = {
    direct: () => plainMs(plain),
    walk: () => walkMs(ports, [openai]),
    refused: () => walkMs(ports, refusing),
    "500": () => walkMs(ports, failing),
    limited: () => walkMs(ports, limited),
    plainLimited: () => failedMs(plainLimited),
    known: () => walkPastMs(ports, refusing),
    wireless: () => walkMs(ports, [withoutWire(providerAt("ollama", addresses.bad.refused)), openai]),
    bare: () => bareMs(bare.url, bare.init),
  };
  const names = Object.keys(sides) as Side[];
  const ms = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    bench.signal.throwIfAborted();
    for (const name of shuffled(names)) {
      const took = await sides[name]();
      if (round >= WARM_UP) ms[name].push(took);
    }
  }
  const directMs = median(ms.direct);
  // Round by round, so that a stall of the machine counts for one round and not for one side.
  const added = (name: Side, without: readonly Side[] = ["walk"]): Overhead => {
    const addedMs = median(ms[name].map((took, round) => without.reduce((left, side) => left - (ms[side][round] ?? Number.NaN), took)));
    return { addedMs: rounded(addedMs, 3), ratio: rounded(addedMs / directMs, 3) };
  };
  return {
    directMs: rounded(directMs, 3),
    walkMs: rounded(median(ms.walk), 3),
    failovers: {
      refused: added("refused"),
      "500": added("500"),
      "429": added("limited", ["walk", "plainLimited"]),
      known: added("known"),
      withoutWire: added("wireless"),
      bareRefusal: added("bare", []),
    },
  };
}

const shuffled = <Value>(values: readonly Value[]): readonly Value[] =>
  values
    .map((value) => ({ value, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);

/** Fails at once and without a socket: what is left is the walk's own part, its line in the ledger and two words with Redis. */
const withoutWire = ({ ready: _, ...provider }: CompletionProvider): CompletionProvider => ({
  ...provider,
  async call() {
    throw new Fault("unreachable", "nobody was asked");
  },
});

/** What nobody can do without: one `fetch` that is refused. */
async function bareMs(url: string, init: RequestInit): Promise<number> {
  const startedAt = performance.now();
  await fetch(url, init).catch(() => {});
  return performance.now() - startedAt;
}

async function plainMs(plain: Direct): Promise<number> {
  const startedAt = performance.now();
  const text = await plain.ask();
  const took = performance.now() - startedAt;
  if (text !== GOOD) throw new Error("the stub answered something else: no figure is given");
  return took;
}

async function failedMs(plain: Direct): Promise<number> {
  const startedAt = performance.now();
  const hasAnswered = await plain.ask().then(
    () => true,
    () => false,
  );
  if (hasAnswered) throw new Error("a provider in trouble answered: no figure is given");
  return performance.now() - startedAt;
}

/** A walk that ends at the last provider of its chain; all are in good health again afterwards, so that the next finds out anew. */
async function walkMs(ports: CellPorts, chain: readonly CompletionProvider[]): Promise<number> {
  const took = await walk(ports, chain);
  for (const { name, slots } of chain.slice(0, -1)) await ports.troubles.answered(slots?.[0] ?? name);
  return took;
}

/** The same while the first is known to be in trouble. */
async function walkPastMs(ports: CellPorts, chain: readonly CompletionProvider[]): Promise<number> {
  await walk(ports, chain);
  return await walkMs(ports, chain);
}

async function walk(ports: CellPorts, chain: readonly CompletionProvider[]): Promise<number> {
  const asker = { jobId: "1", jobName: "bench", priority: 1, slotWaitMs: 0, signal: new AbortController().signal };
  const task = taskFor(chain);
  const startedAt = performance.now();
  const outcome = await runLocalFirst(task, asker, ports);
  const took = performance.now() - startedAt;
  if (outcome.kind !== "answered" || !isRight(outcome.result) || outcome.by.provider !== chain.at(-1)?.name) {
    throw new Error("a walk did not end at the last provider: no figure is given");
  }
  return took;
}

/** How long the client with its default retries stays with a provider in trouble: all at once, since it only waits. */
async function defaultRetries({ bad }: Addresses): Promise<Readonly<Record<FaultName, number>>> {
  const { request } = taskFor([]);
  const measured = await Promise.all(
    FAULTS.map(
      async (fault) =>
        [fault, median(await Promise.all(Array.from({ length: SDK_ROUNDS }, () => failedMs(direct(bad[fault], request)))))] as const,
    ),
  );
  return Object.fromEntries(measured) as Record<FaultName, number>;
}

/** From the question until the second provider is asked. */
async function left({ bench, addresses, ports, rounds }: Work, fault: FaultName, sdkMs: number): Promise<LeftBehind> {
  const times: number[] = [];
  const second = providerAt("claude", addresses.good);
  let startedAt = 0;
  const answered: CompletionProvider = {
    ...second,
    async call() {
      times.push(performance.now() - startedAt);
      return { text: GOOD, model: "claude-haiku-4-5", finish: "complete", tokensIn: 1, tokensOut: 1 };
    },
  };
  const chain = [providerAt("openai", addresses.bad[fault]), answered];
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    bench.signal.throwIfAborted();
    startedAt = performance.now();
    await walkMs(ports, chain);
  }
  const ecluseMs = median(times.slice(WARM_UP));
  return { fault, ecluseMs: rounded(ecluseMs, 3), sdkDefaultMs: rounded(sdkMs, 1), ratio: rounded(sdkMs / ecluseMs, 0) };
}
