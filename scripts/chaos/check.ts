import { type Line, pidOf } from "./history.ts";

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
  readonly done: number;
  /** Acknowledged, and neither done nor waiting nor visibly failed. */
  readonly lostJobs: number;
  /** Acknowledged by a Redis whose data was then taken away on purpose. */
  readonly forgottenByRedis: number;
  readonly failedVisibly: number;
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

/**
 * Replays the key. Whoever deletes a living value or writes over it must be its owner: the script must have been given exactly
 * that value, and the process it names must be the one that called, or dead. What the nemesis does is no release.
 */
function wrongReleasesOf(lines: readonly Line[]): number {
  let value: string | undefined;
  let wrong = 0;
  const pids = new Map<string, Set<number>>();
  const dead = new Set<number>();
  for (const line of lines) {
    if (line.e === "worker-start") pids.set(line.worker, (pids.get(line.worker) ?? new Set()).add(line.pid));
    if (line.e === "worker-exit") dead.add(line.pid);
    // Written before the signal: whoever finds the process dead comes after it.
    if (line.e === "fault" && line.kind === "kill" && line.pid !== undefined) dead.add(line.pid);
    if (line.e === "lock-found") value = line.value ?? undefined;
    if (line.e !== "lock-set" && line.e !== "lock-del") continue;
    const isRemoval = value !== undefined && line.by !== "outside" && !(line.e === "lock-del" && line.how === "expired");
    if (isRemoval) {
      const owner = pidOf(value);
      const isTheirs = owner !== undefined && (pids.get(line.by)?.has(owner) === true || (line.claim !== undefined && dead.has(owner)));
      if (!isTheirs || (line.claim !== undefined && line.claim !== value)) wrong += 1;
    }
    value = line.e === "lock-set" ? line.value : undefined;
  }
  return wrong;
}

type Jobs = Pick<Checked, "acknowledged" | "done" | "lostJobs" | "forgottenByRedis" | "failedVisibly" | "doubledEffects">;

function jobsOf(lines: readonly Line[]): Jobs {
  const ackedAt = new Map<string, number>();
  const answers = new Map<string, Set<string>>();
  const ended = new Map<string, string>();
  let emptiedAt = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    if (line.e === "ack") ackedAt.set(line.job, line.t);
    if (line.e === "effect" || line.e === "stored") answers.set(line.job, (answers.get(line.job) ?? new Set()).add(line.answer));
    if (line.e === "job-end") ended.set(line.job, line.state);
    if (line.e === "redis-up" && line.isEmpty) emptiedAt = line.t;
  }
  let [done, lostJobs, forgottenByRedis, failedVisibly] = [0, 0, 0, 0];
  for (const [job, at] of ackedAt) {
    const state = ended.get(job) ?? "missing";
    if (answers.has(job)) done += 1;
    else if (state === "failed") failedVisibly += 1;
    // A job that counts as completed and has no result is lost in the worst way: nobody looks for it.
    else if (state === "completed") lostJobs += 1;
    else if (state === "missing" && at < emptiedAt) forgottenByRedis += 1;
    else if (state === "missing") lostJobs += 1;
  }
  const doubledEffects = [...answers.values()].reduce((sum, some) => sum + some.size - 1, 0);
  return { acknowledged: ackedAt.size, done, lostJobs, forgottenByRedis, failedVisibly, doubledEffects };
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
