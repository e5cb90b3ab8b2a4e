import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { progressOf } from "../../jobs/progress.ts";
import type { JobProgress } from "../../src/core/job.ts";

function steps() {
  const shown: JobProgress[] = [];
  let seconds = 0;
  const show = progressOf({ now: () => new Date(Date.UTC(2026, 10, 25) + seconds * 1_000), progress: async (one) => void shown.push(one) });
  return {
    shown,
    async at(second: number, done: number, doing: JobProgress["doing"] = "analysing") {
      seconds = second;
      await show({ done, total: 10, unit: "pages", doing });
      return shown.at(-1)?.endsAt;
    },
  };
}

describe("the end of a job", () => {
  it("is reckoned from what this run has done, not from what it found done", async () => {
    const run = steps();
    assert.equal(await run.at(0, 4), undefined);
    assert.equal(await run.at(30, 5), undefined, "one step says nothing");
    assert.equal(await run.at(60, 6), "2026-11-25T00:03:00.000Z");
  });
  it("is reckoned anew for another kind of work, and not said of what is done", async () => {
    const run = steps();
    await run.at(0, 0, "reading");
    await run.at(10, 5, "reading");
    assert.equal(await run.at(20, 10, "reading"), undefined);
    assert.equal(await run.at(20, 0), undefined);
    assert.equal(await run.at(620, 2), "2026-11-25T00:50:20.000Z");
  });
});
