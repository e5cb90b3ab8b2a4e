import { randomUUID } from "node:crypto";
import type { AnsweredBy } from "../core/attempt.ts";
import { Fault } from "../core/fault.ts";
import type { Ledger, Spent, Usage } from "../core/ledger.ts";
import type { Answered, CallContext, Provider } from "../core/provider.ts";
import { decisiveFault } from "../policy/reaction.ts";
import { nameOf, patienceLeft, tellTrouble, type Walk } from "./walk.ts";

export interface Ask<Request> {
  readonly request: Request;
  /** The second question, which quotes what was wrong with the first answer. */
  readonly repaired: boolean;
  /** Slots, or the cloud provider itself, that are not in trouble. */
  readonly targets: readonly string[];
}

export type Tried<Result> =
  | { readonly kind: "answered"; readonly result: Result; readonly by: AnsweredBy }
  | { readonly kind: "faulted"; readonly fault: Fault };

/** What one attempt finds out on its way. */
interface Trace {
  readonly spent: { -readonly [Key in keyof Spent]: Spent[Key] };
  startedAt: number;
  /** Who was really asked; undefined as long as nobody was. */
  target: string | undefined;
}

/** One provider, asked once: looked at, held, called, accepted, written down. Never throws. */
export async function attempt<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  ask: Ask<Request>,
): Promise<Tried<Result>> {
  const { task, asker, ports } = walk;
  const line = lineOf(walk, provider);
  const spent: Trace["spent"] = { model: undefined, egressChars: 0, slotWaitMs: 0, durationMs: 0 };
  const trace: Trace = { spent, startedAt: ports.clock.elapsed(), target: undefined };
  const measured = (): Spent => ({ ...spent, durationMs: Math.round(ports.clock.elapsed() - trace.startedAt) });
  try {
    asker.signal.throwIfAborted();
    const raw = await callProvider(walk, provider, ask, { trace, line });
    const result = task.accept(raw, { repaired: ask.repaired });
    const ended = measured();
    ports.ledger.record({ ...line, ...ended, event: "answered" });
    await ports.ledger.written?.();
    const { durationMs, slotWaitMs } = ended;
    walk.attempts.push({ ...nameOf(provider), kind: "answered", model: raw.model, durationMs, slotWaitMs });
    return { kind: "answered", result, by: { ...nameOf(provider), model: raw.model, attempts: walk.attempts } };
  } catch (error) {
    const fault = Fault.from(error, `the call to ${provider.name}`);
    // Waiting for somebody who is not there is no call.
    if (trace.target !== undefined && fault.kind === "unreachable") walk.calls -= 1;
    if (trace.target !== undefined) tellTrouble(walk, trace.target, fault);
    return { kind: "faulted", fault: written(walk, provider, { fault, line, ended: measured(), wasAsked: trace.target !== undefined }) };
  }
}

async function callProvider<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  ask: Ask<Request>,
  { trace, line }: { readonly trace: Trace; readonly line: ReturnType<typeof lineOf> },
): Promise<Raw> {
  const { task, asker, ports } = walk;
  const { clock, troubles } = ports;
  const call = async (context: CallContext, target: string): Promise<Raw> => {
    trace.startedAt = clock.elapsed();
    if (provider.site.kind === "cloud") {
      const egressChars = task.egressChars(ask.request);
      ports.ledger.record({ ...line, event: "intended", egressChars });
      trace.spent.egressChars = egressChars;
    }
    trace.target = target;
    walk.calls += 1;
    const raw = await provider.call(ask.request, { ...context, heard: () => void troubles.answered(target).catch(() => {}) });
    Object.assign(trace.spent, usageOf(provider, raw));
    // For those that do not tell of their first word. Costs nothing for one that was not in trouble.
    await troubles.answered(target).catch(() => {});
    return raw;
  };
  if (provider.slots === undefined) return await call({ signal: asker.signal }, provider.name);
  const slots = await readySlots(walk, provider, ask);
  const who = { holder: `${asker.jobName}.${asker.jobId}`, priority: asker.priority, waitMs: patienceLeft(walk), signal: asker.signal };
  const askedAt = clock.elapsed();
  const spend = () => {
    trace.spent.slotWaitMs = Math.round(clock.elapsed() - askedAt);
    walk.waitedMs += trace.spent.slotWaitMs;
  };
  const leased = await ports.broker.withLease(slots, who, (lease) => {
    spend();
    return call({ signal: lease.signal, slot: lease.slot }, lease.slot);
  });
  if (leased.kind === "held") return leased.value;
  trace.spent.slotWaitMs = Math.round(leased.waitedMs);
  walk.waitedMs = asker.slotWaitMs;
  throw new Fault("busy", `${provider.name} is still busy after ${Math.round(leased.waitedMs / 1_000)} s of waiting`);
}

/**
 * The slots behind which somebody is there and has the model; asked of all at once, before the line is entered.
 *
 * @throws Fault of the one that time heals soonest, when there is none
 */
async function readySlots<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  { request, targets }: Ask<Request>,
): Promise<readonly string[]> {
  if (provider.ready === undefined) return targets;
  const faults: Fault[] = [];
  const ready: string[] = [];
  const look = async (slot: string): Promise<void> => {
    try {
      await provider.ready?.(slot, request, walk.asker.signal);
      ready.push(slot);
    } catch (error) {
      const fault = Fault.from(error, `looking at ${provider.name}`);
      faults.push(fault);
      tellTrouble(walk, slot, fault);
    }
  };
  await Promise.all(targets.map(look));
  const fault = decisiveFault(faults);
  if (ready.length === 0 && fault !== undefined) throw fault;
  return targets.filter((slot) => ready.includes(slot));
}

interface Failure {
  readonly fault: Fault;
  readonly line: ReturnType<typeof lineOf>;
  readonly ended: Spent;
  readonly wasAsked: boolean;
}

/** Writes a fault down. @returns it, or what the ledger says when it cannot be written: then nothing more may be asked */
function written<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  { fault, line, ended, wasAsked }: Failure,
): Fault {
  const reason = `${provider.name} ${fault.kind}`;
  // A model that is waited for is looked at every few seconds: once is enough for the ledger, as long as nothing reached it.
  const reachedNobody = !wasAsked || (fault.kind === "unreachable" && provider.site.kind === "local");
  if (reachedNobody && walk.reason === reason) return fault;
  walk.reason = reason;
  const { durationMs, slotWaitMs } = ended;
  walk.attempts.push({ ...nameOf(provider), kind: "faulted", fault: fault.kind, durationMs, slotWaitMs });
  return recorded(walk.ports.ledger, { ...line, ...ended }, fault);
}

function recorded(ledger: Ledger, line: ReturnType<typeof lineOf> & Spent, fault: Fault): Fault {
  try {
    ledger.record({ ...line, event: "faulted", fault: fault.kind });
    return fault;
  } catch (error) {
    return Fault.from(error, "the ledger");
  }
}

function usageOf<Request, Raw extends Answered>(provider: Provider<Request, Raw>, raw: Raw): Usage {
  return { model: raw.model, tokensIn: raw.tokensIn, tokensOut: raw.tokensOut, costEur: provider.costEur(raw) };
}

export const lineOf = <Request, Raw extends Answered, Result>(
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
