import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { listDocuments } from "../../src/documents/shelf.ts";
import { type Home, type HomeOptions, openHome, startProcess } from "../support/app.ts";
import { startRedis } from "../support/redis.ts";

/** A program with a Redis of its own: these tests take long and run at the same time. */
async function open(test: TestContext, options: HomeOptions) {
  const redis = await startRedis();
  const home = await openHome(redis, options);
  test.after(async () => {
    await home.close();
    await redis.stop();
  });
  return { home, redis };
}
const DOCS = "audierne-docs";
/** Several chunks and themes: enough to be interrupted in the middle. */
const LONG = "reunion-publique-2026-02-05-transcription.md";

const LONGER = "conseil-transcription.md";
/** Three speakers by turns, each time about something else. */
function transcript(): string {
  const names = ["Maëlle Kerdraon", "Yann Le Guirriec", "Marine Tanneau"];
  const clock = (turn: number): string => [turn / 60, turn % 60, 0].map((part) => `${Math.floor(part)}`.padStart(2, "0")).join(":");
  const turn = (at: number): string => {
    const said = `Merci. Le point ${at} concerne les travaux du quai numéro ${at}, pour un montant de ${1_000 + at} €. Le conseil a approuvé ce projet. `;
    return `${clock(at)} ${names[at % 3]}\n${said.repeat(3)}\n`;
  };
  return Array.from({ length: 240 }, (_, at) => turn(at)).join("\n");
}

/** Enqueues the one document of the folder, without anybody to work on it yet. */
async function enqueueDocument({ app, putSample }: Home): Promise<string> {
  await putSample(LONG);
  const [item] = await listDocuments(app.config.DOCUMENTS_DIR);
  assert.ok(item?.kind === "document");
  const { jobId } = await app.queues.enqueue(DOCS, { kind: "document", sha256: item.sha256, files: [LONG] });
  return jobId;
}

/** Each question, with how often it was asked. */
const timesAsked = ({ asked }: Home): readonly number[] => {
  const counts = new Map<string, number>();
  for (const body of asked) counts.set(JSON.stringify(body), (counts.get(JSON.stringify(body)) ?? 0) + 1);
  return [...counts.values()];
};

describe("a worker", { concurrency: true }, () => {
  it("that is killed in mid-document is followed by one that finishes: no answered question is asked again, one result, one set of reports, no lock left", async (test) => {
    const { home, redis } = await open(test, { practice: { tokenDelayMs: 1 } });
    const jobId = await enqueueDocument(home);
    const first = startProcess("--worker", home.env);
    await home.practice.until(({ served, working }) => served >= 2 && working === 1);
    await first.kill();
    const killedAt = performance.now();
    const answered = home.practice.stats().served;
    const second = startProcess("--worker", home.env);
    await home.practice.until(({ served }) => served > answered);
    assert.ok(performance.now() - killedAt < 25_000, "taken up again within 25 s");
    const done = await home.until(DOCS, jobId, "completed");
    assert.deepEqual(
      timesAsked(home)
        .toSorted((a, b) => b - a)
        .slice(0, 2),
      [2, 1],
      "only the interrupted question twice",
    );
    assert.equal(home.practice.stats().maxWorking, 1);
    assert.deepEqual([(await home.app.stores.results.all()).length, done.attemptsMade], [1, 1]);
    assert.equal((await readdir(join(home.dir, "out", "documents"))).length, 1);
    second.child.kill("SIGTERM");
    assert.equal((await second.ends()).code, 0);
    assert.equal(await redis.connect(6).get("lock:ollama:global"), null);
  });

  it("that is killed twice over a transcript of 90,000 characters repeats no answered question, and knows no speaker's name", async (test) => {
    const { home } = await open(test, { practice: { tokenDelayMs: 1 } });
    await writeFile(join(home.app.config.DOCUMENTS_DIR, LONGER), transcript());
    const [item] = await listDocuments(home.app.config.DOCUMENTS_DIR);
    assert.ok(item?.kind === "document" && item.bytes > 90_000);
    const { jobId } = await home.app.queues.enqueue(DOCS, { kind: "document", sha256: item.sha256, files: [LONGER] });
    for (let kills = 0; kills < 2; kills += 1) {
      const worker = startProcess("--worker", home.env);
      const before = home.practice.stats().served;
      await home.practice.until(({ served, working }) => served >= before + 3 && working === 1);
      await worker.kill();
    }
    const last = startProcess("--worker", home.env);
    await home.until(DOCS, jobId, "completed");
    const repeated = timesAsked(home).filter((times) => times > 1);
    assert.ok(repeated.length <= 2 && repeated.every((times) => times === 2), `only what was interrupted: ${repeated}`);
    const [result] = await home.app.stores.results.all();
    assert.equal(result?.document.speakersMasked, 3);
    assert.doesNotMatch(JSON.stringify([home.asked, result]), /Kerdraon|Guirriec|Tanneau/);
    last.child.kill("SIGTERM");
    assert.equal((await last.ends()).code, 0);
  });

  it("that is asked to stop in mid-document ends cleanly within ten seconds, gives the job and the lock back at once, and no attempt is burned", async (test) => {
    const { home, redis } = await open(test, { practice: { tokenDelayMs: 1 } });
    const jobId = await enqueueDocument(home);
    const worker = startProcess("--worker", home.env);
    await home.practice.until(({ served, working }) => served >= 1 && working === 1);
    worker.child.kill("SIGTERM");
    const { code, ms } = await worker.ends();
    assert.ok(code === 0 && ms < 10_000, `code ${code} after ${ms} ms`);
    const job = await home.until(DOCS, jobId, "delayed");
    assert.deepEqual([job.attemptsMade, job.failedReason], [0, undefined]);
    assert.equal(await redis.connect(6).get("lock:ollama:global"), null);
    assert.equal(home.practice.stats().aborted, 1);
    assert.ok(
      worker.lines.every((line) => !line.includes('"level":50')),
      worker.lines.join("\n"),
    );
  });

  it("that is asked to stop while Redis hangs ends within ten seconds, and the job is not lost", async (test) => {
    const { home, redis } = await open(test, { practice: { tokenDelayMs: 1 } });
    const jobId = await enqueueDocument(home);
    const worker = startProcess("--worker", home.env);
    await home.practice.until(({ working }) => working === 1);
    redis.signal("SIGSTOP");
    worker.child.kill("SIGTERM");
    const { ms } = await worker.ends().finally(() => redis.signal("SIGCONT"));
    assert.ok(ms < 10_000, `${ms} ms`);
    assert.equal(await home.app.queues.queue(DOCS).getJobState(jobId), "active", "another worker takes it up, as after a kill");
  });
});
