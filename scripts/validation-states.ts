import { systemClock } from "../src/clock.ts";
import type { Config } from "../src/config.ts";
import type { KeptContribution } from "../src/contributions/contribution.ts";
import type { Verdict } from "../src/contributions/judge.ts";
import { openStores, type Stores } from "../src/ledger/stores.ts";
import type { Cause } from "../src/queue/failures.ts";
import type { OpenQueues } from "../src/queue/one-command.ts";
import { type JobEnded, untilEnded } from "../src/queue/wait.ts";
import { say } from "./command.ts";
import { progressBar, table } from "./terminal.ts";

/** Where one contribution stands. Only "done" has a verdict: what failed or waits can never look like one. */
export type ContributionState = { readonly id: string; readonly jobId: string; readonly sha256: string } & (
  | { readonly state: "enqueued" | "already" | "waiting" }
  | { readonly state: "done"; readonly verdict: Verdict }
  | { readonly state: "failed"; readonly cause: Cause; readonly message: string }
);

export interface Place extends OpenQueues {
  readonly config: Config;
  readonly redisUrl: string;
  /** "validation" for a person who waits, "validation-batch" for many at once. */
  readonly queueName: "validation" | "validation-batch";
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Stores the texts and enqueues their jobs, in order, until `signal` says to stop between two. */
export async function enqueueAll(
  { config, queues, queueName, signal }: Place,
  contributions: readonly KeptContribution[],
): Promise<readonly ContributionState[]> {
  const { contributions: kept } = openStores(config);
  const bar = progressBar("enqueued");
  const states: ContributionState[] = [];
  try {
    for (const contribution of contributions) {
      if (signal.aborted) break;
      const { id, sha256 } = contribution;
      // The text first: a worker may have the job before the next line runs.
      await kept.put(contribution);
      const isJudged = (await kept.getVerdict(sha256)) !== undefined;
      const added = await queues.enqueue(queueName, { contribution: id, sha256 }, { again: !isJudged });
      states.push({ id, jobId: added.jobId, sha256, state: added.kind === "added" ? "enqueued" : "already" });
      bar.show(states.length, contributions.length);
    }
  } finally {
    bar.end();
  }
  return states;
}

/** Waits for the verdicts, at most `timeoutMs`. */
export async function verdictsOf(
  place: Place,
  enqueued: readonly ContributionState[],
  timeoutMs: number | undefined,
): Promise<readonly ContributionState[]> {
  const queue = place.queues.queue(place.queueName);
  const workers = await queue.getWorkersCount().catch(() => undefined);
  if (workers === 0) say("no worker is running yet: npm start runs one; waiting");
  const bar = progressBar("verdicts");
  const jobIds = enqueued.map(({ jobId }) => jobId);
  const ended = await untilEnded({
    ...place,
    queue,
    jobIds,
    clock: systemClock,
    signal: timeoutMs === undefined ? place.signal : AbortSignal.any([place.signal, AbortSignal.timeout(timeoutMs)]),
    onEnded: bar.show,
    onTrouble: () => say("Redis does not answer: still waiting, Ctrl-C stops the waiting"),
  }).finally(() => bar.end());
  const stores = openStores(place.config);
  const states = await Promise.all(enqueued.map((one) => stateOf(one, ended.get(one.jobId), stores)));
  const waiting = states.filter(({ state }) => state === "waiting").length;
  if (waiting > 0) {
    const why = place.signal.aborted ? "stopped waiting" : "the time is over";
    say(`${why}: ${waiting} still in the queue and lost in no way; ask again later with the same words`);
  }
  const failed = states.filter(({ state }) => state === "failed").length;
  if (failed > 0)
    say(
      `${failed} failed: mend the cause, then npm run revalidate puts back what can succeed (npm run validate -- --forgotten what Redis has lost)`,
    );
  return states;
}

async function stateOf({ id, jobId, sha256 }: ContributionState, ended: JobEnded | undefined, stores: Stores): Promise<ContributionState> {
  const who = { id, jobId, sha256 };
  if (ended === undefined) return { ...who, state: "waiting" };
  if (ended.kind === "failed") return { ...who, state: "failed", cause: ended.cause, message: ended.message };
  const verdict = await stores.contributions.getVerdict(sha256);
  if (verdict === undefined) {
    return { ...who, state: "failed", cause: "unknown", message: "it was judged, but its verdict is not in this DATA_DIR" };
  }
  // The same text under another id has the same verdict, on file under the id that was judged last.
  return { ...who, state: "done", verdict: { ...verdict, contribution: id } };
}

export function exitCodeOf(states: readonly ContributionState[]): number {
  if (states.some(({ state }) => state === "failed")) return 1;
  return states.some(({ state }) => state === "waiting") ? 3 : 0;
}

export function printStates(states: readonly ContributionState[]): void {
  const isWaited = states.some(({ state }) => state !== "enqueued" && state !== "already");
  if (isWaited) process.stdout.write(table(["contribution", "state", "verdict", "category", "why", "answered by"], states.map(verdictRow)));
  else {
    const rows = states.map(({ id, jobId, state }) => [id, jobId, state]);
    process.stdout.write(table(["contribution", "job", "state"], rows));
  }
}

function verdictRow(one: ContributionState): readonly string[] {
  if (one.state === "failed") return [one.id, "failed", "", "", `${one.cause}: ${one.message}`, ""];
  if (one.state !== "done") return [one.id, one.state, "", "", "", ""];
  const { verdict, category, violations, undecidedBecause, answeredBy, practice } = one.verdict;
  const why = [undecidedBecause ?? [], violations].flat().join(", ");
  return [one.id, "done", verdict, category, why, `${answeredBy.provider}${practice ? " (practice)" : ""}`];
}
