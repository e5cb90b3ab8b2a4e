import type { JobProgress } from "../src/core/job.ts";
import type { JobContext } from "./context.ts";

/** What is shown of a job on its way; the end is reckoned from what this run has done of the same kind of work. */
type Step = Omit<JobProgress, "endsAt">;

/** One step done says nothing of the next: the first page may be the longest. */
const MIN_STEPS = 2;

/** @returns shows a step, with when the work of its kind will end at this pace */
export function progressOf({ now, progress }: Pick<JobContext, "now" | "progress">): (step: Step) => Promise<void> {
  let first: { readonly doing: string; readonly done: number; readonly atMs: number } | undefined;
  return (step) => {
    const atMs = now().getTime();
    if (first?.doing !== step.doing) first = { doing: step.doing, done: step.done, atMs };
    const steps = step.done - first.done;
    if (steps < MIN_STEPS || step.done >= step.total) return progress(step);
    const leftMs = ((atMs - first.atMs) / steps) * (step.total - step.done);
    return progress({ ...step, endsAt: new Date(atMs + leftMs).toISOString() });
  };
}
