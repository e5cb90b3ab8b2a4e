import { z } from "zod";

const count = z.number().nonnegative();
const line = {
  v: z.literal(1),
  at: z.iso.datetime(),
  attempt: z.string().min(1),
  job: z.string(),
  jobName: z.string(),
  dataClass: z.enum(["document", "contribution"]),
  provider: z.string().min(1),
  site: z.string().min(1),
  reason: z.string(),
};
const spent = {
  model: z.string().optional(),
  tokensIn: count.optional(),
  tokensOut: count.optional(),
  costEur: count.optional(),
  durationMs: count,
  slotWaitMs: count,
  egressChars: count,
};
/** Faults and reasons are taken as they are: a ledger outlives the version that wrote it. */
const Entry = z.discriminatedUnion("event", [
  z.object({ ...line, event: z.literal("skipped"), why: z.string() }),
  z.object({ ...line, event: z.literal("intended"), egressChars: count }),
  z.object({ ...line, ...spent, event: z.literal("answered") }),
  z.object({ ...line, ...spent, event: z.literal("faulted"), fault: z.string() }),
]);
type Entry = z.infer<typeof Entry>;

interface About {
  readonly id: string;
  /** When its first line was written. */
  readonly at: Date;
  readonly job: string;
  readonly jobName: string;
  readonly dataClass: "document" | "contribution";
  readonly provider: string;
  readonly site: string;
  readonly reason: string;
  /** Characters that left the server. */
  readonly egressChars: number;
}

interface Spent {
  readonly model?: string | undefined;
  readonly tokensIn?: number | undefined;
  readonly tokensOut?: number | undefined;
  readonly costEur?: number | undefined;
  readonly slotWaitMs: number;
}

/** One provider asked once, or passed over, whatever number of lines says so. */
export type Attempt = About &
  (
    | { readonly kind: "skipped"; readonly why: string }
    | (Spent & { readonly kind: "answered" })
    | (Spent & { readonly kind: "faulted"; readonly fault: string })
    /** Announced and never ended: the worker died in the middle, or is still waiting for the answer. */
    | { readonly kind: "unrecorded" }
  );

/**
 * The attempts of a ledger, in order of their first lines.
 *
 * @param lines  as parsed from the file
 * @returns also the number of lines that are JSON but no entry of a ledger
 */
export function attemptsOf(lines: readonly unknown[]): { readonly attempts: readonly Attempt[]; readonly unreadable: number } {
  const grouped = new Map<string, [Entry, ...Entry[]]>();
  let unreadable = 0;
  for (const one of lines) {
    const parsed = Entry.safeParse(one);
    if (!parsed.success) {
      unreadable += 1;
      continue;
    }
    const known = grouped.get(parsed.data.attempt);
    if (known === undefined) grouped.set(parsed.data.attempt, [parsed.data]);
    else known.push(parsed.data);
  }
  return { attempts: [...grouped.values()].map(attemptOf), unreadable };
}

function attemptOf(entries: readonly [Entry, ...Entry[]]): Attempt {
  const [first] = entries;
  const about: About = {
    id: first.attempt,
    at: new Date(first.at),
    job: first.job,
    jobName: first.jobName,
    dataClass: first.dataClass,
    provider: first.provider,
    site: first.site,
    reason: first.reason,
    // What was announced counts as gone even when the end says less: the mistake that hides egress is the worse one.
    egressChars: Math.max(...entries.map((entry) => ("egressChars" in entry ? entry.egressChars : 0))),
  };
  // An end outweighs an intention in whatever order the lines lie.
  const end = entries.findLast((entry) => entry.event !== "intended");
  if (end === undefined) return { ...about, kind: "unrecorded" };
  if (end.event === "skipped") return { ...about, kind: "skipped", why: end.why };
  const { model, tokensIn, tokensOut, costEur, slotWaitMs } = end;
  const used = { model, tokensIn, tokensOut, costEur, slotWaitMs };
  return end.event === "answered" ? { ...about, ...used, kind: "answered" } : { ...about, ...used, kind: "faulted", fault: end.fault };
}
