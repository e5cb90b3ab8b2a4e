import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Job } from "bullmq";
import { startPractice } from "../../src/practice/server.ts";
import { SAMPLES } from "../support/app.ts";
import { homes } from "../support/homes.ts";
import { freePort } from "../support/redis.ts";

const { open, redis } = homes();
/** One that the practice model calls valid. */
const [LETTER] = JSON.parse(readFileSync(join(SAMPLES, "contributions.json"), "utf8")) as [object];

describe("a job that cannot be read", () => {
  for (const [what, data] of [
    ["has unknown fields", { kind: "document", sha256: "0".repeat(64), files: ["a.pdf"], attempts: 1_000_000 }],
    ["is of a kind that nobody knows", { kind: "nonsense" }],
    ["is a number", 7],
    [
      "would change every object of the program",
      JSON.parse('{"kind":"scan","instant":"2026-11-24T12:00:00Z","__proto__":{"polluted":true}}'),
    ],
    ["leads out of the folder", { kind: "document", sha256: "0".repeat(64), files: ["../../../etc/passwd"] }],
  ] as const) {
    it(`because it ${what} fails visibly with its cause, is not run again, and the next one is done`, async (test) => {
      const { app, put, scan, until, work } = await open(test);
      await put("a.txt", "Le conseil municipal a approuvé les travaux du quai.");
      const added = await app.queues.queue("audierne-docs").add("audierne-docs", data, { attempts: 3, jobId: "bad-1" });
      await work();
      const failed = await until("audierne-docs", `${added.id}`, "failed");
      assert.match(failed.failedReason, /^(invalid-payload|unreadable-document): /);
      assert.equal(failed.attemptsMade, 1);
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
      assert.deepEqual(await scan(), { documents: 1, enqueued: 1, unchanged: 0, refused: 0 });
    });
  }
});

describe("a model that answers wrongly", () => {
  it("once is asked again and told what was wrong; the verdict says nothing of it", async (test) => {
    const { app, ledger, practice, submit, until, work } = await open(test);
    practice.misbehave({ kind: "wrong-shape" });
    await work();
    const { jobId, sha256 } = await submit(LETTER);
    await until("validation", jobId, "completed");
    assert.deepEqual(await ledger(), ["ollama faulted invalid-answer", "ollama answered"]);
    assert.equal((await app.stores.contributions.getVerdict(sha256))?.verdict, "valid");
  });

  it("with a category that it invented, twice, is a person's matter at once: nobody else is asked, nothing is mapped", async (test) => {
    const { asked, practice, submit, until, work } = await open(test);
    practice.misbehave({ kind: "invented-category" }, Number.POSITIVE_INFINITY);
    await work();
    const failed = await until("validation", (await submit(LETTER)).jobId, "failed");
    assert.match(failed.failedReason, /^refused: .*a person/);
    assert.deepEqual([failed.attemptsMade, asked.length], [1, 2]);
  });

  for (const how of [{ kind: "wrong-shape" }, { kind: "empty" }, { kind: "says", content: '{"is_valid":true}' }] as const) {
    it(`("${how.kind}") for ever is tried in three runs, then the job fails as "invalid-answer", and there is no verdict`, async (test) => {
      const { asked, dir, practice, submit, until, work } = await open(test);
      practice.misbehave(how, Number.POSITIVE_INFINITY);
      await work();
      const { jobId, sha256 } = await submit(LETTER);
      for (const attempt of [1, 2]) {
        const put = await until("validation", jobId, "delayed");
        assert.equal(put.attemptsMade, attempt);
        await put.promote();
      }
      const failed = await until("validation", jobId, "failed");
      assert.match(failed.failedReason, /^invalid-answer: /);
      assert.deepEqual([failed.attemptsMade, asked.length], [3, 6]);
      assert.equal(existsSync(join(dir, "data", "verdicts", `${sha256}.json`)), false);
    });
  }
});

describe("a local model that is down", () => {
  it("puts the job off, however often it is tried, without burning an attempt or losing it; once it is back the job is done", async (test) => {
    const port = await freePort();
    const settings = { OLLAMA_HOST: `http://127.0.0.1:${port}`, VALIDATION_WAIT_S: "0" };
    const { app, submit, until, work } = await open(test, { settings, pace: 10 });
    await work();
    const { jobId, sha256 } = await submit(LETTER);
    for (let times = 0; times < 60; times += 1) await putOff(await until("validation", jobId, "delayed"));
    const back = await startPractice({ port });
    test.after(() => back.close());
    const done = await until("validation", jobId, "completed");
    assert.equal((await app.stores.contributions.getVerdict(sha256))?.verdict, "valid");
    const { logs } = await app.queues.queue("validation").getJobLogs(jobId);
    assert.ok(logs.length > 0 && logs.length <= 50, `${logs.length} lines`);
    assert.ok(logs.every((line) => /^postponed until [\dT:.Z-]+: unreachable$/.test(line)));
    assert.equal(done.failedReason, undefined);
  });

  it("but full is waited for: its 503 is no failure and no reason to leave the server", async (test) => {
    const { ledger, practice, submit, until, work } = await open(test);
    practice.misbehave({ kind: "status", status: 503, error: "server busy, please try again.  maximum pending requests exceeded" });
    await work();
    const { jobId } = await submit(LETTER);
    await until("validation", jobId, "completed");
    assert.deepEqual(await ledger(), ["ollama faulted busy", "ollama answered"]);
  });

  /** Takes the delay away. @throws when the job burned an attempt or will not come back by itself */
  async function putOff(job: Job): Promise<void> {
    assert.equal(job.attemptsMade, 0);
    assert.ok(job.delay > 0);
    await job.promote();
  }
});

it("the same work enqueued fifty times at once is one job", async (test) => {
  const { app, asked, submit, until, work } = await open(test);
  const added = await Promise.all(Array.from({ length: 50 }, () => submit(LETTER)));
  await work();
  await until("validation", added[0]?.jobId ?? "", "completed");
  assert.deepEqual([new Set(added.map((one) => one.jobId)).size, asked.length], [1, 1]);
  assert.equal((await redis().connect().keys("bull:validation:contribution-*")).filter((key) => key.split(":").length === 3).length, 1);
  assert.equal((await app.queues.queue("validation").getJobCounts()).completed, 1);
});
