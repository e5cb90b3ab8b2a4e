import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import { runLocalFirst } from "../../src/failover/run.ts";
import { asker, chainOf, engine, IN, LOCAL, linesOf, NOW, ports, taskFor, YES } from "./ports.ts";

describe("a chain of local Ollama, then OpenAI (US), then Mistral (FR)", () => {
  it("asks nobody else when the local model answers, and nothing leaves the server", async () => {
    assert.deepEqual(await linesOf(chainOf([YES])), ["ollama answered"]);
  });

  it("writes down that 14 characters are about to leave before it asks OpenAI", async () => {
    assert.deepEqual(await linesOf(chainOf(["unreachable"])), ["ollama faulted unreachable", "intend openai 14", "openai answered"]);
  });

  it("skips OpenAI and asks Mistral when the local model is busy and egress is limited to the EU", async () => {
    const bench = ports({ refused: { openai: "outside-eu" } });
    const lines = ["ollama faulted busy", "openai skipped outside-eu", "intend mistral 14", "mistral answered"];
    assert.deepEqual(await linesOf(chainOf(["busy"]), bench), lines);
  });

  it("passes over a provider without a key without a line, since a missing setting decides nothing about this text", async () => {
    const [ollama, openai, mistral] = chainOf(["busy"]);
    const lines = ["ollama faulted busy", "intend mistral 14", "mistral answered"];
    assert.deepEqual(await linesOf([ollama, { ...openai, unavailable: "no-key" as const }, mistral]), lines);
  });

  it("says in the result who answered with which model, and why each earlier one did not", async () => {
    const [ollama, openai, mistral] = chainOf(["timed-out"], ["unauthorized"]);
    const gemini = engine("gemini", IN("US"), [YES], { unavailable: "no-key" });
    const outcome = await runLocalFirst(taskFor([ollama, gemini, openai, mistral]), asker(), ports());
    assert.ok(outcome.kind === "answered");
    assert.deepEqual([outcome.by.provider, outcome.by.model, outcome.by.site], ["mistral", "mistral-1", IN("FR")]);
    const why = outcome.by.attempts.map(
      (one) => `${one.provider} ${one.kind === "skipped" ? one.why : one.kind === "faulted" ? one.fault : one.model}`,
    );
    assert.deepEqual(why, ["ollama timed-out", "gemini no-key", "openai unauthorized", "mistral mistral-1"]);
  });

  it("notes for each attempt why its turn came, what it cost and what left the server", async () => {
    const bench = ports();
    await runLocalFirst(taskFor(chainOf(["timed-out"])), asker(), bench);
    const told = bench.entries.map((one) => ("costEur" in one ? [one.reason, one.egressChars, one.costEur] : [one.reason]));
    assert.deepEqual(told, [["first", 0, undefined].slice(0, 1), ["ollama timed-out"], ["ollama timed-out", 14, 0.01]]);
    assert.equal(bench.entries[1]?.attempt, bench.entries[2]?.attempt);
  });
});

/** How often the engine is asked, and whether the text then goes on to the next one. The compiler wants a row for each way to fail. */
const REACTIONS: Readonly<Record<FaultKind, readonly [asked: 1 | 2, then: "asks the next one" | "stops"]>> = {
  unreachable: [1, "asks the next one"],
  "timed-out": [1, "asks the next one"],
  "server-error": [2, "asks the next one"],
  busy: [1, "asks the next one"],
  "rate-limited": [1, "asks the next one"],
  "quota-exhausted": [1, "asks the next one"],
  unauthorized: [1, "asks the next one"],
  "model-missing": [1, "asks the next one"],
  misconfigured: [1, "stops"],
  "prompt-too-long": [1, "stops"],
  refused: [1, "stops"],
  truncated: [2, "asks the next one"],
  "invalid-answer": [2, "asks the next one"],
  "invalid-payload": [1, "stops"],
  "unreadable-document": [1, "stops"],
  "document-changed": [1, "stops"],
  "lease-lost": [1, "stops"],
  cancelled: [1, "stops"],
  "redis-unavailable": [1, "stops"],
  "egress-breach": [1, "stops"],
  unknown: [1, "stops"],
};

describe("a fault of the local model", () => {
  for (const [kind, [asked, then]] of Object.entries(REACTIONS) as [FaultKind, (typeof REACTIONS)[FaultKind]][]) {
    it(`"${kind}": asks it ${asked === 1 ? "once" : "twice"} and ${then}`, async () => {
      const faulted = Array.from({ length: asked }, () => `ollama faulted ${kind}`);
      const next = then === "stops" ? [] : ["intend openai 14", "openai answered"];
      assert.deepEqual(await linesOf(chainOf([kind])), [...faulted, ...next]);
    });
  }

  it("an error of our own that nobody foresaw stops the walk, rather than leak the text to the next provider", async () => {
    const [, openai] = chainOf([]);
    const broken = engine("ollama", LOCAL, [], { call: () => Promise.reject(new TypeError("x is not a function")) });
    assert.deepEqual(await linesOf([broken, openai]), ["ollama faulted unknown"]);
  });
});

describe("an answer that is not in the asked shape", () => {
  it("is never a result, however often it comes", async () => {
    const outcome = await runLocalFirst(taskFor(chainOf(["says no"], ["says maybe"], ["says YES"])), asker(), ports());
    assert.ok(outcome.kind === "failed" && outcome.fault.kind === "invalid-answer");
  });

  it("is asked for once more at the same provider, quoting what was wrong, and then accepted when it is right", async () => {
    const [ollama, ...clouds] = chainOf(["says no", YES]);
    assert.deepEqual(await linesOf([ollama, ...clouds]), ["ollama faulted invalid-answer", "ollama answered"]);
    assert.deepEqual(ollama.asked, ["Is this valid?", "Is this valid? [the answer has not the asked shape: verdict (invalid_value)]"]);
  });

  it("is paid and counted with all that left, the words of the second question included", async () => {
    const [ollama, openai] = chainOf(["busy"], ["says no", YES]);
    const lines = ["ollama faulted busy", "intend openai 14", "openai faulted invalid-answer", "intend openai 76", "openai answered"];
    assert.deepEqual(await linesOf([ollama, openai]), lines);
  });

  it("goes to the next provider as the first question, not with another one's mistakes in it", async () => {
    const [ollama, openai] = chainOf(["says no"]);
    await linesOf([ollama, openai]);
    assert.deepEqual(openai.asked, ["Is this valid?"]);
  });
});

describe("a provider that asks to wait", () => {
  const limited = (inMs: number) => new Fault("rate-limited", "slow down", { retryAt: new Date(NOW + inMs) });

  it("is waited for when it names up to five seconds, once", async () => {
    const bench = ports();
    const lines = ["ollama faulted rate-limited", "ollama faulted rate-limited", "intend openai 14", "openai answered"];
    assert.deepEqual(await linesOf(chainOf([limited(4_000)]), bench), lines);
    assert.deepEqual(bench.sleptMs, [4_000]);
  });

  it("is not waited for when it names more: the next one is asked", async () => {
    assert.deepEqual(await linesOf(chainOf([limited(6_000)])), ["ollama faulted rate-limited", "intend openai 14", "openai answered"]);
  });
});
