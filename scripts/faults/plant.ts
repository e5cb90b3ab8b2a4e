import type { CompletionProvider } from "../../src/capabilities/completion/contract.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import type { WalkPorts } from "../../src/failover/run.ts";
import type { taskFor } from "./question.ts";

/** Classes of bugs, each of which must turn rows red. */
export const PLANTS = ["retry", "failover", "repair", "postpone", "stop", "cooldown", "accept"] as const;
export type Plant = (typeof PLANTS)[number];

/**
 * A wrong table, put in through the ports: a fault reaches the walk as one of another kind, for which the real table does what
 * a wrong one would do for this. What is observed still says the kind that really was.
 */
const WRONG: Readonly<Record<Exclude<Plant, "cooldown" | "accept">, { readonly kinds: readonly FaultKind[]; readonly as: FaultKind }>> = {
  /** Nobody is asked a second time. */
  retry: { kinds: ["server-error", "rate-limited"], as: "timed-out" },
  /** Nobody else is asked. */
  failover: {
    kinds: ["unreachable", "timed-out", "rate-limited", "quota-exhausted", "unauthorized", "model-missing"],
    as: "unknown",
  },
  /** What was wrong with an answer is told to nobody. */
  repair: { kinds: ["invalid-answer", "truncated"], as: "timed-out" },
  /** A job that nobody can answer now has failed. */
  postpone: { kinds: ["unreachable", "busy", "rate-limited", "quota-exhausted", "lease-lost", "cancelled"], as: "unauthorized" },
  /** Whatever is wrong with the text or with us, the next company gets it. */
  stop: { kinds: ["prompt-too-long", "refused", "misconfigured", "egress-breach", "unknown"], as: "timed-out" },
};

type CharterTask = ReturnType<typeof taskFor>;

export interface Planted {
  readonly task: CharterTask;
  readonly ports: WalkPorts;
  /** The kind that a fault really had when it was written down. */
  realKind(kind: FaultKind): FaultKind;
}

export function planted(plant: Plant | undefined, task: CharterTask, ports: WalkPorts): Planted {
  if (plant === undefined) return { task, ports, realKind: (kind) => kind };
  if (plant === "accept") return { task: { ...task, accept: believe }, ports, realKind: (kind) => kind };
  if (plant === "cooldown") {
    const troubles = { ...ports.troubles, gate: async () => ({ kind: "go" }) as const };
    return { task, ports: { ...ports, troubles }, realKind: (kind) => kind };
  }
  const { kinds, as } = WRONG[plant];
  let real: FaultKind | undefined;
  const disguised = (error: unknown): unknown => {
    if (!(error instanceof Fault) || !kinds.includes(error.kind)) return error;
    real = error.kind;
    return new Fault(as, error.message, { status: error.status });
  };
  return {
    task: {
      ...task,
      chain: task.chain.map((provider) => disguisedProvider(provider, disguised)),
      accept: disguisedAccept(task, disguised),
    },
    ports,
    realKind(kind) {
      const was = kind === as ? (real ?? kind) : kind;
      real = undefined;
      return was;
    },
  };
}

type Disguise = (error: unknown) => unknown;

function disguisedProvider(provider: CompletionProvider, disguised: Disguise): CompletionProvider {
  const rethrow = (error: unknown): never => {
    throw disguised(error);
  };
  return {
    ...provider,
    call: (prompt, context) => provider.call(prompt, context).catch(rethrow),
    ...(provider.ready && {
      ready: (slot: string, prompt: Parameters<CompletionProvider["call"]>[0], signal: AbortSignal) =>
        provider.ready?.(slot, prompt, signal).catch(rethrow) ?? Promise.resolve(),
    }),
  };
}

const disguisedAccept =
  (task: CharterTask, disguised: Disguise): CharterTask["accept"] =>
  (completion, asked) => {
    try {
      return task.accept(completion, asked);
    } catch (error) {
      throw disguised(error);
    }
  };

/** As a peer does: what came with status 200 is an answer. */
const believe: CharterTask["accept"] = ({ text }) =>
  CharterAnswer.safeParse(parsed(text)).data ?? {
    is_valid: true,
    category: "economie",
    violations: [],
    encouraged_aspects: [],
    reasoning: text,
    confidence: 1,
  };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
