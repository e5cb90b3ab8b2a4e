import { table } from "../../terminal.ts";

/** What a failover adds to an answer. */
export interface Overhead {
  readonly addedMs: number;
  /** addedMs / directMs. */
  readonly ratio: number;
}

export interface LeftBehind {
  readonly fault: string;
  /** Until the next provider is asked. */
  readonly ecluseMs: number;
  /** Until the openai client with its default retries gives up. */
  readonly sdkDefaultMs: number;
  readonly ratio: number;
}

export interface FailoverResult {
  /** One failover from a local model that refuses the connection. */
  readonly overheadRatio: number;
  /** One call of the plain openai client. */
  readonly directMs: number;
  /** The same question through our walk, answered by the first provider. */
  readonly walkMs: number;
  readonly failovers: {
    readonly refused: Overhead;
    /** Asked twice before it is left: the table's decision. */
    readonly "500": Overhead;
    /** From one cloud to the next, without the failed call itself as the openai client alone makes it. */
    readonly "429": Overhead;
    /** It is known to be in trouble, and passed over. */
    readonly known: Overhead;
    /** The walk's own part of it: a local model that fails without any network. */
    readonly withoutWire: Overhead;
    /** Not ours: a `fetch` that is refused, the least that any failover from a refusal costs. */
    readonly bareRefusal: Overhead;
  };
  readonly leftBehind: readonly LeftBehind[];
  readonly rounds: number;
  readonly node: string;
}

export const TARGETS = { maxOverheadRatio: 0.25, minLeftBehindRatio: 100 } as const;

const kept = (isKept: boolean, target: string): string => `${target} ${isKept ? "kept" : "NOT KEPT"}`;

export const isKept = ({ failovers, leftBehind }: FailoverResult): boolean =>
  [failovers.refused, failovers["500"], failovers["429"]].every(({ ratio }) => ratio <= TARGETS.maxOverheadRatio) &&
  leftBehind.every(({ ratio }) => ratio >= TARGETS.minLeftBehindRatio);

export function shown({ directMs, walkMs, failovers, leftBehind }: FailoverResult): string {
  const { maxOverheadRatio, minLeftBehindRatio } = TARGETS;
  const row = (what: string, { addedMs, ratio }: Overhead, promised = "-") => [what, addedMs.toFixed(2), ratio.toFixed(2), promised];
  const cheap = ({ ratio }: Overhead): string => kept(ratio <= maxOverheadRatio, `<= ${maxOverheadRatio}`);
  const costs = [
    row("the local model refuses", failovers.refused, cheap(failovers.refused)),
    row("it answers 500, and is asked twice", failovers["500"], cheap(failovers["500"])),
    row("a cloud answers 429, without that call itself", failovers["429"], cheap(failovers["429"])),
    row("the local model is known to be in trouble", failovers.known),
    row("the walk's own part, without a network", failovers.withoutWire),
    row("not ours: a bare fetch that is refused", failovers.bareRefusal),
  ];
  const lefts = leftBehind.map(({ fault, ecluseMs, sdkDefaultMs, ratio }) => [
    `a provider that ${fault === "refused" ? "refuses" : `answers ${fault}`}`,
    sdkDefaultMs.toFixed(0),
    ecluseMs.toFixed(2),
    `${ratio}`,
    kept(ratio >= minLeftBehindRatio, `>= ${minLeftBehindRatio}`),
  ]);
  return [
    `A direct call of the openai client: ${directMs.toFixed(2)} ms; the same question through the walk: ${walkMs.toFixed(2)} ms.\n`,
    table(["one failover adds", "ms", "direct calls", "promised"], costs, [1, 2]),
    table(["left behind", "openai client, ms", "écluse, ms", "times sooner", "promised"], lefts, [1, 2, 3]),
  ].join("");
}
