import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, it, type TestContext } from "node:test";
import { failWith, testQueues } from "../queue/failing.ts";
import type { Ran } from "../support/command.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { listen, placeFor } from "./place.ts";

const SCRIPT = "scripts/revalidate-errors.ts";

interface Result {
  readonly dryRun: boolean;
  readonly considered: number;
  readonly reenqueued: number;
  readonly skipped: readonly { readonly jobId: string; readonly queue: string; readonly cause: string; readonly why: string }[];
  readonly jobs: readonly { readonly jobId: string; readonly cause: string; readonly message: string }[];
  readonly interrupted: boolean;
}
const resultOf = ({ stdout }: Pick<Ran, "stdout">): Result => JSON.parse(stdout) as Result;
const many = (count: number, reason: string) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, reason]));

describe("npm run revalidate", () => {
  let redis: TestRedis;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.stop());
  beforeEach(async () => {
    await redis.connect().flushall();
  });
  const place = (test: TestContext) => placeFor(test, { REDIS_URL: redis.url });
  const waiting = (): Promise<readonly string[]> => redis.connect().lrange("bull:validation:wait", 0, -1);

  it("puts each of 200 failed jobs back exactly once when five people run it at once", async (test) => {
    const ids = await failWith(redis, testQueues(test, redis), many(200, "unauthorized: the key is refused"));
    const here = place(test);
    const runs = await Promise.all(Array.from({ length: 5 }, () => here.run(SCRIPT, "--json")));
    assert.deepEqual(
      runs.map(({ code, stderr }) => [code, stderr]),
      Array.from({ length: 5 }, () => [0, ""]),
    );
    const results = runs.map(resultOf);
    assert.equal(
      results.reduce((sum, { reenqueued }) => sum + reenqueued, 0),
      200,
    );
    assert.deepEqual(new Set(results.flatMap(({ jobs }) => jobs.map(({ jobId }) => jobId))), new Set(ids));
    assert.deepEqual((await waiting()).toSorted(byName), ids.toSorted(byName));
    for (const { skipped } of results) assert.ok(skipped.every(({ why }) => why === "taken-by-another-run"));
  });

  it("tells a person what it did, what it left and why, with cause and message", async (test) => {
    const here = testQueues(test, redis);
    await failWith(redis, here, { a: "model-missing: run ollama pull", b: "refused: the model declined" });
    const { code, stdout, stderr } = await place(test).run(SCRIPT);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /Put back in line: 1 of 2 failed jobs/);
    assert.match(stdout, /contribution-a-\w+ .* model-missing +│ run ollama pull/);
    assert.match(stdout, /Left as they are: 1[\s\S]*contribution-b-\w+ .* refused .* cannot succeed unchanged/);
  });

  it("puts a job back whose model insisted on an invented category, when a person says so, and only then", async (test) => {
    const here = testQueues(test, redis);
    const insists =
      "refused: the model insists on words that are in no list of ours: category (invalid_value); a person must look at the text";
    const ids = await failWith(redis, here, { a: insists, b: "unreadable-document: it is a link" });
    const found = async (...words: string[]) => resultOf(await place(test).run(SCRIPT, "--json", "--cause", "refused", ...words));
    assert.deepEqual([(await found()).reenqueued, await waiting()], [0, []]);
    assert.deepEqual([(await found("--anyway")).reenqueued, await waiting()], [1, ids.slice(0, 1)]);
  });

  it("changes nothing in a dry run, and chooses by queue, cause, time and number", async (test) => {
    await failWith(redis, testQueues(test, redis), { a: "unauthorized: no", b: "model-missing: pull it", c: "unknown: x" });
    const here = place(test);
    const found = async (...words: string[]) => resultOf(await here.run(SCRIPT, "--dry-run", "--json", ...words));
    const all = await found();
    assert.deepEqual([all.dryRun, all.considered, all.reenqueued, all.jobs.length], [true, 3, 0, 3]);
    assert.deepEqual((await found("--cause", "unauthorized", "--cause", "unknown")).jobs.map(({ cause }) => cause).toSorted(byName), [
      "unauthorized",
      "unknown",
    ]);
    assert.equal((await found("--queue", "audierne-docs")).considered, 0);
    assert.equal((await found("--since", "24h", "--limit", "2")).jobs.length, 2);
    assert.equal((await found("--since", new Date(Date.now() + 60_000).toISOString())).considered, 0);
    assert.deepEqual(await waiting(), []);
    assert.equal(resultOf(await here.run(SCRIPT, "--json", "--limit", "1")).reenqueued, 1);
    assert.equal((await waiting()).length, 1);
  });

  it("loses nothing when it is stopped in the middle", async (test) => {
    const count = 1_000;
    await failWith(redis, testQueues(test, redis), many(count, "unauthorized: the key is refused"));
    const child = place(test).start(SCRIPT, "--json");
    const [result, said] = [listen(child.stdout), listen(child.stderr)];
    // As soon as the first one is back in line.
    await redis.connect().blmove("bull:validation:wait", "bull:validation:wait", "LEFT", "LEFT", 10);
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "close"), [130, null], said.text());
    const done = resultOf({ stdout: result.text() });
    assert.ok(done.interrupted && done.reenqueued < count, `${done.reenqueued}`);
    assert.equal((await waiting()).length, done.reenqueued);
    assert.equal(await redis.connect().zcard("bull:validation:failed"), count - done.reenqueued);
    assert.equal(resultOf(await place(test).run(SCRIPT, "--json")).reenqueued, count - done.reenqueued);
  });

  it("names a damaged record as unreadable and goes on", async (test) => {
    const here = testQueues(test, redis);
    const [damaged = "", whole] = await failWith(redis, here, { a: "unknown: x", b: "unknown: x" });
    await here.client.hset(here.queue.toKey(damaged), "data", "{not json");
    const done = resultOf(await place(test).run(SCRIPT, "--json"));
    assert.deepEqual(
      done.skipped.map(({ jobId, queue, why }) => [jobId, queue, why]),
      [[damaged, "validation", "unreadable"]],
    );
    assert.deepEqual(
      done.jobs.map(({ jobId }) => jobId),
      [whole],
    );
  });

  it("refuses wrong words with exit code 2, and names what it knows", async (test) => {
    const here = place(test);
    const cases: readonly (readonly [words: readonly string[], said: RegExp])[] = [
      [["--cause", "nonsense"], /--cause nonsense is not a cause: unreachable, .*, stalled/],
      [["--queue", "nonsense"], /--queue nonsense is not a queue: audierne-docs, validation/],
      [["--since", "yesterday"], /--since is a time such as 24h/],
      [["--limit", "0"], /--limit is a whole number from 1/],
      [["word"], /it takes no "word"/],
    ];
    for (const [words, said] of cases) {
      const { code, stdout, stderr } = await here.run(SCRIPT, ...words);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
    }
  });

  it("ends with a sentence when Redis goes away, and does not hang", async (test) => {
    const own = await startRedis();
    test.after(() => own.stop());
    const here = testQueues(test, own);
    await failWith(own, here, many(500, "unauthorized: the key is refused"));
    await here.queues.close();
    const child = placeFor(test, { REDIS_URL: own.url }).start(SCRIPT, "--json");
    const said = listen(child.stderr);
    await own.connect().blmove("bull:validation:wait", "bull:validation:wait", "LEFT", "LEFT", 10);
    await own.kill();
    assert.deepEqual(await once(child, "close"), [1, null]);
    assert.match(said.text(), /^npm run revalidate: Redis does not answer any more: run the command again/);
    assert.doesNotMatch(said.text(), /^ {4}at /m);
    const dead = await placeFor(test, { REDIS_URL: `redis://127.0.0.1:${await freePort()}` }).run(SCRIPT);
    assert.equal(dead.code, 1);
  });
});

const byName = (a: string, b: string): number => (a < b ? -1 : 1);
