import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import type { LeaseBroker } from "../../src/core/lease.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import { runLocalFirst } from "../../src/failover/run.ts";
import { asker, chainOf, type Deed, linesOf, NOW, ports, taskFor, YES } from "./ports.ts";

describe("the ledger", () => {
  it("decides whether a text may leave: when the line cannot be written, no cloud is asked and the job fails", async () => {
    const [ollama, openai, mistral] = chainOf(["busy"]);
    const bench = ports();
    const full: Ledger = {
      record(entry) {
        if (entry.event === "intended") throw new Fault("unknown", "the ledger cannot be written");
        bench.ledger.record(entry);
      },
    };
    const outcome = await runLocalFirst(taskFor([ollama, openai, mistral]), asker(), { ...bench, ledger: full });
    assert.deepEqual([openai.asked, mistral.asked, outcome.kind], [[], [], "failed"]);
    assert.equal(bench.entries.at(-1)?.event === "faulted" && (bench.entries.at(-1) as { egressChars: number }).egressChars, 0);
  });

  it("that cannot be written at all ends the walk as a failure, not as a crash, and asks nobody a second time", async () => {
    const [ollama, openai] = chainOf(["server-error"]);
    const outcome = await runLocalFirst(taskFor([ollama, openai]), asker(), {
      ...ports(),
      ledger: {
        record() {
          throw new Fault("unknown", "the ledger cannot be written");
        },
      },
    });
    assert.deepEqual([outcome.kind, ollama.asked.length, openai.asked.length], ["failed", 1, 0]);
  });
});

describe("the end of a chain in which nobody answered", () => {
  const endOf = async (...chain: readonly Deed[][]): Promise<string> => {
    const [ollama, openai] = chainOf(chain[0] ?? [], chain[1] ?? []);
    const outcome = await runLocalFirst(taskFor(chain.length === 1 ? [ollama] : [ollama, openai]), asker(), ports());
    if (outcome.kind === "answered") return "answered";
    if (outcome.kind === "failed") return `failed ${outcome.fault.kind}`;
    return `postponed ${outcome.why} ${outcome.until.getTime() - NOW} ms`;
  };

  it("puts the job off while the local model is down or busy, whatever a cloud's key says", async () => {
    assert.equal(await endOf(["unreachable"]), "postponed unreachable 30000 ms");
    assert.equal(await endOf(["busy"], ["unauthorized"]), "postponed busy 5000 ms");
    assert.equal(await endOf(["unauthorized"], ["busy"]), "postponed busy 5000 ms");
  });
  it("puts the job off until the time the vendor named", async () => {
    const limited = new Fault("rate-limited", "slow down", { retryAt: new Date(NOW + 90_000) });
    assert.equal(await endOf([limited]), "postponed rate-limited 90000 ms");
  });
  it("fails the job when only a person can help", async () => {
    assert.equal(await endOf(["model-missing"], ["unauthorized"]), "failed model-missing");
  });
  it("fails with the fault that a further run may mend before one that it cannot", async () => {
    assert.equal(await endOf(["model-missing"], ["timed-out"]), "failed timed-out");
  });
  it("says what to set when policy and settings leave nobody to ask", async () => {
    const [ollama] = chainOf([YES]);
    const outcome = await runLocalFirst(taskFor([ollama]), asker(), ports({ refused: { ollama: "egress-refused" } }));
    assert.ok(outcome.kind === "failed" && outcome.fault.kind === "misconfigured");
    assert.match(outcome.fault.message, /set a key, or allow egress, or put ollama in the chain/);
  });
});

describe("the lock of the local model", () => {
  const brokerThat = (withLease: LeaseBroker["withLease"]) => ports({ broker: { withLease } });

  it("is asked for as this job, with its place and its patience; clouds need no lock", async () => {
    const slots: unknown[] = [];
    const free = ports().broker;
    const bench = brokerThat((slot, ask, work) => {
      slots.push([slot, ask.holder, ask.priority, ask.waitMs]);
      return free.withLease(slot, ask, work);
    });
    await linesOf(chainOf([YES]), bench, asker({ priority: 7, slotWaitMs: 45_000 }));
    assert.deepEqual(slots, [[["ollama"], "audierne-docs.document-1", 7, 45_000]]);
  });

  it("that stays taken longer than the job's patience lets this one call go to the next provider, unasked", async () => {
    const [ollama, openai] = chainOf([YES]);
    const bench = brokerThat(async () => ({ kind: "busy", holder: "me", freeAt: undefined, waitedMs: 45_000 }));
    assert.deepEqual(await linesOf([ollama, openai], bench), ["ollama faulted busy", "intend openai 14", "openai answered"]);
    assert.deepEqual([ollama.asked, (bench.entries[0] as { slotWaitMs: number }).slotWaitMs], [[], 45_000]);
  });

  it("that nobody can vouch for, with Redis down, stops the walk: no unlocked call, and nothing to the cloud", async () => {
    const [ollama, openai] = chainOf([YES]);
    const bench = brokerThat(() => Promise.reject(new Fault("redis-unavailable", "Redis does not say")));
    assert.deepEqual(await linesOf([ollama, openai], bench), ["ollama faulted redis-unavailable"]);
    assert.deepEqual(ollama.asked, []);
  });
});

describe("a job that is stopped", () => {
  it("asks nobody any more, and is put off without a failure", async () => {
    const [ollama, openai] = chainOf(["server-error"]);
    const stop = new AbortController();
    stop.abort(new Fault("cancelled", "the worker is stopping"));
    const outcome = await runLocalFirst(taskFor([ollama, openai]), asker({ signal: stop.signal }), ports());
    assert.deepEqual([outcome.kind, ollama.asked, openai.asked], ["postponed", [], []]);
  });

  it("does not even announce to the ledger that a text will leave", async () => {
    const stop = AbortSignal.abort(new Fault("cancelled", "the worker is stopping"));
    const [, openai] = chainOf([]);
    assert.deepEqual(await linesOf([openai], ports(), asker({ signal: stop })), ["openai faulted cancelled"]);
  });

  it("does not ask a second time while it waits for a vendor's time", async () => {
    const [ollama, openai] = chainOf([new Fault("rate-limited", "slow down", { retryAt: new Date(NOW + 1_000) })]);
    const stop = new AbortController();
    const bench = ports();
    const clock = { ...bench.clock, sleep: () => Promise.reject(new Fault("cancelled", "the worker is stopping")) };
    const outcome = await runLocalFirst(taskFor([ollama, openai]), asker({ signal: stop.signal }), { ...bench, clock });
    assert.deepEqual([outcome.kind, ollama.asked.length, openai.asked.length], ["postponed", 1, 0]);
  });
});

it("sixteen questions at once lose no answer while the first provider is down", async () => {
  const [ollama, openai] = chainOf(["unreachable"]);
  const walks = Array.from({ length: 16 }, () => runLocalFirst(taskFor([ollama, openai]), asker(), ports()));
  const answers = (await Promise.all(walks)).filter(
    (one) => one.kind === "answered" && one.result === "yes" && one.by.provider === "openai",
  );
  assert.deepEqual([answers.length, ollama.asked.length, openai.asked.length], [16, 16, 16]);
});
