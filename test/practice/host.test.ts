import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PracticeServer, startPractice } from "../../src/practice/server.ts";
import { charterChat, post, practiceFor } from "./asking.ts";

const QUESTION = { ...charterChat("Le port manque de places."), stream: false };
const never = new AbortController().signal;

const generate = (server: PracticeServer, body: object, signal = never): Promise<Response> =>
  fetch(`${server.url}/api/generate`, { method: "POST", body: JSON.stringify({ model: "practice", ...body }), signal });
const contextOf = (model: unknown): number | undefined => (model as { context_length?: number } | undefined)?.context_length;

describe("a question by /api/generate", () => {
  it("is answered like one by /api/chat, with its words in another field", async (test) => {
    const { server, ollama } = await practiceFor(test);
    const { response, done_reason, eval_count } = await ollama.generate({
      model: "practice",
      prompt: ".",
      stream: false,
      options: { num_predict: 1 },
    });
    assert.deepEqual([(response ?? "").length > 0, done_reason, eval_count], [true, "length", 1]);
    const lines = (await (await generate(server, { prompt: "Bonjour" })).text()).trimEnd().split("\n");
    const parts = lines.map((line) => JSON.parse(line) as { response: string; done: boolean; message?: unknown });
    assert.match(parts.map((one) => one.response).join(""), /pas un modèle de langue/);
    assert.deepEqual([parts.at(-1)?.done, parts.some(({ message }) => message !== undefined)], [true, false]);
  });

  it("loads the model and unloads it when it has no prompt", async (test) => {
    const { server, ollama } = await practiceFor(test);
    const said = async (body: object) => ((await (await generate(server, body)).json()) as { done_reason: string }).done_reason;
    assert.equal(await said({ options: { num_ctx: 4_096 } }), "load");
    assert.equal(contextOf((await ollama.ps()).models[0]), 4_096);
    assert.equal(await said({ keep_alive: 0 }), "unload");
    assert.deepEqual((await ollama.ps()).models, []);
  });

  it("waits in the same line, and no misbehaviour that is meant for a question by chat is spent on it", async (test) => {
    const { server } = await practiceFor(test);
    server.misbehave({ kind: "silent" });
    assert.equal((await generate(server, { prompt: "." })).status, 200);
    const stop = new AbortController();
    const first = post(server, QUESTION, stop.signal);
    await server.until(({ working }) => working === 1);
    const second = generate(server, { prompt: "." });
    await server.until(({ waiting }) => waiting === 1);
    stop.abort();
    await assert.rejects(first);
    assert.equal((await second).status, 200);
  });

  it("is refused as Ollama refuses what it cannot read", async (test) => {
    const { server } = await practiceFor(test);
    const refused = await generate(server, { prompt: 7 });
    assert.equal(refused.status, 400);
    assert.match(((await refused.json()) as { error: string }).error, /GenerateRequest\.prompt/);
    assert.equal((await generate(server, { model: "absent", prompt: "." })).status, 404);
  });
});

describe("a practice server with several places", () => {
  it("works on as many questions at a time, and the others wait", async (test) => {
    const { server } = await practiceFor(test, { parallel: 2 });
    server.misbehave({ kind: "hang", afterTokens: 1 }, 2);
    const stop = new AbortController();
    const stuck = Promise.allSettled([post(server, QUESTION, stop.signal), post(server, QUESTION, stop.signal)]);
    await server.until(({ working }) => working === 2);
    const third = post(server, QUESTION);
    await server.until(({ waiting, openRequests }) => waiting === 1 && openRequests === 3);
    stop.abort();
    await stuck;
    assert.equal((await third).status, 200);
    assert.deepEqual([server.stats().maxWorking, server.stats().maxOpenRequests], [2, 3]);
  });
});

describe("an engine that goes on when its client has gone", () => {
  it("keeps its place for so long, and the next question waits for it", async (test) => {
    const { server } = await practiceFor(test, { lingerMs: 300 });
    server.misbehave({ kind: "silent" });
    const stop = new AbortController();
    const first = post(server, QUESTION, stop.signal);
    await server.until(({ working }) => working === 1);
    const goneAt = performance.now();
    stop.abort();
    await assert.rejects(first);
    await server.until(({ openRequests }) => openRequests === 0);
    assert.equal(server.stats().working, 1);
    assert.equal((await post(server, QUESTION)).status, 200);
    assert.ok(performance.now() - goneAt >= 290);
    assert.deepEqual([server.stats().maxWorking, server.stats().maxOpenRequests], [1, 1]);
  });

  it("does not hold the server up when it closes", async (test) => {
    const { server } = await practiceFor(test, { lingerMs: 600_000 });
    server.misbehave({ kind: "silent" });
    const stop = new AbortController();
    const first = post(server, QUESTION, stop.signal);
    await server.until(({ working }) => working === 1);
    stop.abort();
    await assert.rejects(first);
    await server.close();
    await server.until(({ working, open }) => working === 0 && open === 0);
  });
});

describe("a host that lists its models and never answers", () => {
  it("is silent however it is asked, until it hears again", async (test) => {
    const { server, ollama } = await practiceFor(test);
    server.deafen(true);
    const stop = new AbortController();
    const asked = [post(server, QUESTION, stop.signal), generate(server, { prompt: "." }, stop.signal)];
    await server.until(({ working, waiting }) => working === 1 && waiting === 1);
    assert.equal((await ollama.list()).models.length, 1);
    stop.abort();
    await Promise.allSettled(asked);
    server.deafen(false);
    assert.equal((await generate(server, { prompt: "." })).status, 200);
  });
});

describe("the model in memory", () => {
  it("stays there as long as it works, and its time begins when the work ends", async (test) => {
    const { server, ollama } = await practiceFor(test, { tokenDelayMs: 1 });
    server.misbehave({ kind: "hang", afterTokens: 3 });
    const stop = new AbortController();
    const asked = post(server, { ...QUESTION, stream: true, keep_alive: "1ms", options: { num_ctx: 4_096 } }, stop.signal);
    const reader = (await asked).body?.getReader();
    for (let seen = ""; seen.split("\n").length <= 3; ) seen += Buffer.from((await reader?.read())?.value ?? []).toString();
    assert.equal(contextOf((await ollama.ps()).models[0]), 4_096, "its millisecond has not begun");
    stop.abort();
    await server.until(({ working }) => working === 0);
    while ((await ollama.ps()).models.length > 0);
  });

  it("is not there when whoever wanted it loaded went away before it was", async (test) => {
    const { server, ollama } = await practiceFor(test, { loadMs: 600_000 });
    const stop = new AbortController();
    const asked = post(server, QUESTION, stop.signal);
    await server.until(({ working }) => working === 1);
    stop.abort();
    await assert.rejects(asked);
    await server.until(({ working }) => working === 0);
    assert.deepEqual((await ollama.ps()).models, []);
  });

  it("is gone after a restart on the same port", async (test) => {
    const { server } = await practiceFor(test);
    // On a connection of its own: one that is kept for later ends with the server.
    const loaded = async () => {
      const answer = await fetch(`${server.url}/api/ps`, { headers: { connection: "close" } });
      return ((await answer.json()) as { models: readonly unknown[] }).models.length;
    };
    await fetch(`${server.url}/api/chat`, { method: "POST", body: JSON.stringify(QUESTION), headers: { connection: "close" } });
    assert.equal(await loaded(), 1);
    await server.close();
    const again = await startPractice({ port: server.port });
    test.after(() => again.close());
    assert.equal(await loaded(), 0);
  });
});
