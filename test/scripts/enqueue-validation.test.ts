import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, beforeEach, describe, it, type TestContext } from "node:test";
import { type PracticeServer, startPractice } from "../../src/practice/server.ts";
import type { Ran } from "../support/command.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { listen, placeFor, startTestWorkers } from "./place.ts";

const SCRIPT = "scripts/enqueue-validation.ts";
const MARK = "Quarante-deux goélands rient sous le kiosque.";
const good = (id: string) => ({ id, title: `Des bancs au port ${id}`, body: `${MARK} Il faudrait trois bancs de plus sur le quai.` });
const states = ({ stdout }: Ran) => JSON.parse(stdout) as { id: string; jobId: string; state: string; verdict?: object; cause?: string }[];

describe("npm run validate", () => {
  let redis: TestRedis;
  let practice: PracticeServer;
  before(async () => {
    [redis, practice] = await Promise.all([startRedis(), startPractice()]);
  });
  after(() => Promise.all([redis.stop(), practice.close()]));
  beforeEach(async () => {
    practice.behave();
    await redis.connect().flushall();
  });

  const place = (test: TestContext, settings: Readonly<Record<string, string>> = {}) =>
    placeFor(test, { REDIS_URL: redis.url, OLLAMA_HOST: practice.url, OLLAMA_MODEL: "practice", ...settings });
  const waitingJobs = async (): Promise<number> => redis.connect().llen("bull:validation:wait");

  it("waits for the verdicts of a file, gives them as one JSON document, and asks the model nothing twice", async (test) => {
    const here = place(test);
    await startTestWorkers(test, here, redis);
    writeFileSync(here.path("all.json"), JSON.stringify({ generated_at: "2026", contributions: [good("a"), good("b"), good("c")] }));
    const first = await here.run(SCRIPT, "all.json", "--wait", "--json");
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(
      states(first).map(({ id, state, verdict }) => [id, state, (verdict as { contribution: string }).contribution]),
      ["a", "b", "c"].map((id) => [id, "done", id]),
    );
    assert.match(first.stdout, /"practice": true/);
    const asked = practice.stats().served;
    const second = await here.run(SCRIPT, "all.json", "--wait", "--json");
    assert.deepEqual([second.code, states(second)], [0, states(first)]);
    assert.equal(practice.stats().served, asked);
  });

  it("--forgotten puts back what a Redis that lost its data has forgotten: no failed one, no judged one, nothing twice", async (test) => {
    const here = place(test);
    const enqueue = async (id: string): Promise<void> => {
      writeFileSync(here.path("one.json"), JSON.stringify(good(id)));
      assert.equal((await here.run(SCRIPT, "one.json")).code, 0);
    };
    const again = async () => states(await here.run(SCRIPT, "--forgotten", "--json")).map(({ id, state }) => [id, state]);
    await enqueue("lost-1");
    await enqueue("lost-2");
    assert.deepEqual(await again(), [], "both have a job");
    await redis.connect().flushall();
    await enqueue("waiting");
    assert.deepEqual(await again(), [
      ["lost-1", "enqueued"],
      ["lost-2", "enqueued"],
    ]);
    assert.deepEqual([await again(), await waitingJobs()], [[], 3]);
    await startTestWorkers(test, here, redis);
    const ended = await here.run(SCRIPT, "one.json", "--wait", "--json");
    assert.equal(ended.code, 0, ended.stderr);
    await redis.connect().flushall();
    assert.ok(!(await again()).some(([id]) => id === "waiting"), "judged");
  });

  it("prints a table for a person, with who answered", async (test) => {
    const here = place(test);
    await startTestWorkers(test, here, redis);
    const { code, stdout } = await here.run(
      SCRIPT,
      "--title",
      "Des bancs",
      "--body",
      "Trois bancs sur le quai, merci.",
      "--id",
      "b1",
      "--wait",
    );
    assert.equal(code, 0);
    assert.match(stdout, /b1 +│ done +│ (valid|invalid|undecided) .* ollama \(practice\)/);
  });

  it("enqueues without waiting, and the same twice is one job", async (test) => {
    const here = place(test);
    const words = ["--constat", "Il fait noir rue du Port.", "--idees", "Deux lampes de plus.", "--category", "logement", "--json"];
    const [first, second] = [await here.run(SCRIPT, ...words), await here.run(SCRIPT, ...words)];
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.deepEqual([states(first)[0]?.state, states(second)[0]?.state], ["enqueued", "already"]);
    assert.equal(states(first)[0]?.jobId, states(second)[0]?.jobId);
    assert.equal(await waitingJobs(), 1);
  });

  it("reads JSON lines from standard input", async (test) => {
    const here = place(test);
    const child = here.start(SCRIPT, "-", "--json");
    const said = listen(child.stdout);
    child.stdin?.end(`\uFEFF${JSON.stringify(good("a"))}\r\n\r\n${JSON.stringify(good("b"))}\n`);
    assert.deepEqual(await once(child, "close"), [0, null]);
    assert.deepEqual(
      (JSON.parse(said.text()) as { id: string }[]).map(({ id }) => id),
      ["a", "b"],
    );
  });

  it("names every mistake with its place and enqueues nothing, unless told to take the others", async (test) => {
    const here = place(test);
    const wrong = [good("a"), 7, { title: MARK }, { ...good("d"), email: "x", ip: "y" }, { ...good("e"), id: "../e" }];
    writeFileSync(here.path("wrong.json"), JSON.stringify(wrong));
    const refused = await here.run(SCRIPT, "wrong.json", "--json");
    assert.deepEqual([refused.code, refused.stdout], [2, ""]);
    assert.deepEqual(
      refused.stderr.match(/^contribution \d/gm),
      [2, 3, 4, 5].map((place) => `contribution ${place}`),
    );
    assert.match(refused.stderr, /contribution 4: .*"email", "ip" \(--fields-only/);
    assert.match(refused.stderr, /nothing was enqueued: 4 of 5/);
    assert.doesNotMatch(refused.stderr, /goélands/);
    assert.equal(await waitingJobs(), 0);
    const taken = await here.run(SCRIPT, "wrong.json", "--skip-invalid", "--json");
    assert.deepEqual([taken.code, states(taken).map(({ id }) => id), await waitingJobs()], [0, ["a"], 1]);
  });

  it("takes of an export's items the fields of a contribution when asked to", async (test) => {
    const here = place(test);
    const item = { id: "e1", category: "culture", constat_factuel: MARK, idees_ameliorations: "", title: "dérivé", body: "dérivé" };
    writeFileSync(
      here.path("export.json"),
      JSON.stringify({ count: 1, contributions: [{ ...item, expected_valid: true, metadata: { ip: "x" } }] }),
    );
    assert.equal((await here.run(SCRIPT, "export.json")).code, 2);
    const taken = await here.run(SCRIPT, "export.json", "--fields-only", "--json");
    assert.equal(taken.code, 0, taken.stderr);
    const sha256 = (await redis.connect().hget(`bull:validation:${states(taken)[0]?.jobId}`, "data"))?.match(/[0-9a-f]{64}/)?.[0];
    const kept = readFileSync(here.path(`data/contributions/${sha256}.json`), "utf8");
    assert.match(kept, /goélands/);
    assert.doesNotMatch(kept, /dérivé|metadata/);
  });

  it("keeps every word a citizen wrote out of Redis, also when an answer repeats them in a wrong shape", async (test) => {
    const here = place(test);
    await startTestWorkers(test, here, redis);
    practice.misbehave({ kind: "says", content: MARK });
    writeFileSync(here.path("a.json"), JSON.stringify(good("a")));
    assert.equal((await here.run(SCRIPT, "a.json", "--wait")).code, 0);
    await redis.connect().config("SET", "rdbcompression", "no");
    await redis.connect().save();
    const everything = readFileSync(`${redis.dir}/dump.rdb`, "utf8");
    assert.match(everything, /contribution-a-/);
    assert.doesNotMatch(everything, /goélands|Quarante|bancs/);
  });

  it("says of a job that failed why, with exit code 1, and never shows it as a verdict", async (test) => {
    const here = place(test, { OLLAMA_MODEL: "absent" });
    await startTestWorkers(test, here, redis);
    writeFileSync(here.path("a.json"), JSON.stringify([good("a")]));
    const failed = await here.run(SCRIPT, "a.json", "--wait", "--json");
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /^1 failed: mend the cause, then npm run revalidate/m);
    const [state] = states(failed);
    assert.deepEqual([state?.state, state?.cause, state?.verdict], ["failed", "model-missing", undefined]);
    assert.match((await here.run(SCRIPT, "a.json", "--wait")).stdout, /a +│ failed +│ +│ +│ model-missing: /);
  });

  it("stops waiting when the time is over, with exit code 3, and says that no worker is running", async (test) => {
    const here = place(test);
    writeFileSync(here.path("a.json"), JSON.stringify([good("a")]));
    const late = await here.run(SCRIPT, "a.json", "--wait", "--timeout", "0.3", "--json");
    assert.equal(late.code, 3);
    assert.deepEqual(
      states(late).map(({ state, verdict }) => [state, verdict]),
      [["waiting", undefined]],
    );
    assert.match(late.stderr, /no worker is running[\s\S]*the time is over: 1 still in the queue/);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`loses nothing when the waiting is stopped by ${signal}`, async (test) => {
      const here = place(test);
      writeFileSync(here.path("a.json"), JSON.stringify([good("a"), good("b")]));
      const child = here.start(SCRIPT, "a.json", "--wait", "--json");
      const [result, said] = [listen(child.stdout), listen(child.stderr)];
      await said.until(/no worker is running/);
      child.kill(signal);
      assert.deepEqual(await once(child, "close"), [3, null]);
      assert.match(said.text(), /stopped waiting: 2 still in the queue and lost in no way/);
      assert.deepEqual(
        (JSON.parse(result.text()) as { state: string }[]).map(({ state }) => state),
        ["waiting", "waiting"],
      );
      await startTestWorkers(test, here, redis);
      assert.equal((await here.run(SCRIPT, "a.json", "--wait")).code, 0);
    });
  }

  it("says in one sentence what is wrong with the words, the settings or Redis, and shows no stack", async (test) => {
    const here = place(test);
    writeFileSync(here.path("a.json"), JSON.stringify([good("a")]));
    writeFileSync(here.path("latin1.json"), Buffer.from('[{"title":"\xe9t\xe9","body":"b"}]', "latin1"));
    const dead = `redis://127.0.0.1:${await freePort()}`;
    const cases: [settings: Record<string, string>, words: string[], code: number, said: RegExp][] = [
      [{}, ["--nonsense"], 2, /Unknown option '--nonsense'/],
      [{}, ["a.json", "--timeout", "5"], 2, /--timeout goes with --wait/],
      [{}, ["a.json", "--title", "x"], 2, /a file or a contribution in words, not both/],
      [{}, ["absent.json"], 2, /absent\.json cannot be read \(ENOENT\)/],
      [{}, ["latin1.json"], 2, /not UTF-8/],
      [{}, [], 2, /the input: it is empty/],
      [{ LOCK_TTL_S: "x" }, ["a.json"], 2, /LOCK_TTL_S must be a number/],
      [{ REDIS_URL: "" }, ["a.json"], 2, /no Redis: run npm start .* or set REDIS_URL/],
      [{ REDIS_URL: dead }, ["a.json"], 1, /Redis does not answer at REDIS_URL/],
    ];
    for (const [settings, words, code, said] of cases) {
      const ran = await place(test, { DATA_DIR: here.path("data"), ...settings }).run(
        SCRIPT,
        ...words.map((word) => (word.endsWith(".json") ? here.path(word) : word)),
      );
      assert.deepEqual([ran.code, ran.stdout], [code, ""], `${words} ${ran.stderr}`);
      assert.match(ran.stderr, said);
      assert.doesNotMatch(ran.stderr, /^ {4}at /m);
    }
    assert.match((await here.run(SCRIPT, "--help")).stdout, /--fields-only/);
  });
});
