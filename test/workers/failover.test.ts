import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { replyTo } from "../../src/practice/answer.ts";
import { startPractice } from "../../src/practice/server.ts";
import openaiCase from "../contract/cases/openai.ts";
import type { Home } from "../support/app.ts";
import { homes } from "../support/homes.ts";
import { type SeenRequest, type StandIn, startStandIn } from "../support/stand-in.ts";

const { open } = homes();
const DOCS = "audierne-docs";
const FILE = "convocation-conseil-municipal-2026-02-26.txt";
const LETTER = { title: "Banc public", body: "Je propose d'installer un banc à l'ombre près de l'école, pour les parents qui attendent." };
const BUSY = { kind: "status", status: 503, error: "server busy, please try again.  maximum pending requests exceeded" } as const;

const VALID = {
  is_valid: true,
  category: "jeunesse",
  violations: [],
  encouraged_aspects: [],
  reasoning: "Une proposition.",
  confidence: 0.97,
};

interface Chat {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format: { readonly json_schema: { readonly schema: unknown } };
}

/** A program whose chain goes on to OpenAI, played by a server that answers in OpenAI's own wire format. */
async function openWithCloud(test: TestContext, settings: Readonly<Record<string, string>>): Promise<{ home: Home; cloud: StandIn }> {
  const cloud = await startStandIn();
  test.after(() => cloud.stop());
  const keys = { OPENAI_API_KEY: "test-key", OPENAI_BASE_URL: `${cloud.url}/v1`, PROVIDER_CHAIN: "ollama,openai,mistral" };
  // No patience with the local model, unless a test is about it; and its pauses when it is in trouble are over at once.
  const waits = { VALIDATION_WAIT_S: "0", DOCUMENTS_WAIT_S: "0" };
  return { home: await open(test, { settings: { ...keys, ...waits, ...settings }, pace: 100_000 }), cloud };
}

/** What the document makes the program ask, learned from a run on the local model alone. */
async function questionsOf(test: TestContext): Promise<readonly unknown[]> {
  const local = await open(test);
  await local.putSample(FILE);
  const running = await local.work();
  await local.scan();
  await local.untilIdle(DOCS);
  await running.stop();
  return local.asked;
}

const userText = ({ body }: SeenRequest): string =>
  (body as Chat).messages.flatMap(({ role, content }) => (role === "user" ? [content] : [])).join("\n\n");

/** What OpenAI would say: the practice model's answer, in OpenAI's envelope. Only what it was asked is known to it. */
function answerFor(question: unknown): string {
  const { messages, format } = question as { messages: Chat["messages"]; format: unknown };
  const reply = replyTo(format, messages.flatMap(({ role, content }) => (role === "user" ? [content] : [])).join("\n\n"));
  return reply.kind === "said" ? reply.content : assert.fail(reply.error);
}

describe("a local model that is too busy for one question", () => {
  it("sends only this one question to OpenAI, and the report says who answered and why the local model did not", async (test) => {
    const [first, ...later] = await questionsOf(test);
    const { home, cloud } = await openWithCloud(test, { EGRESS_DOCUMENTS: "all" });
    await home.putSample(FILE);
    home.practice.misbehave(BUSY);
    cloud.reply(openaiCase.good(answerFor(first)));
    await home.work();
    await home.scan();
    await home.untilIdle(DOCS);
    const [result] = await home.app.stores.results.all();
    assert.deepEqual(
      result?.production.answers.map(({ provider }) => provider),
      ["openai", ...later.map(() => "ollama")],
    );
    const attempts = result?.production.answers[0]?.attempts.map((one) => [one.provider, one.kind === "faulted" ? one.fault : one.kind]);
    assert.deepEqual(attempts, [
      ["ollama", "busy"],
      ["openai", "answered"],
    ]);
    const lines = ["ollama faulted busy", "openai intended", "openai answered", ...later.map(() => "ollama answered")];
    assert.deepEqual(await home.ledger(), lines);
    assert.equal(cloud.requests.length, 1);
    const told = (await home.entries()).find((entry) => entry.event === "intended");
    const left = (cloud.requests[0] ?? assert.fail()).body as Chat;
    const leftChars = left.messages.reduce((sum, { content }) => sum + content.length, 0);
    assert.equal(told?.event === "intended" && told.egressChars, leftChars);
  });

  it("keeps the document at home when public documents may not leave, and it is done once the model has time", async (test) => {
    const { home, cloud } = await openWithCloud(test, { EGRESS_DOCUMENTS: "off" });
    await home.putSample(FILE);
    home.practice.misbehave(BUSY);
    await home.work();
    await home.scan();
    await home.untilIdle(DOCS);
    const [job] = await home.app.queues.queue(DOCS).getDelayed();
    assert.deepEqual((await home.ledger()).slice(0, 2), ["ollama faulted busy", "openai skipped egress-refused"]);
    await job?.promote();
    await home.until(DOCS, `${job?.id}`, "completed");
    assert.equal(cloud.requests.length, 0);
  });
});

describe("a local model that is being restarted", () => {
  it("is waited for: the person's contribution is judged at home as soon as it is back, and not one byte leaves", async (test) => {
    const { home, cloud } = await openWithCloud(test, { EGRESS_CONTRIBUTIONS: "all", VALIDATION_WAIT_S: "45" });
    const { port } = new URL(home.practice.url);
    await home.practice.close();
    await home.work();
    const { jobId } = await home.submit(LETTER);
    await home.untilLedger("ollama faulted unreachable");
    const back = await startPractice({ port: Number(port) });
    test.after(() => back.close());
    await home.until("validation", jobId, "completed");
    assert.deepEqual([await home.ledger(), cloud.requests.length], [["ollama faulted unreachable", "ollama answered"], 0]);
  });

  it("for longer than the person's patience lets this one question go where policy allows, and only this one", async (test) => {
    const { home, cloud } = await openWithCloud(test, { EGRESS_CONTRIBUTIONS: "all", VALIDATION_WAIT_S: "1" });
    await home.practice.close();
    cloud.reply(openaiCase.good(JSON.stringify(VALID)));
    await home.work();
    const { jobId } = await home.submit(LETTER);
    const done = await home.until("validation", jobId, "completed");
    const wait = (await home.ledger()).filter((line) => line !== "ollama skipped cooling-down");
    assert.deepEqual(
      [(done.returnvalue as { by: string }).by, wait],
      ["openai", ["ollama faulted unreachable", "openai intended", "openai answered"]],
    );
  });
});

describe("a contribution while the local model is down", () => {
  it("waits, and not one byte of it reaches OpenAI, key or not, as long as nobody allowed contributions to leave", async (test) => {
    const { home, cloud } = await openWithCloud(test, { EGRESS_DOCUMENTS: "all" });
    home.practice.misbehave({ kind: "status", status: 500, error: "model runner has unexpectedly stopped" }, Number.POSITIVE_INFINITY);
    await home.work();
    const { jobId } = await home.submit(LETTER);
    for (let run = 0; run < 2; run += 1) await (await home.until("validation", jobId, "delayed")).promote();
    const failed = await home.until("validation", jobId, "failed");
    assert.match(failed.failedReason, /^server-error: /);
    assert.deepEqual(new Set(await home.ledger()), new Set(["ollama faulted server-error", "openai skipped egress-refused"]));
    assert.deepEqual([cloud.requests.length, cloud.openRequests()], [0, 0]);
  });

  it("may go to OpenAI when the town has said so, and its verdict names OpenAI", async (test) => {
    const { home, cloud } = await openWithCloud(test, { EGRESS_CONTRIBUTIONS: "all" });
    home.practice.misbehave(BUSY);
    cloud.reply(openaiCase.good(JSON.stringify(VALID)));
    await home.work();
    const { jobId, sha256 } = await home.submit(LETTER);
    const done = await home.until("validation", jobId, "completed");
    assert.deepEqual((done.returnvalue as { by: string }).by, "openai");
    const verdict = await home.app.stores.contributions.getVerdict(sha256);
    assert.deepEqual(
      [verdict?.verdict, verdict?.answeredBy.provider, verdict?.answeredBy.site],
      ["valid", "openai", { kind: "cloud", country: "US" }],
    );
    assert.ok(userText(cloud.requests[0] ?? assert.fail()).includes(LETTER.body));
  });

  it("with the EU as the limit goes past OpenAI, and no further without a key", async (test) => {
    const { home, cloud } = await openWithCloud(test, { EGRESS_CONTRIBUTIONS: "eu" });
    home.practice.misbehave(BUSY);
    await home.work();
    const { jobId } = await home.submit(LETTER);
    await home.until("validation", jobId, "delayed");
    assert.deepEqual([await home.ledger(), cloud.requests.length], [["ollama faulted busy", "openai skipped outside-eu"], 0]);
  });
});
