import type { Outcome, SkipReason } from "../core/attempt.ts";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { Answered, Provider, Task } from "../core/provider.ts";
import { decisiveFault, jobEnd, MAX_CALLS, postponedUntil, type Reaction, reactTo, SHORT_WAIT_MS } from "../policy/reaction.ts";
import { attempt, lineOf, type Tried } from "./attempt.ts";
import { type Door, doorOf, waitAtHome } from "./gate.ts";
import { type Asker, nameOf, type Walk, type WalkPorts } from "./walk.ts";

export type { Asker, WalkPorts } from "./walk.ts";

/**
 * Asks the chain, in order, until one answers in the asked shape. Only this one call leaves, never the job, and only when the
 * local model, busy or down, has cost the job its patience.
 *
 * @returns who answered and why the earlier ones did not; or postponed; or failed. Never throws for a provider's fault
 */
export async function runLocalFirst<Request, Raw extends Answered, Result>(
  task: Task<Request, Raw, Result>,
  asker: Asker,
  ports: WalkPorts,
): Promise<Outcome<Result>> {
  const walk: Walk<Request, Raw, Result> = {
    task,
    asker,
    ports,
    attempts: [],
    faults: [],
    reason: "first",
    waitedMs: 0,
    calls: 0,
    told: Promise.resolve(),
  };
  try {
    return await alongChain(walk);
  } finally {
    await walk.told;
  }
}

async function alongChain<Request, Raw extends Answered, Result>(walk: Walk<Request, Raw, Result>): Promise<Outcome<Result>> {
  const { task, ports } = walk;
  for (const provider of task.chain) {
    if (walk.calls >= MAX_CALLS) break;
    const why = ports.whyNot(provider, task.dataClass);
    if (why !== undefined) {
      skip(walk, provider, why);
      continue;
    }
    const step = await passBy(walk, provider);
    if (step.kind === "answered") return step;
    if (step.reaction === "stop") return ending([step.fault], ports.clock);
    walk.faults.push(step.fault);
  }
  return ending(walk.faults, ports.clock);
}

type Step<Result> =
  | Extract<Tried<Result>, { kind: "answered" }>
  | { readonly kind: "faulted"; readonly fault: Fault; readonly reaction: Reaction };

/** One provider, until it answered, its turn is over, or the walk. At home a moment of trouble is waited for. */
async function passBy<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
): Promise<Step<Result>> {
  try {
    for (;;) {
      const door = await doorOf(walk, provider);
      if (door.kind === "held") {
        if (await waitAtHome(walk, provider, door)) continue;
        skip(walk, provider, "cooling-down");
        const fault = new Fault(door.why, `${provider.name} is left alone until ${door.until.toISOString()}`, { retryAt: door.until });
        return { kind: "faulted", fault, reaction: "failover" };
      }
      const step = await askProvider(walk, provider, door);
      if (step.kind === "answered" || step.reaction !== "wait") return step;
      if (!(await waitAtHome(walk, provider, { why: step.fault.kind, until: step.fault.retryAt })))
        return { ...step, reaction: "failover" };
    }
  } catch (error) {
    return { kind: "faulted", fault: Fault.from(error, "the walk"), reaction: "stop" };
  }
}

async function askProvider<Request, Raw extends Answered, Result>(
  walk: Walk<Request, Raw, Result>,
  provider: Provider<Request, Raw>,
  door: Extract<Door, { kind: "open" }>,
): Promise<Step<Result>> {
  // A call that only finds out whether somebody is well again is made once.
  const used = new Set<Reaction>(door.isProbe ? ["retry"] : []);
  let request = walk.task.request;
  for (;;) {
    const tried = await attempt(walk, provider, { request, repaired: used.has("repair"), targets: door.targets });
    if (tried.kind === "answered") return tried;
    const { fault } = tried;
    const reaction = reactTo(fault, used, walk.ports.clock.now());
    if (reaction !== "retry" && reaction !== "repair") return { ...tried, reaction };
    if (walk.calls >= MAX_CALLS) return { ...tried, reaction: "failover" };
    used.add(reaction);
    if (reaction === "repair") request = walk.task.repair(request, fault);
    const pauseMs = (fault.retryAt?.getTime() ?? 0) - walk.ports.clock.now().getTime();
    if (pauseMs > 0) await walk.ports.clock.sleep(Math.min(pauseMs, SHORT_WAIT_MS), walk.asker.signal);
  }
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
  const now = clock.now();
  const [soonest] = faults
    .filter((one) => endsByItself(one, now))
    .map((one) => ({ until: postponedUntil(one, now), why: one.kind }))
    .sort((a, b) => a.until.getTime() - b.until.getTime());
  return soonest === undefined ? { kind: "failed", fault } : { kind: "postponed", ...soonest };
}

/** A pause of somebody in trouble ends by itself: a job that could ask nobody burns no attempt. What a person must mend does not. */
function endsByItself({ kind, retryAt }: Fault, now: Date): boolean {
  const end = jobEnd(kind);
  return end === "postpone" || (end === "retry" && retryAt !== undefined && retryAt > now);
}
