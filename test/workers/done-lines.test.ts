import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Clock } from "../../src/core/clock.ts";
import type { Log } from "../../src/log.ts";
import { doneLines } from "../../workers/done-lines.ts";

const job = (id: number) => ({ id: `${id}`, name: "validation", processedOn: 100, finishedOn: 107 });

/** What is said of jobs that end at these instants, in ms: one number per line, the jobs it stands for. */
function saidOf(instants: readonly number[]): readonly number[] {
  const said: number[] = [];
  let now = 0;
  const due = new Map<object, { at: number; run(): void }>();
  const pass = (to: number) => {
    now = to;
    for (const [key, { at, run }] of due) if (at <= to && due.delete(key)) run();
  };
  const clock = {
    elapsed: () => now,
    after(ms: number, run: () => void) {
      const key = {};
      due.set(key, { at: now + ms, run });
      return () => void due.delete(key);
    },
  } as Clock;
  const log = { info: ({ count = 1 }: { count?: number }) => void said.push(count) } as unknown as Log;
  const lines = doneLines(log, clock);
  for (const [index, at] of instants.entries()) {
    pass(at);
    lines.done(job(index));
  }
  pass(now + 5_000);
  lines.flush();
  return said;
}

describe("the log of jobs that are done", () => {
  it("has a line for each of a usual day", () => {
    assert.deepEqual(saidOf([0, 300, 900, 60_000]), [1, 1, 1, 1]);
  });
  it("says of a flood the first twenty of a second and the number of the rest, and loses none", () => {
    const said = saidOf(Array.from({ length: 500 }, (_, index) => index * 10));
    assert.equal(
      said.reduce((sum, count) => sum + count, 0),
      500,
    );
    assert.equal(said.length, 5 * 21);
  });
});
