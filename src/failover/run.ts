import { randomUUID } from "node:crypto";
import type { AnsweredBy, FailoverAttempt, Outcome, SkipReason } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { LeaseBroker } from "../core/lease.ts";
import type { Ledger, Spent, Usage } from "../core/ledger.ts";
import type { Answered, DataClass, Provider, Site, Task } from "../core/provider.ts";
import { decisiveFault, jobEnd, postponedUntil, type Reaction, reactTo, SHORT_WAIT_MS } from "../policy/reaction.ts";

/** Who asks, and how long that job may wait for the local slot. */
export interface Asker {
  readonly jobId: string;
  readonly jobName: string;
  /** Lower goes first at the slot. */
  readonly priority: number;
  readonly slotWaitMs: number;
  readonly signal: AbortSignal;
}

export interface WalkPorts {
  readonly broker: LeaseBroker;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Why this provider may not be asked with this class of data: no key, or policy. */
  whyNot(provider: { readonly site: Site; readonly unavailable?: SkipReason }, dataClass: DataClass): SkipReason | undefined;
}

/**
 * Asks the chain, in order, until one answers in the asked shape. Only this one call leaves, never the job.
 *
 * @returns who answered and why the earlier ones did not; or postponed; or failed. Never throws for a provider's fault
 */
export async function runLocalFirst<Request, Raw extends Answered, Result>(
  task: Task<Request, Raw, Result>,
  asker: Asker,
  ports: WalkPorts,
): Promise<Outcome<Result>> {
  const walk: Walk<Request, Raw, Result> = { task, asker, ports, attempts: [], faults: [], reason: "first" };
  for (const provider of task.chain) {
    const why = ports.whyNot(provider, task.dataClass);
    if (why !== undefined) {
      skip(walk, provider, why);
      continue;
    }
    const step = await askProvider(walk, provider);
    if (step.kind === "answered") return step;
    if (step.reaction === "stop") return ending([step.fault], ports.clock);
  }
  return ending(walk.faults, ports.clock);
}

/** What the walk has met so far; it only grows. */
interface Walk<Request, Raw extends Answered, Result> {
  readonly task: Task<Request, Raw, Result>;
  readonly asker: Asker;
  readonly ports: WalkPorts;
  readonly attempts: FailoverAttempt[];
  readonly faults: Fault[];
  reason: string;
}

type Step<Result> =
  | { readonly kind: "answered"; readonly result: Result; readonly by: AnsweredBy }
  | { readonly kind: "faulted"; readonly fault: Fault; readonly reaction: Reaction };

async function askProvider<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
): Promise<Step<Result>> {
  const used = new Set<Reaction>();
  let request = walk.task.request;
  for (;;) {
    const tried = await attempt(walk, provider, request);
    if (tried.kind === "answered") return tried;
    const reaction = reactTo(tried.fault, used, walk.ports.clock.now());
    if (reaction !== "retry" && reaction !== "repair") {
      walk.faults.push(tried.fault);
      return { ...tried, reaction };
    }
    used.add(reaction);
    if (reaction === "repair") request = walk.task.repair(request, tried.fault);
    const pauseMs = (tried.fault.retryAt?.getTime() ?? 0) - walk.ports.clock.now().getTime();
    try {
      if (pauseMs > 0) await walk.ports.clock.sleep(Math.min(pauseMs, SHORT_WAIT_MS), walk.asker.signal);
    } catch (error) {
      return { kind: "faulted", fault: Fault.from(error), reaction: "stop" };
    }
  }
}

/** One provider, asked once: held, called, accepted, written down. */
async function attempt<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  request: Request,
): Promise<{ kind: "answered"; result: Result; by: AnsweredBy } | { kind: "faulted"; fault: Fault }> {
  const { task, asker, ports } = walk;
  const line = lineOf(walk, provider);
  const isCloud = provider.site.kind === "cloud";
  const spent = { model: undefined, egressChars: 0, slotWaitMs: 0, durationMs: 0 } as { -readonly [Key in keyof Spent]: Spent[Key] };
  let startedAt = ports.clock.elapsed();
  const call = async (signal: AbortSignal): Promise<Raw> => {
    startedAt = ports.clock.elapsed();
    if (isCloud) {
      const egressChars = task.egressChars(request);
      ports.ledger.record({ ...line, event: "intended", egressChars });
      spent.egressChars = egressChars;
    }
    const raw = await provider.call(request, { signal });
    Object.assign(spent, usageOf(provider, raw));
    return raw;
  };
  try {
    asker.signal.throwIfAborted();
    const raw = await withSlot(walk, provider, spent, call);
    const result = task.accept(raw);
    const ended = { ...spent, durationMs: Math.round(ports.clock.elapsed() - startedAt) };
    ports.ledger.record({ ...line, ...ended, event: "answered" });
    await ports.ledger.written?.();
    walk.attempts.push({
      ...nameOf(provider),
      kind: "answered",
      model: raw.model,
      durationMs: ended.durationMs,
      slotWaitMs: spent.slotWaitMs,
    });
    return { kind: "answered", result, by: { ...nameOf(provider), model: raw.model, attempts: walk.attempts } };
  } catch (error) {
    const ended = { ...spent, durationMs: Math.round(ports.clock.elapsed() - startedAt) };
    const fault = recorded(ports.ledger, { ...line, ...ended }, Fault.from(error, `the call to ${provider.name}`));
    walk.attempts.push({
      ...nameOf(provider),
      kind: "faulted",
      fault: fault.kind,
      durationMs: ended.durationMs,
      slotWaitMs: spent.slotWaitMs,
    });
    walk.reason = `${provider.name} ${fault.kind}`;
    return { kind: "faulted", fault };
  }
}

/** Writes a fault down. @returns it, or what the ledger says when it cannot be written: then nothing more may be asked */
function recorded(ledger: Ledger, line: ReturnType<typeof lineOf> & Spent, fault: Fault): Fault {
  try {
    ledger.record({ ...line, event: "faulted", fault: fault.kind });
    return fault;
  } catch (error) {
    return Fault.from(error, "the ledger");
  }
}

/** @throws Fault "busy" when the patience for the local slot is spent */
async function withSlot<Request, Raw extends Answered, Result>(
  { asker, ports }: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  spent: { slotWaitMs: number },
  call: (signal: AbortSignal) => Promise<Raw>,
): Promise<Raw> {
  if (provider.slots === undefined) return await call(asker.signal);
  const ask = { holder: `${asker.jobName}.${asker.jobId}`, priority: asker.priority, waitMs: asker.slotWaitMs, signal: asker.signal };
  const askedAt = ports.clock.elapsed();
  const leased = await ports.broker.withLease(provider.slots, ask, (lease) => {
    spent.slotWaitMs = Math.round(ports.clock.elapsed() - askedAt);
    return call(lease.signal);
  });
  if (leased.kind === "held") return leased.value;
  spent.slotWaitMs = Math.round(leased.waitedMs);
  throw new Fault("busy", `${provider.name} is still busy after ${Math.round(leased.waitedMs / 1_000)} s of waiting`, {
    retryAt: undefined,
  });
}

function usageOf<Request, Raw extends Answered>(provider: Provider<Request, Raw>, raw: Raw): Usage {
  return { model: raw.model, tokensIn: raw.tokensIn, tokensOut: raw.tokensOut, costEur: provider.costEur(raw) };
}

function skip<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  why: SkipReason,
): void {
  walk.attempts.push({ ...nameOf(provider), kind: "skipped", why });
  // A missing key is a setting, said at start and in every result; a refused egress is a decision about this very text.
  if (why !== "no-key") walk.ports.ledger.record({ ...lineOf(walk, provider), event: "skipped", why });
}

function ending(faults: readonly Fault[], clock: Clock): Outcome<never> {
  const fault =
    decisiveFault(faults) ??
    new Fault("misconfigured", "no provider of the chain may be asked: set a key, or allow egress, or put ollama in the chain");
  if (jobEnd(fault.kind) !== "postpone") return { kind: "failed", fault };
  return { kind: "postponed", until: postponedUntil(fault, clock.now()), why: fault.kind };
}

const nameOf = ({ name, site }: { readonly name: string; readonly site: Site }) => ({ provider: name, site });

const lineOf = <Request, Raw extends Answered, Result>(
  { task, asker, reason }: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
) => ({
  attempt: randomUUID(),
  job: asker.jobId,
  jobName: asker.jobName,
  dataClass: task.dataClass,
  provider: provider.name,
  site: provider.site.kind === "local" ? "local" : provider.site.country,
  reason,
});
