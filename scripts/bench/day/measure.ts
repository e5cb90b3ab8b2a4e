import { rounded } from "../numbers.ts";
import type { LeaseSeen } from "./order.ts";
import type { Served, Span, TownRecord } from "./record.ts";
import { lengthOf, mostAtOnce, union, without } from "./spans.ts";

/** What was seen of one day. Instants on the clock that all processes share, in ms. */
export interface DaySeen {
  readonly record: TownRecord;
  readonly leases: readonly LeaseSeen[];
  /** When each contribution was put in its queue. */
  readonly enqueuedAt: ReadonlyMap<string, number>;
  /** By the first 16 digits of its hash. */
  readonly documentOf: ReadonlyMap<string, string>;
  readonly failed: readonly string[];
  readonly speed: number;
  /** How long it really took, in s. */
  readonly realS: number;
}

/** In seconds of town time. */
export interface Waits {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface DayFigures {
  /** Questions that were answered, by whomever. */
  readonly calls: number;
  /** Share of them that the local model answered. */
  readonly localShare: number;
  /** Share of the persons' contributions that it answered. */
  readonly personLocalShare: number;
  /** From a person's enqueue until a model begins with the call that is answered. */
  readonly waitS: Waits;
  readonly failures: number;
  /** Share of the time in which a call was wanted and the model, though there, had no request: see `idleShares`. */
  readonly slotIdleWhileWanted: number;
  /** The same with a stopwatch beside the compressed day. */
  readonly slotIdleAsMeasured: number;
  /** How long the model had nothing to do at a time while a call was wanted, in ms of real time. */
  readonly gapMs: { readonly p50: number; readonly p95: number };
  readonly persons: number;
  /** Of the wait, what a person spent before the line and in it; absent for the article, which has none. */
  readonly queueWaitS?: Waits;
  readonly slotWaitS?: Waits;
  /** Requests open at Ollama at a time, at most. */
  readonly mostAtOnce: number;
  readonly realS: number;
}

export function figuresOf(seen: DaySeen): DayFigures {
  const { record, enqueuedAt, speed } = seen;
  const answered = record.served.filter(({ id, isAnswered }) => id !== undefined && isAnswered);
  const answerOf = new Map(answered.map((served) => [served.id ?? "", served]));
  const persons = [...enqueuedAt].filter(([id]) => id.startsWith("p-"));
  const answers = persons.map(([id, at]) => ({ id, at, served: answerOf.get(id) }));
  const waits = answers.flatMap(({ at, served }) => (served?.startedAt === undefined ? [] : [served.startedAt - at]));
  const idle = idleShares(seen, answerOf);
  const share = (part: number, whole: number) => (whole === 0 ? 1 : rounded(part / whole, 5));
  return {
    calls: answered.length,
    localShare: share(answered.filter(isLocal).length, answered.length),
    personLocalShare: share(answers.filter(({ served }) => served !== undefined && isLocal(served)).length, persons.length),
    waitS: waitsOf(waits, speed),
    failures: seen.failed.length,
    slotIdleWhileWanted: idle.inTown,
    slotIdleAsMeasured: idle.asMeasured,
    gapMs: idle.gapMs,
    persons: persons.length,
    ...partsOf(seen, answers),
    mostAtOnce: mostAtOnce(openAtOllama(record)),
    realS: rounded(seen.realS, 1),
  };
}

const isLocal = ({ place }: Served): boolean => place === "ollama";

function waitsOf(waitsMs: readonly number[], speed: number): Waits {
  const sorted = waitsMs.map((ms) => Math.max(0, (ms / 1_000) * speed)).sort((a, b) => a - b);
  const at = (share: number) => rounded(quantile(sorted, share), 1);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** The smallest value that so many of them do not exceed; 0 for none. */
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;

interface Answer {
  readonly id: string;
  readonly at: number;
  readonly served: Served | undefined;
}

/** The wait in two parts: until the call entered the line for the slot, and from there. */
function partsOf({ leases, speed }: DaySeen, answers: readonly Answer[]): Pick<DayFigures, "queueWaitS" | "slotWaitS"> {
  const entered = new Map<string, number>();
  for (const { kind, holder, at } of leases) {
    const id = kind === "waiting" ? contributionIn(holder) : undefined;
    if (id !== undefined && !entered.has(id)) entered.set(id, at);
  }
  const queue: number[] = [];
  const slot: number[] = [];
  for (const { id, at, served } of answers) {
    const inLineAt = entered.get(id);
    if (inLineAt === undefined || served?.startedAt === undefined) continue;
    queue.push(inLineAt - at);
    slot.push(served.startedAt - inLineAt);
  }
  return queue.length === 0 ? {} : { queueWaitS: waitsOf(queue, speed), slotWaitS: waitsOf(slot, speed) };
}

const contributionIn = (holder: string): string | undefined => /\.contribution-([pb]-\d+-\d+)-/.exec(holder)?.[1];

/** The program's own steps from one call to the next take about 5 ms, and less than this on a machine that is busy with other things. */
const STEP_MS = 300;

interface Idle {
  /** With a stopwatch beside the compressed day, in which our own milliseconds count `speed` times as much as in the town. */
  readonly asMeasured: number;
  /** As in the town: our own steps take as long as they take there, and a wait is a wait of town time, see `isWait`. */
  readonly inTown: number;
  readonly gapMs: { readonly p50: number; readonly p95: number };
}

/**
 * Of the time in which a call was wanted and the model was there, the share in which no request was open.
 *
 * A contribution is wanted from its enqueue on, a document's chunk from the line on, until a model begins with it.
 */
function idleShares(seen: DaySeen, answerOf: ReadonlyMap<string, Served>): Idle {
  const { record, enqueuedAt, speed } = seen;
  const contributions = [...enqueuedAt].map(([id, at]): Span => [at, answerOf.get(id)?.startedAt ?? at]);
  const wanted = without(union([...contributions, ...wantedByDocuments(seen)]), record.outages);
  const gaps = without(wanted, openAtOllama(record));
  const busyMs = lengthOf(wanted) - lengthOf(gaps);
  const lengths = gaps.map(([from, to]) => to - from).sort((a, b) => a - b);
  const inTownMs = gaps.reduce((sum, gap) => sum + (gap[1] - gap[0]) * (isWait(gap, record) ? speed : 1), 0);
  return {
    asMeasured: shareOf(lengthOf(gaps), busyMs),
    inTown: shareOf(inTownMs, busyMs * speed),
    gapMs: { p50: rounded(quantile(lengths, 0.5), 1), p95: rounded(quantile(lengths, 0.95), 1) },
  };
}

/** Pauses follow a fault, and nothing else that our program does between two calls is compressed; too long a step is one that hangs. */
const isWait = ([from, to]: Span, { served, outages }: TownRecord): boolean =>
  to - from >= STEP_MS ||
  outages.some(([, end]) => end === from) ||
  served.some(({ place, endedAt, isAnswered }) => place === "ollama" && endedAt === from && !isAnswered);

const shareOf = (part: number, rest: number): number => (part + rest === 0 ? 0 : rounded(part / (part + rest), 4));

function wantedByDocuments({ leases, record, documentOf }: DaySeen): readonly Span[] {
  return leases.flatMap(({ kind, holder, at }): readonly Span[] => {
    const id = documentOf.get(/\.document-([0-9a-f]{16})-/.exec(holder)?.[1] ?? "");
    if (kind !== "waiting" || id === undefined) return [];
    const begun = record.served.find((served) => served.id === id && (served.startedAt ?? 0) >= at)?.startedAt;
    const left = leases.find((event) => event.kind === "gave-up" && event.holder === holder && event.at >= at)?.at;
    const end = Math.min(begun ?? Number.POSITIVE_INFINITY, left ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(end) ? [[at, end]] : [];
  });
}

const openAtOllama = ({ served }: TownRecord): readonly Span[] =>
  served.filter(isLocal).map(({ arrivedAt, endedAt }): Span => [arrivedAt, endedAt ?? Number.POSITIVE_INFINITY]);
