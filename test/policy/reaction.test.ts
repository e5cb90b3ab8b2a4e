import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FAULT_KINDS, Fault, type FaultKind } from "../../src/core/fault.ts";
import { canSucceedLater, decisiveFault, type JobEnd, jobEnd, postponedUntil, type Reaction, reactTo } from "../../src/policy/reaction.ts";

const NOW = new Date("2026-11-24T12:00:00Z");

/** What becomes of a job when this was its end. The compiler wants a row for each way to fail. */
const ENDS: Readonly<Record<FaultKind, JobEnd>> = {
  unreachable: "postpone",
  "timed-out": "retry",
  "server-error": "retry",
  busy: "postpone",
  "rate-limited": "postpone",
  "quota-exhausted": "postpone",
  unauthorized: "fail",
  "model-missing": "fail",
  misconfigured: "fail",
  "prompt-too-long": "fail",
  refused: "fail",
  truncated: "retry",
  "invalid-answer": "retry",
  "invalid-payload": "fail",
  "unreadable-document": "fail",
  "document-changed": "fail",
  "lease-lost": "postpone",
  cancelled: "postpone",
  "redis-unavailable": "postpone",
  "egress-breach": "fail",
  unknown: "fail",
};

const WORDS: Readonly<Record<JobEnd, string>> = {
  postpone: "is put off and burns no attempt",
  retry: "is run again, and fails after its last attempt",
  fail: "fails at once, with its cause",
};

describe("a job that ends with", () => {
  for (const kind of FAULT_KINDS) it(`"${kind}" ${WORDS[ENDS[kind]]}`, () => assert.equal(jobEnd(kind), ENDS[kind]));

  it("a fault of its own input or of our egress rules is never run again unchanged, whoever asks", () => {
    const never = FAULT_KINDS.filter((kind) => !canSucceedLater(kind));
    const input = ["prompt-too-long", "refused", "invalid-payload", "unreadable-document", "document-changed", "egress-breach"];
    assert.deepEqual(new Set(never), new Set(input));
  });
});

describe("a job that is put off", () => {
  for (const kind of FAULT_KINDS.filter((one) => ENDS[one] === "postpone")) {
    it(`by "${kind}" is asked again later, within a day`, () => {
      const inMs = postponedUntil(new Fault(kind, "later"), NOW).getTime() - NOW.getTime();
      assert.ok(inMs > 0 && inMs <= 86_400_000, `${inMs} ms`);
    });
  }
  it("is asked again when the vendor said, and at once when that time has passed", () => {
    const until = (retryAt: string) => postponedUntil(new Fault("rate-limited", "later", { retryAt: new Date(retryAt) }), NOW);
    assert.equal(until("2026-11-24T12:07:00Z").toISOString(), "2026-11-24T12:07:00.000Z");
    assert.equal(until("2026-11-24T11:00:00Z").toISOString(), NOW.toISOString());
  });
});

describe("the reactions at one provider", () => {
  it("never go round in circles: whatever faults come, three questions are the most it is asked", () => {
    for (const first of FAULT_KINDS) {
      for (const second of FAULT_KINDS) {
        for (const third of FAULT_KINDS) assert.ok(askedTimes([first, second, third]) <= 3, `${first}, ${second}, ${third}`);
      }
    }
  });
  it("never send a text on that stopped, even after a retry", () => {
    assert.equal(reactTo(new Fault("refused", "no"), new Set<Reaction>(["retry", "repair"]), NOW), "stop");
    assert.equal(reactTo(new Fault("unknown", "?"), new Set<Reaction>(["retry"]), NOW), "stop");
  });
});

function askedTimes(kinds: readonly FaultKind[]): number {
  const used = new Set<Reaction>();
  for (let asked = 1; ; asked += 1) {
    const kind = kinds[asked - 1];
    if (kind === undefined) return asked;
    const reaction = reactTo(new Fault(kind, "x", { retryAt: NOW }), used, NOW);
    if (reaction !== "retry" && reaction !== "repair") return asked;
    used.add(reaction);
  }
}

describe("of all faults that a chain met", () => {
  it("the one that time heals decides, then the one that a new run may mend, then the first that needs a person", () => {
    const decide = (...kinds: FaultKind[]) => decisiveFault(kinds.map((kind) => new Fault(kind, kind)))?.kind;
    assert.equal(decide("model-missing", "timed-out", "busy", "unreachable"), "busy");
    assert.equal(decide("model-missing", "timed-out", "unauthorized"), "timed-out");
    assert.equal(decide("model-missing", "unauthorized"), "model-missing");
    assert.equal(decide(), undefined);
  });
});
