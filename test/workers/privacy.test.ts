import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Misbehaviour } from "../../src/practice/misbehaviour.ts";
import openaiCase from "../contract/cases/openai.ts";
import { type Home, startProcess } from "../support/app.ts";
import { homes } from "../support/homes.ts";
import { pdfOf } from "../support/pdf.ts";
import { type Reply, startStandIn } from "../support/stand-in.ts";
import { disguises, readFolder, readRedis, tracesOf } from "../support/traces.ts";

const { open, redis } = homes(["--appendonly", "yes"]);

/** Words that no program and no prompt contains, in what a citizen and a document say. */
const MARKS = ["Zyxolite marbrée", "l'écume Quovadisse", "Brumaltar 4711", "Ploukazec secrète"] as const;
const [TITLE, BODY, PAPER, BROKEN] = MARKS;
const letter = (number: number) => ({
  id: `c-${number}`,
  title: `Sur la ${TITLE}`,
  body: `Je propose ${number} bancs sur le quai près de ${BODY}, à l'ombre, pour les anciens qui attendent le car.`,
});
const DOCUMENT = `COMMUNE DE PORT-KERVERN\nARRÊTÉ n° 2026-99\n\nArticle 1 : Le stationnement est interdit devant le ${PAPER} le 14 juillet 2026.\nArticle 2 : Une aide de 1 200 € est accordée pour le ${PAPER}.\n`;

/** Each way to go wrong with the text in it: what the local model does, and what OpenAI says when it is asked. */
const echo = `It says: ${TITLE}, ${BODY}, ${PAPER}`;
const error = (status: number, code: string): Reply => ({
  status,
  body: JSON.stringify({ error: { message: echo, type: echo, param: echo, code } }),
});
const WAYS: readonly (readonly [string, Misbehaviour | undefined, readonly Reply[]])[] = [
  ["all goes well", undefined, []],
  ["the answers repeat the text", { kind: "says", content: echo }, [openaiCase.good(echo), openaiCase.good(JSON.stringify(echo))]],
  [
    "the answers have the text for a field",
    { kind: "says", content: JSON.stringify({ [echo]: echo }) },
    [openaiCase.good(`{"${TITLE}":1}`), openaiCase.good("{}")],
  ],
  ["the model's crash repeats the text", { kind: "status", status: 500, error: echo }, [error(400, "invalid_schema")]],
  ["the model misses a model named like the text", { kind: "status", status: 404, error: `model '${echo}' not found` }, [error(401, echo)]],
  ["an error comes in mid-answer", { kind: "error-line", afterTokens: 3, error: echo }, [error(418, echo)]],
  [
    "a proxy shows the text",
    { kind: "page", status: 502, html: `<html>${echo}</html>` },
    [
      { status: 502, headers: { "content-type": "text/html" }, body: echo },
      { status: 502, body: echo },
    ],
  ],
  [
    "an answer is cut",
    { kind: "length" },
    [openaiCase.finishes[1]?.reply ?? assert.fail(), openaiCase.finishes[1]?.reply ?? assert.fail()],
  ],
  ["OpenAI refuses with the text", { kind: "cut", afterTokens: 2 }, [error(400, "content_policy_violation")]],
];

const NO_PATIENCE = { VALIDATION_WAIT_S: "0", DOCUMENTS_WAIT_S: "0" };

/** What went wrong a moment ago must not keep the next way from being tried. */
async function forgetTroubles(): Promise<void> {
  const client = redis().connect(6);
  const keys = await client.keys("ecluse:trouble:*");
  if (keys.length > 0) await client.del(...keys);
}

async function openMarked(test: TestContext) {
  const cloud = await startStandIn();
  test.after(() => cloud.stop());
  const settings = {
    OPENAI_API_KEY: "sk-canary-0123456789",
    OPENAI_BASE_URL: `${cloud.url}/v1`,
    EGRESS_CONTRIBUTIONS: "all",
    ...NO_PATIENCE,
  };
  return { cloud, home: await open(test, { settings: { ...settings, PROVIDER_CHAIN: "ollama,openai" } }) };
}

/** Runs a contribution and a document into each way, and broken files; ends with a process that was stopped. */
async function goAllWays(home: Home, reply: (...next: readonly Reply[]) => void): Promise<readonly string[]> {
  const worker = startProcess("--worker", { ...home.env, LOG_LEVEL: "debug" });
  await worker.says('"app.ready"');
  for (const [number, [, how, replies]] of WAYS.entries()) {
    if (how !== undefined) home.practice.misbehave(how, Number.POSITIVE_INFINITY);
    reply(...replies);
    await forgetTroubles();
    await home.submit(letter(number));
    await home.untilIdle("validation");
    await home.put(`paper-${number}.txt`, `${DOCUMENT}${number}`);
    reply(...replies);
    await forgetTroubles();
    await home.scan();
    await home.untilIdle("audierne-docs");
    home.practice.behave();
  }
  await home.put("broken.pdf", `%PDF-1.7\n${BROKEN} ${PAPER}\n`);
  await home.put("half.pdf", (await pdfOf([`${PAPER} ${BROKEN}`])).subarray(0, 700));
  await home.put("locked.pdf", await pdfOf([`${PAPER} ${BROKEN}`], { userPassword: "x" }));
  await home.scan();
  await home.untilIdle("audierne-docs");
  worker.child.kill("SIGTERM");
  assert.equal((await worker.ends()).code, 0);
  return worker.lines;
}

describe("what a citizen or a document says", () => {
  it("is in no log at debug level, in no key of Redis, not in its file, and not in the ledger, whatever went wrong", async (test) => {
    const { cloud, home } = await openMarked(test);
    const lines = await goAllWays(home, cloud.reply);
    const data = readFolder(join(home.dir, "data"));
    const keys = await readRedis((db) => redis().connect(db));
    const aof = readFolder(join(redis().dir, "appendonlydir"));
    const ledger = new Map([...data].filter(([file]) => file.startsWith("ledger/")));
    // That all of it happened, and that the search would find it: the texts are where they belong.
    assert.ok(
      lines.length > 50 && lines.some((line) => line.includes('"level":20')) && lines.some((line) => line.includes('"job.failed"')),
    );
    assert.ok(keys.size > 20 && aof.size > 1 && ledger.size === 1);
    const kept = tracesOf([TITLE, BODY, PAPER], new Map([...data].filter(([file]) => !file.startsWith("ledger/"))));
    for (const mark of [TITLE, BODY, PAPER])
      assert.ok(
        kept.some((trace) => trace.includes(mark)),
        `${mark} is kept in the data folder`,
      );
    assert.ok(cloud.requests.length >= WAYS.length - 1, `${cloud.requests.length} calls went to OpenAI`);

    const words = [...MARKS, "Quovadisse", "Brumaltar", "Zyxolite", "sk-canary-0123456789", "sk-canary", "23456789"];
    assert.deepEqual(tracesOf(words, new Map([["log", lines.join("\n")], ...keys, ...aof, ...ledger])), []);
  });

  it("would be found in any disguise", () => {
    for (const mark of MARKS) {
      for (const [name, needle] of disguises(mark)) {
        assert.ok(needle.length >= 8, `${name} of ${mark}`);
        assert.equal(tracesOf([mark], new Map([["log", `{"x":"..${needle}.."}`]])).length > 0, true, `${name} of ${mark}`);
      }
      const bare = (before: string) => Buffer.from(`${before}${mark} suite`).toString("base64");
      for (const before of ["", "a", "ab", "abc"])
        assert.ok(tracesOf([mark], new Map([["log", bare(before)]])).length > 0, `base64 after ${before.length}`);
    }
  });
});
