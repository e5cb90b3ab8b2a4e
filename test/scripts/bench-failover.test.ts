import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FailoverResult } from "../../scripts/bench/failover/table.ts";
import { isKept, shown, TARGETS } from "../../scripts/bench/failover/table.ts";
import { runNode } from "../support/command.ts";

const result: FailoverResult = {
  overheadRatio: 0.2,
  directMs: 1,
  walkMs: 2,
  failovers: {
    refused: { addedMs: 0.2, ratio: 0.2 },
    "500": { addedMs: 0.2, ratio: 0.2 },
    "429": { addedMs: 0.2, ratio: 0.2 },
    known: { addedMs: 0.1, ratio: 0.1 },
    withoutWire: { addedMs: 0.1, ratio: 0.1 },
    bareRefusal: { addedMs: 0.1, ratio: 0.1 },
  },
  leftBehind: [{ fault: "500", ecluseMs: 5, sdkDefaultMs: 1_300, ratio: 260 }],
  rounds: 1,
  node: "v24",
};

describe("npm run bench:failover", () => {
  it("measures both sides in one run: less is added by a provider known to be in trouble than by one that is asked and fails", async () => {
    const { code, stdout } = await runNode("scripts/bench-failover.ts", ["--json", "--rounds", "30"]);
    const measured = JSON.parse(stdout) as FailoverResult & { readonly targets: typeof TARGETS };
    const { refused, known, ...failovers } = measured.failovers;
    assert.equal(measured.overheadRatio, refused.ratio);
    assert.ok(known.addedMs < failovers["500"].addedMs, JSON.stringify(measured.failovers));
    assert.deepEqual(
      measured.leftBehind.map(({ fault }) => fault),
      ["refused", "500", "429"],
    );
    // The client's own pauses are a second and more, whatever the machine.
    for (const { ecluseMs, sdkDefaultMs } of measured.leftBehind)
      assert.ok(ecluseMs < sdkDefaultMs / 5, JSON.stringify(measured.leftBehind));
    assert.deepEqual(measured.targets, TARGETS);
    assert.equal(code, isKept(measured) ? 0 : 1);
  });

  it("says of each promise whether it was kept", () => {
    assert.match(shown(result), /<= 0\.25 kept[\s\S]*>= 100 kept/);
    assert.equal(isKept(result), true);
    const slow = { ...result, overheadRatio: 0.26, failovers: { ...result.failovers, refused: { addedMs: 0.26, ratio: 0.26 } } };
    assert.match(shown(slow), /<= 0\.25 NOT KEPT/);
    assert.equal(isKept(slow), false);
    const late = { ...result, leftBehind: [{ fault: "429", ecluseMs: 20, sdkDefaultMs: 1_300, ratio: 65 }] };
    assert.match(shown(late), />= 100 NOT KEPT/);
    assert.equal(isKept(late), false);
  });

  it("ends with 2 for a number of rounds that is none", async () => {
    const { code, stdout, stderr } = await runNode("scripts/bench-failover.ts", ["--rounds", "many"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /--rounds must be a whole number/);
  });
});
