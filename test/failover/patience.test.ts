import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import type { Gate, Troubles } from "../../src/core/trouble.ts";
import { runLocalFirst } from "../../src/failover/run.ts";
import { asker, chainOf, type Deed, engine, LOCAL, linesOf, NOW, ports, taskFor, YES } from "./ports.ts";

const UNTIL = new Date(NOW + 9_000);
const held = (why: FaultKind, until = UNTIL): Gate => ({ kind: "hold", why, since: new Date(NOW), until });

/** Troubles as a list of what the gate of each target says, one after the other; the last one for ever. */
function gates(of: Readonly<Record<string, readonly Gate[]>>): Pick<Troubles, "gate"> & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    gate: async (target) => {
      const mine = of[target] ?? [{ kind: "go" }];
      const said = asked.filter((one) => one === target).length;
      asked.push(target);
      return mine[Math.min(said, mine.length - 1)] ?? { kind: "go" };
    },
  };
}
const withGates = (of: Readonly<Record<string, readonly Gate[]>>) => {
  const bench = ports();
  return { ...bench, troubles: { ...bench.troubles, ...gates(of) } };
};
const patient = (seconds: number) => asker({ slotWaitMs: seconds * 1_000 });
const times = (count: number, deed: Deed): Deed[] => Array.from({ length: count }, () => deed);

describe("a local model that is down", () => {
  it("is waited for as long as the job's patience lasts, and nothing leaves when it comes back in time", async () => {
    const chain = chainOf([...times(40, "unreachable"), YES]);
    assert.deepEqual(await linesOf(chain, ports(), patient(45)), ["ollama faulted unreachable", "ollama answered"]);
    assert.deepEqual(chain[1].asked, []);
  });

  it("for longer than that lets this one question go to the next provider, and says so once", async () => {
    const bench = ports();
    const lines = ["ollama faulted unreachable", "intend openai 14", "openai answered"];
    assert.deepEqual(await linesOf(chainOf(["unreachable"]), bench, patient(45)), lines);
    assert.equal(
      bench.sleptMs.reduce((sum, ms) => sum + ms, 0),
      45_000,
    );
  });

  it("is looked at once a second while all workers leave it alone, and asked as soon as one call has found it well", async () => {
    const bench = withGates({ ollama: [...Array.from({ length: 5 }, () => held("unreachable")), { kind: "go" }] });
    assert.deepEqual(await linesOf(chainOf([YES]), bench, patient(45)), ["ollama answered"]);
    assert.deepEqual(bench.sleptMs, [1_000, 1_000, 1_000, 1_000, 1_000]);
  });

  it("because its model is missing is not waited for: that takes a person", async () => {
    const bench = withGates({ ollama: [held("model-missing")] });
    const lines = ["ollama skipped cooling-down", "intend openai 14", "openai answered"];
    assert.deepEqual(await linesOf(chainOf([YES]), bench, patient(45)), lines);
    assert.deepEqual(bench.sleptMs, []);
  });

  it("ends the waiting at once when the worker stops", async () => {
    const stop = new AbortController();
    const bench = ports();
    const clock = { ...bench.clock, sleep: async () => stop.abort(new Fault("cancelled", "stopping")) };
    const outcome = await runLocalFirst(taskFor(chainOf(["unreachable"])), asker({ slotWaitMs: 45_000, signal: stop.signal }), {
      ...bench,
      clock,
    });
    assert.deepEqual([outcome.kind, outcome.kind === "postponed" && outcome.why], ["postponed", "cancelled"]);
  });
});

describe("a cloud provider that is left alone", () => {
  it("is passed over without a wait, and the ledger says why", async () => {
    const bench = withGates({ openai: [held("rate-limited")] });
    const lines = ["ollama faulted busy", "openai skipped cooling-down", "intend mistral 14", "mistral answered"];
    assert.deepEqual(await linesOf(chainOf(["busy"]), bench), lines);
  });

  it("like all others puts the job off until the first of them may be asked again, and burns no attempt", async () => {
    const soon = new Date(NOW + 4_000);
    const bench = withGates({ openai: [held("quota-exhausted")], mistral: [held("server-error", soon)], ollama: [held("timed-out")] });
    const outcome = await runLocalFirst(taskFor(chainOf([])), asker(), bench);
    assert.deepEqual(outcome, { kind: "postponed", until: soon, why: "server-error" });
  });

  it("because its key is refused fails the job, which no waiting mends", async () => {
    const bench = withGates({ openai: [held("unauthorized")] });
    const [, openai] = chainOf([]);
    const outcome = await runLocalFirst(taskFor([openai]), asker(), bench);
    assert.ok(outcome.kind === "failed" && outcome.fault.kind === "unauthorized");
  });

  it("and may be tried by this one call is tried once, not twice", async () => {
    const bench = withGates({ ollama: [{ kind: "probe" }] });
    const lines = ["ollama faulted server-error", "intend openai 14", "openai answered"];
    assert.deepEqual(await linesOf(chainOf(["server-error"]), bench), lines);
  });
});

describe("what a question tells all workers", () => {
  it("is who answered, at the first word, and who failed, whoever it was", async () => {
    const bench = ports();
    await linesOf(chainOf(["server-error"]), bench);
    assert.deepEqual(bench.told, ["ollama server-error", "ollama server-error", "openai answered"]);
  });

  it("is nothing about a provider that was not asked because the lock was not ours", async () => {
    const bench = ports({ broker: { withLease: async () => ({ kind: "busy", holder: "me", freeAt: undefined, waitedMs: 0 }) } });
    await linesOf(chainOf([YES]), bench);
    assert.deepEqual(bench.told, ["openai answered"]);
  });
});

describe("two local places", () => {
  const two = (ready: (slot: string) => Promise<void>) => ({ ...engine("ollama", LOCAL, [YES]), slots: ["ollama", "ollama-2"], ready });
  const wants = async (bench: ReturnType<typeof ports>, local: ReturnType<typeof two>) => {
    const asked: unknown[] = [];
    const broker = {
      ...bench.broker,
      withLease: ((slots, ask, work) => {
        asked.push(slots);
        return bench.broker.withLease(slots, ask, work);
      }) as typeof bench.broker.withLease,
    };
    await linesOf([local as never], { ...bench, broker });
    return asked;
  };

  it("are both waited for", async () => {
    assert.deepEqual(
      await wants(
        ports(),
        two(async () => {}),
      ),
      [["ollama", "ollama-2"]],
    );
  });

  it("of which one has not the model, or is in trouble, are one, and all workers are told of the model", async () => {
    const bench = ports();
    const missing = two((slot) => (slot === "ollama" ? Promise.reject(new Fault("model-missing", "pull it")) : Promise.resolve()));
    assert.deepEqual(await wants(bench, missing), [["ollama-2"]]);
    assert.deepEqual(bench.told, ["ollama model-missing", "ollama answered"].slice(0, 1).concat("ollama-2 answered"));
    const trouble = withGates({ "ollama-2": [held("server-error")] });
    assert.deepEqual(
      await wants(
        trouble,
        two(async () => {}),
      ),
      [["ollama"]],
    );
  });

  it("that both have not the model are the local model being down: the fault is written once, and nobody stands in line", async () => {
    const bench = ports();
    const local = two(() => Promise.reject(new Fault("model-missing", "pull it")));
    const [, openai] = chainOf([]);
    assert.deepEqual(await linesOf([local as never, openai], bench), [
      "ollama faulted model-missing",
      "intend openai 14",
      "openai answered",
    ]);
    assert.deepEqual(bench.told, ["ollama model-missing", "ollama-2 model-missing", "openai answered"]);
  });
});

it("no question costs more than eight calls, whatever goes wrong", async () => {
  const names = ["ollama", "a", "b", "c", "d", "e", "f"];
  const chain = names.map((name, index) =>
    engine(name, index === 0 ? LOCAL : { kind: "cloud", country: "FR" }, ["server-error", "says no"]),
  );
  const outcome = await runLocalFirst(taskFor(chain), asker(), ports());
  assert.equal(outcome.kind, "failed");
  assert.ok(chain.reduce((sum, { asked }) => sum + asked.length, 0) <= 8);
});
