import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startScheduler } from "../../workers/scheduler.ts";
import { startProcess } from "../support/app.ts";
import { homes } from "../support/homes.ts";

const { open } = homes();
const DOCS = "audierne-docs";

describe("the schedule of scans", () => {
  it("makes one job per tick and one at the start, in two processes that run at once, each carrying the instant it was due", async (test) => {
    const home = await open(test, { settings: { DOCUMENTS_CRON: "* * * * * *", LOG_LEVEL: "info" } });
    const schedulers = [startProcess("--scheduler", home.env), startProcess("--scheduler", home.env)];
    // Both must have told of the same four instants before they are counted.
    const dues = (lines: readonly string[]) =>
      lines.filter((line) => line.includes('"scan.enqueued"')).map((line) => (JSON.parse(line) as { due: string }).due);
    const told = () => schedulers.map(({ lines }) => dues(lines));
    const common = () => {
      const [one = [], two = []] = told();
      return one.filter((due) => two.includes(due));
    };
    while (common().length < 4) await Promise.all(schedulers.map((one) => one.nextLine()));
    for (const { child } of schedulers) child.kill("SIGTERM");
    const ended = await Promise.all(schedulers.map((one) => one.ends()));
    assert.deepEqual(
      ended.map(({ code }) => code),
      [0, 0],
    );
    const jobs = await home.app.queues.queue(DOCS).getJobs(["waiting"]);
    const instants = jobs.map((job) => (job.data as { instant: string }).instant);
    assert.equal(new Set(instants).size, instants.length, "one job per instant");
    assert.ok(
      told()
        .flat()
        .every((due) => instants.includes(due)),
      "no tick without its job",
    );
    assert.ok(
      instants.every((instant) => /^[\d-]+T[\d:]+\.000Z$/.test(instant)),
      instants.join(" "),
    );
    for (const name of told()) assert.equal(new Set(name).size, name.length, "nobody fires a tick twice");
  });

  it("looks into the folder once at the start, whenever the next tick is, and not again when it is started twice in one minute", async (test) => {
    const { app } = await open(test, { settings: { DOCUMENTS_CRON: "0 3 1 1 *" } });
    const now = new Date("2026-10-25T00:30:12.345Z");
    const parts = { ...app, clock: { ...app.clock, now: () => now } };
    for (const scheduler of [await startScheduler(parts), await startScheduler(parts)]) await scheduler.stop();
    const jobs = await app.queues.queue(DOCS).getJobs(["waiting"]);
    assert.deepEqual(
      jobs.map((job) => [job.id, job.data as unknown]),
      [["scan-20261025003000000", { kind: "scan", instant: "2026-10-25T00:30:00.000Z" }]],
    );
  });
});
