import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FAULT_KINDS, Fault, type FaultKind } from "../../src/core/fault.ts";
import { afterFault, gateOf, probing, type Trouble } from "../../src/policy/breaker.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const fault = (kind: FaultKind, retryInMs?: number): Fault =>
  new Fault(kind, "x", retryInMs === undefined ? {} : { retryAt: new Date(NOW + retryInMs) });
const pauseMs = (trouble: Trouble | undefined, at = NOW): number | undefined =>
  trouble === undefined || trouble.kind === "shaky" ? undefined : trouble.until - at;
const after = (...kinds: readonly FaultKind[]): Trouble | undefined =>
  kinds.reduce<Trouble | undefined>((known, kind) => afterFault(known, fault(kind), NOW), undefined);

/** Seconds a target is left alone after one such fault, and after two. The compiler wants a row for each way to fail. */
const PAUSES: Readonly<Record<FaultKind, readonly [one: number | "none", two: number | "none"]>> = {
  unreachable: [2, 2],
  "timed-out": ["none", 5],
  "server-error": ["none", 5],
  "rate-limited": [20, 20],
  "quota-exhausted": [3_600, 3_600],
  unauthorized: [300, 300],
  "model-missing": [30, 30],
  busy: ["none", "none"],
  misconfigured: ["none", "none"],
  "prompt-too-long": ["none", "none"],
  refused: ["none", "none"],
  truncated: ["none", "none"],
  "invalid-answer": ["none", "none"],
  "invalid-payload": ["none", "none"],
  "unreadable-document": ["none", "none"],
  "document-changed": ["none", "none"],
  "lease-lost": ["none", "none"],
  cancelled: ["none", "none"],
  "redis-unavailable": ["none", "none"],
  "egress-breach": ["none", "none"],
  unknown: ["none", "none"],
};

describe("a provider is left alone", () => {
  for (const kind of FAULT_KINDS) {
    const [one, two] = PAUSES[kind];
    const words = (seconds: number | "none") => (seconds === "none" ? "not at all" : `for ${seconds} s`);
    it(`${words(one)} after one "${kind}", ${words(two)} after two in a row`, () => {
      const pauses = [after(kind), after(kind, kind)].map((known) => pauseMs(known));
      assert.deepEqual(
        pauses,
        [one, two].map((seconds) => (seconds === "none" ? undefined : seconds * 1_000)),
      );
    });
  }

  it("until the time the vendor named, and for a day at most", () => {
    assert.equal(pauseMs(afterFault(undefined, fault("rate-limited", 47_000), NOW)), 47_000);
    assert.equal(pauseMs(afterFault(undefined, fault("quota-exhausted", 30 * 86_400_000), NOW)), 86_400_000);
    assert.equal(pauseMs(afterFault(undefined, fault("rate-limited", -5_000), NOW)), 0);
  });

  it("twice as long each time it is still down, never more than 15 s, so that it is back within half a minute", () => {
    let known: Trouble | undefined;
    const pauses: (number | undefined)[] = [];
    for (let at = NOW; pauses.length < 6; at += pauses.at(-1) ?? 0) {
      known = afterFault(known === undefined ? undefined : probing(known, at), fault("unreachable"), at);
      pauses.push(pauseMs(known, at));
    }
    assert.deepEqual(pauses, [2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it("not longer because calls that were already out fail too", () => {
    const first = after("unreachable");
    assert.equal(afterFault(first, fault("unreachable"), NOW + 1_000), first);
  });

  it("and one that stumbles once and then works is not: two faults in a row it takes, not two in a life", () => {
    assert.deepEqual(after("server-error"), { kind: "shaky", faults: 1 });
    assert.deepEqual(gateOf(after("server-error"), NOW), { kind: "go" });
  });
});

describe("when the pause of a provider is over", () => {
  const open = after("unreachable") ?? assert.fail();
  it("one call finds out, and all others hold until it has", () => {
    assert.equal(gateOf(open, NOW + 1_999).kind, "hold");
    assert.equal(gateOf(open, NOW + 2_000).kind, "probe");
    const claimed = probing(open, NOW + 2_000);
    assert.equal(gateOf(claimed, NOW + 2_001).kind, "hold");
  });

  it("another call may try when nothing was heard of that one for half a minute", () => {
    assert.equal(gateOf(probing(open, NOW), NOW + 30_000).kind, "probe");
  });

  it("it is still known since when it has been in trouble, and why", () => {
    const again = afterFault(probing(open, NOW + 2_000), fault("server-error"), NOW + 2_100);
    const gate = gateOf(again, NOW + 2_200);
    assert.deepEqual([gate.kind === "hold" && gate.since.getTime(), gate.kind === "hold" && gate.why], [NOW, "server-error"]);
  });
});
