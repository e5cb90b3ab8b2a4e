import assert from "node:assert/strict";
import { it } from "node:test";
import { startWorkers } from "../../workers/start-worker.ts";
import { homes } from "../support/homes.ts";

const { open } = homes();
const LETTER = { title: "Banc public", body: "Je propose d'installer un banc à l'ombre près de l'école, pour les parents qui attendent." };

it("a run of a job that does not end within its deadline is stopped, closes its call, gives the lock back, and is run again later", async (test) => {
  const home = await open(test);
  home.practice.misbehave({ kind: "silent" });
  const definitions = home.app.definitions.map((one) => ({ ...one, policy: { ...one.policy, runMs: 400, backoffMs: 100 } }));
  const workers = startWorkers(definitions, home.app);
  test.after(() => workers.stop());
  await workers.ready();
  const { jobId } = await home.submit(LETTER);
  await home.untilLedger("ollama faulted timed-out");
  const job = await home.until("validation", jobId, "delayed");
  assert.deepEqual([job.attemptsMade, job.failedReason], [1, "timed-out: the job did not end within 0 min: what was answered is kept"]);
  await job.promote();
  await home.until("validation", jobId, "completed");
  assert.deepEqual(await home.ledger(), ["ollama faulted timed-out", "ollama answered"]);
});
