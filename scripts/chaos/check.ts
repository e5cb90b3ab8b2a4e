import type { JobState, Line } from "./history.ts";
import { wrongReleasesOf } from "./releases.ts";

export interface Checked {
  /** Faults that were done. */
  readonly events: number;
  /** Share of them that struck the holder of the key, or the key while one of ours held it. */
  readonly aimedShare: number;
  readonly requests: number;
  /** Requests open at the model at the same time, at most. */
  readonly maxInFlight: number;
  /** Requests that began while another one was open. */
  readonly overlaps: number;
  /** Times a worker removed or replaced a value that was neither its own nor that of a dead process. */
  readonly wrongReleases: number;
  readonly acknowledged: number;
  /** Acknowledged, and not forgotten by an emptied Redis: only of these it can be said whether one was lost. */
  readonly judged: number;
  /** Share of the acknowledged that were judged, 0 to 1; 0 when nothing was acknowledged. */
  readonly judgedShare: number;
  readonly done: number;
  /** Acknowledged, and neither done nor waiting nor visibly failed. */
  readonly lostJobs: number;
  /** Acknowledged by a Redis whose data was then taken away on purpose. */
  readonly forgottenByRedis: number;
  /** Times Redis came back without its data. */
  readonly emptied: number;
  readonly failedVisibly: number;
  /** The same by cause. "stalled": its workers died more often than a job may survive. */
  readonly failedBy: Readonly<Record<string, number>>;
  /** Still waiting, delayed or at work when the time for the rest was up. */
  readonly leftAtEnd: number;
  /** Answers that a job had besides its first one. */
  readonly doubledEffects: number;
  /** From the kill of the holder to the next request. */
  readonly recoveryS: { readonly p50: number; readonly max: number };
  /** Workers that ended without being told to. */
  readonly crashes: number;
  /** Keys of dead processes that nobody of ours took over. */
  readonly mended: number;
}

/** Says from the history alone, as a stranger would, whether the promises were kept. */
export function check(history: readonly Line[]): Checked {
  // Several processes wrote it: the clock they share puts it in order. What ends in an instant ends before what begins in it.
  const lines = history.toSorted((a, b) => a.t - b.t || Number(b.e === "request-end") - Number(a.e === "request-end"));
  const faults = lines.filter((line) => line.e === "fault");
  return {
    events: faults.length,
    aimedShare: faults.length === 0 ? 0 : rounded(faults.filter((line) => line.aimed).length / faults.length),
    ...requestsOf(lines),
    wrongReleases: wrongReleasesOf(lines),
    ...jobsOf(lines),
    recoveryS: recoveryOf(lines),
    crashes: lines.filter((line) => line.e === "worker-exit" && line.byItself).length,
    mended: lines.filter((line) => line.e === "mended").length,
  };
}

function requestsOf(lines: readonly Line[]): Pick<Checked, "requests" | "maxInFlight" | "overlaps"> {
  const open = new Set<number>();
  let [requests, maxInFlight, overlaps] = [0, 0, 0];
  for (const line of lines) {
    if (line.e === "request-end") open.delete(line.n);
    if (line.e !== "request-start") continue;
    requests += 1;
    if (open.size > 0) overlaps += 1;
    open.add(line.n);
    maxInFlight = Math.max(maxInFlight, open.size);
  }
  return { requests, maxInFlight, overlaps };
}

type Jobs = Pick<
  Checked,
  | "acknowledged"
  | "judged"
  | "judgedShare"
  | "done"
  | "lostJobs"
  | "forgottenByRedis"
  | "emptied"
  | "failedVisibly"
  | "failedBy"
  | "leftAtEnd"
  | "doubledEffects"
>;

function jobsOf(lines: readonly Line[]): Jobs {
  const { acknowledgedAt, answers, states, causes, emptiedAt, emptied } = jobLines(lines);
  const ends = [...acknowledgedAt].map(([job, at]) => (answers.has(job) ? "done" : endOf(states.get(job) ?? "missing", at < emptiedAt)));
  const count = (end: End): number => ends.filter((one) => one === end).length;
  const judged = ends.length - count("forgotten");
  return {
    acknowledged: ends.length,
    judged,
    judgedShare: ends.length === 0 ? 0 : rounded(judged / ends.length),
    done: count("done"),
    lostJobs: count("lost"),
    forgottenByRedis: count("forgotten"),
    emptied,
    failedVisibly: count("failed"),
    failedBy: countsOf([...acknowledgedAt.keys()].flatMap((job) => (answers.has(job) ? [] : (causes.get(job) ?? [])))),
    leftAtEnd: count("left"),
    doubledEffects: [...answers.values()].reduce((sum, some) => sum + some.size - 1, 0),
  };
}

type End = "done" | "lost" | "forgotten" | "failed" | "left";

/** Of a job without an answer. One that counts as completed is lost in the worst way: nobody looks for it. */
function endOf(state: JobState, wasRedisEmptiedSince: boolean): End {
  if (state === "missing") return wasRedisEmptiedSince ? "forgotten" : "lost";
  if (state === "completed") return "lost";
  return state === "failed" ? "failed" : "left";
}

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function jobLines(lines: readonly Line[]) {
  const acknowledgedAt = new Map<string, number>();
  const answers = new Map<string, Set<string>>();
  const states = new Map<string, JobState>();
  const causes = new Map<string, string>();
  let emptiedAt = Number.NEGATIVE_INFINITY;
  let emptied = 0;
  for (const line of lines) {
    if (line.e === "ack") acknowledgedAt.set(line.job, line.t);
    if (line.e === "effect" || line.e === "stored") answers.set(line.job, (answers.get(line.job) ?? new Set()).add(line.answer));
    if (line.e === "job-end") {
      states.set(line.job, line.state);
      if (line.cause !== undefined) causes.set(line.job, line.cause);
    }
    if (line.e !== "redis-up" || !line.isEmpty) continue;
    emptied += 1;
    emptiedAt = line.t;
  }
  return { acknowledgedAt, answers, states, causes, emptiedAt, emptied };
}

/** A kill after which nothing began any more counts until the end of the history. */
function recoveryOf(lines: readonly Line[]): Checked["recoveryS"] {
  const waits: number[] = [];
  let killedAt: number[] = [];
  for (const line of lines) {
    if (line.e === "fault" && line.kind === "kill" && line.aimed) killedAt.push(line.t);
    if (line.e !== "request-start" && line !== lines.at(-1)) continue;
    waits.push(...killedAt.map((at) => (line.t - at) / 1_000));
    killedAt = [];
  }
  waits.sort((a, b) => a - b);
  return { p50: rounded(waits[Math.floor((waits.length - 1) / 2)] ?? 0), max: rounded(waits.at(-1) ?? 0) };
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
