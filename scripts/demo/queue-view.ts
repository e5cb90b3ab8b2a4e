import type { DocsPayload } from "../../jobs/audierne-docs.ts";
import type { ValidationPayload } from "../../jobs/validation.ts";
import type { App } from "../../src/assemble.ts";
import type { JobProgress } from "../../src/core/job.ts";
import { printable } from "../../src/documents/clean-text.ts";
import { causeOf } from "../../src/queue/settle.ts";

export const DOCUMENTS = "audierne-docs";
export const CONTRIBUTIONS = "validation";

/** What a job is about: the look at the folder, a document, a contribution. Names only. */
export interface JobName {
  readonly queue: string;
  readonly kind: "scan" | "document" | "contribution";
  /** As the lock names it. */
  readonly holder: string;
  /** A file of the folder, or the contribution's id: one printable line. */
  readonly name: string;
  /** Names of a document: the same bytes may lie under several. */
  readonly files: number;
}

export interface RunningJob extends JobName {
  readonly progress: JobProgress | undefined;
}

export type SettledJob = JobName &
  (
    | { readonly end: "done"; readonly says: string }
    | { readonly end: "failed"; readonly cause: string; readonly reason: string; readonly attempts: number }
  );

export interface QueueState {
  readonly name: string;
  readonly running: readonly RunningJob[];
  readonly waiting: number;
  /** Put back with a delay: nobody could answer, or a retry is due. */
  readonly postponed: number;
  /** Documents or contributions; the look at the folder is none. */
  readonly done: number;
  readonly failed: number;
}

type Queue = ReturnType<App["queues"]["queue"]>;
type Job = NonNullable<Awaited<ReturnType<Queue["getJob"]>>>;

/** More are asked for than were counted: some may settle between the count and the question. */
const SLACK = 100;

/**
 * Watches one queue by asking it: the queue's own states decide when all is done, not what a worker believes.
 *
 * `look` gives the state and the jobs that settled since the last look.
 */
export function watchQueue(queue: Queue) {
  const seen = { completed: new Set<string>(), failed: new Set<string>() };
  let scans = 0;
  const newlySettled = async (state: "completed" | "failed", counted: number): Promise<readonly SettledJob[]> => {
    const known = seen[state];
    if (counted <= known.size) return [];
    // The latest come first.
    const latest = await queue.getJobs([state], 0, counted - known.size + SLACK);
    const fresh = latest.filter((job) => !known.has(`${job.id}`)).reverse();
    for (const job of fresh) known.add(`${job.id}`);
    const settled = fresh.map((job) => settledJob(queue.name, job, state));
    scans += settled.filter(({ kind, end }) => kind === "scan" && end === "done").length;
    return settled;
  };
  return {
    async look(): Promise<{ readonly state: QueueState; readonly settled: readonly SettledJob[] }> {
      const counts = await queue.getJobCounts("active", "wait", "prioritized", "delayed", "completed", "failed");
      const { active = 0, wait = 0, prioritized = 0, delayed = 0, completed = 0, failed = 0 } = counts;
      const running = active > 0 ? await queue.getJobs(["active"]) : [];
      const settled = [...(await newlySettled("completed", completed)), ...(await newlySettled("failed", failed))];
      const waiting = wait + prioritized + Math.max(0, active - running.length);
      const state = {
        name: queue.name,
        running: running.map((job) => runningJob(queue.name, job)),
        waiting,
        postponed: delayed,
        done: seen.completed.size - scans,
        failed: seen.failed.size,
      };
      return { state, settled };
    },
  };
}

export const isIdle = ({ running, waiting, postponed }: QueueState): boolean => running.length + waiting + postponed === 0;

function runningJob(queue: string, job: Job): RunningJob {
  const { progress } = job;
  return { ...nameOf(queue, job), progress: typeof progress === "object" && "doing" in progress ? (progress as JobProgress) : undefined };
}

function settledJob(queue: string, job: Job, state: "completed" | "failed"): SettledJob {
  const name = nameOf(queue, job);
  if (state === "completed") return { ...name, end: "done", says: saysOf(job.returnvalue) };
  const failure = job.failedReason ?? "";
  const cause = causeOf(failure);
  const reason = failure.startsWith(`${cause}: `) ? failure.slice(cause.length + 2) : failure;
  return { ...name, end: "failed", cause, reason: printable(reason), attempts: job.attemptsMade };
}

function nameOf(queue: string, job: Job): JobName {
  const holder = `${queue}.${job.id}`;
  if (queue === CONTRIBUTIONS) return { queue, kind: "contribution", holder, name: (job.data as ValidationPayload).contribution, files: 0 };
  const payload = job.data as DocsPayload;
  if (payload.kind === "scan") return { queue, kind: "scan", holder, name: "the folder", files: 0 };
  const files = payload.kind === "refused" ? [payload.file] : payload.files;
  return { queue, kind: "document", holder, name: printable(files[0] ?? ""), files: files.length };
}

/** What a job returned, in a word or two: jobs return ids, counts and states only. */
function saysOf(returned: unknown): string {
  const value = (returned ?? {}) as { status?: string; pages?: number; verdict?: string; category?: string; documents?: number };
  if (value.status === "no-text") return `no text on ${pages(value.pages)}`;
  if (value.status !== undefined) return `${value.status}, ${pages(value.pages)}`;
  if (value.verdict !== undefined) return `${value.verdict}, ${value.category}`;
  return value.documents === undefined ? "done" : `${value.documents} documents found`;
}

const pages = (count = 0): string => `${count} ${count === 1 ? "page" : "pages"}`;
