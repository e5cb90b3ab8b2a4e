import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { dataField, type Prompt, wireSchema } from "../../../src/capabilities/completion/contract.ts";
import { ollama } from "../../../src/capabilities/completion/ollama.ts";
import { type Config, readConfig } from "../../../src/config.ts";
import { CharterAnswer } from "../../../src/contributions/verdict.ts";
import { Fault } from "../../../src/core/fault.ts";
import { type PracticeOptions, type PracticeServer, startPractice } from "../../../src/practice/server.ts";
import { last, ndjson, part } from "../../contract/cases/ollama.ts";
import { ask, assertFault, faultFrom } from "../../contract/observe.ts";
import { type StandIn, startStandIn } from "../../support/stand-in.ts";

const NEVER = new AbortController().signal;
const QUESTION: Prompt = {
  system: "Réponds en français.",
  user: dataField("contribution", "Le port manque de places."),
  schemaName: "charter",
  schema: wireSchema(CharterAnswer),
  maxTokens: 400,
};
const lost = () => new Fault("lease-lost", "the lease could not be proved any more");

/** A practice server with 2 ms a token that is closed after the test, and a provider that talks to it. */
async function practice(test: TestContext, options: PracticeOptions = {}, overrides: Partial<Config> = {}) {
  const server = await startPractice({ tokenDelayMs: 2, ...options });
  test.after(() => server.close());
  const engine = ollama({ ...readConfig({ OLLAMA_HOST: server.url, OLLAMA_MODEL: "practice" }), ...overrides });
  return { server, engine };
}

/** Asks, and gives up when the model has begun to work. */
async function giveUp(
  server: PracticeServer,
  engine: ReturnType<typeof ollama>,
  slot = "ollama",
): Promise<{ readonly call: Promise<Fault>; readonly reason: Fault }> {
  const asker = new AbortController();
  const reason = lost();
  const call = faultFrom(engine.call(QUESTION, { signal: asker.signal, slot }));
  await server.until(({ working }) => working === 1);
  asker.abort(reason);
  return { call, reason };
}

describe("a question that is given up while the model works on it", { timeout: 15_000 }, () => {
  it("is over for us only when the host is free, so that the next one never meets it there", async (test) => {
    const { server, engine } = await practice(test, { lingerMs: 400 });
    const { call, reason } = await giveUp(server, engine);
    await server.until(({ openRequests }) => openRequests === 0);
    assert.equal(server.stats().working, 1, "its client has gone, and the engine goes on");
    assert.equal(await call, reason);
    const { working, waiting, maxWorking, maxOpenRequests } = server.stats();
    assert.deepEqual({ working, waiting, maxWorking, maxOpenRequests }, { working: 0, waiting: 0, maxWorking: 1, maxOpenRequests: 1 });
  });

  it("does not make the host load the model again: the word that proves it free is asked under the same settings", async (test) => {
    const { server, engine } = await practice(test);
    await (await giveUp(server, engine)).call;
    await engine.call(QUESTION, { signal: NEVER });
    assert.equal(server.stats().loads, 1);
  });

  it("is waited for also when it was silence that ended it", async (test) => {
    const { server, engine } = await practice(test, { lingerMs: 300 }, { OLLAMA_STALL_S: 0.2 });
    server.misbehave({ kind: "hang", afterTokens: 3 });
    await assertFault(engine.call(QUESTION, { signal: NEVER }), "timed-out");
    const { working, served, aborted } = server.stats();
    assert.deepEqual({ working, served, aborted }, { working: 0, served: 1, aborted: 1 });
  });

  it("never makes more of our requests stand at a host than it has places, although the proof cannot say which place is free", async (test) => {
    const { server, engine } = await practice(test, { parallel: 2, lingerMs: 150, tokenDelayMs: 5 });
    // Who has a permit asks one question after the other; every second one is given up.
    const permit = async (): Promise<void> => {
      for (let nth = 0; nth < 4; nth += 1) {
        const asker = new AbortController();
        const call = engine.call(QUESTION, { signal: asker.signal, heard: () => nth % 2 === 0 && asker.abort(lost()) });
        await call.catch((error: unknown) => assert.equal(Fault.from(error).kind, "lease-lost"));
      }
    };
    await Promise.all([permit(), permit()]);
    const { maxOpenRequests, maxWorking, aborted } = server.stats();
    assert.deepEqual({ maxOpenRequests, maxWorking, aborted }, { maxOpenRequests: 2, maxWorking: 2, aborted: 4 });
  });

  it("keeps its own cause when the host cannot prove that it is free, and ends all the same", async (test) => {
    const { server, engine } = await practice(test, {}, { OLLAMA_FIRST_TOKEN_S: 0.3 });
    await engine.call(QUESTION, { signal: NEVER });
    server.deafen(true);
    const { call, reason } = await giveUp(server, engine);
    assert.equal(await call, reason);
  });
});

describe("a host that answers lists and never a question (O21)", { timeout: 15_000 }, () => {
  it("is asked no question until it has answered a word, and once it has, no further word", async (test) => {
    const questions: unknown[] = [];
    const { server, engine } = await deafened(test, { OLLAMA_FIRST_TOKEN_S: 0.3 }, { onChat: (body) => questions.push(body) });
    questions.length = 0;
    await assertFault(engine.call(QUESTION, { signal: NEVER }), "timed-out");
    assert.equal(questions.length, 0);
    server.deafen(false);
    await engine.call(QUESTION, { signal: NEVER });
    const { served } = server.stats();
    await engine.call(QUESTION, { signal: NEVER });
    assert.equal(server.stats().served, served + 1);
  });

  it("is asked for that word by nobody who only looks, so that it never stands beside the question of whoever has the slot", async (test) => {
    const { server, engine } = await deafened(test);
    server.deafen(false);
    const other = ollama(readConfig({ OLLAMA_HOST: server.url, OLLAMA_MODEL: "practice" }));
    const working = other.call(QUESTION, { signal: NEVER });
    await server.until(({ openRequests }) => openRequests === 1);
    await engine.ready?.("ollama", QUESTION, NEVER);
    await working;
    await engine.call(QUESTION, { signal: NEVER });
    assert.equal(server.stats().maxOpenRequests, 1);
  });

  it("has nothing of ours open any more when the slot is lost while the word is waited for", async (test) => {
    const { server, engine } = await deafened(test);
    await server.close();
    const again = await startPractice({ port: server.port });
    test.after(() => again.close());
    again.deafen(true);
    const asker = new AbortController();
    const call = faultFrom(engine.call(QUESTION, { signal: asker.signal }));
    await again.until(({ openRequests }) => openRequests === 1);
    const reason = lost();
    asker.abort(reason);
    assert.equal(await call, reason);
    await again.until(({ openRequests }) => openRequests === 0);
  });

  it("is asked for one proof after the other when it works on several questions and all are given up", async (test) => {
    const server = await standIn(test);
    const engine = ollama(readConfig({ OLLAMA_HOST: server.url }));
    server.aside("/api/generate", { chunks: ['{"done":true}'], everyMs: 150 });
    server.reply({ silent: true }, { silent: true });
    const asker = new AbortController();
    const calls = [faultFrom(ask(engine, asker.signal)), faultFrom(ask(engine, asker.signal))];
    await server.nextRequest();
    await server.nextRequest();
    asker.abort(lost());
    await asked(server, "/api/generate");
    const firstAt = performance.now();
    await asked(server, "/api/generate");
    assert.ok(performance.now() - firstAt >= 140);
    await Promise.all(calls);
  });

  it("has as long to prove it as loading takes when it was started anew", async (test) => {
    const { server, engine } = await deafened(test, { OLLAMA_FIRST_TOKEN_S: 0.3, OLLAMA_LOAD_S: 10 });
    await server.close();
    const again = await startPractice({ port: server.port, loadMs: 900 });
    test.after(() => again.close());
    await engine.call(QUESTION, { signal: NEVER });
    assert.equal(again.stats().loads, 1);
  });
});

describe("two hosts, of which one answers lists and never a question (O21)", { timeout: 15_000 }, () => {
  it("leave the questions to the one that is well; once a minute one question finds out about the other, and its job waits instead of failing", async (test) => {
    let nowMs = 0;
    const [deaf, well] = await Promise.all([startPractice({ tokenDelayMs: 2 }), startPractice()]);
    test.after(() => Promise.all([deaf.close(), well.close()]));
    const config = readConfig({ OLLAMA_HOST: `${deaf.url} ${well.url}`, OLLAMA_MODEL: "practice" });
    const engine = ollama({ ...config, OLLAMA_FIRST_TOKEN_S: 0.3 }, () => nowMs);
    const call = (slot: string) => engine.call(QUESTION, { signal: NEVER, slot });
    const look = (slot: string) => engine.ready?.(slot, QUESTION, NEVER) ?? assert.fail();
    await Promise.all(["ollama", "ollama-2"].map(call));
    deaf.deafen(true);
    await (await giveUp(deaf, engine)).call;
    await assertFault(look("ollama"), "busy");
    await look("ollama-2");
    nowMs = 60_000;
    await look("ollama");
    await assertFault(call("ollama"), "busy");
    await assertFault(look("ollama"), "busy");
    well.deafen(true);
    await (await giveUp(well, engine, "ollama-2")).call;
    await Promise.all(["ollama", "ollama-2"].map(look));
    await assertFault(call("ollama"), "timed-out");
    deaf.deafen(false);
    await call("ollama");
    await look("ollama");
    await assertFault(look("ollama-2"), "busy");
  });
});

/** A host that went deaf in the middle of a question; its engine knows that the proof is wanting. */
async function deafened(test: TestContext, overrides: Partial<Config> = { OLLAMA_FIRST_TOKEN_S: 0.3 }, options: PracticeOptions = {}) {
  const here = await practice(test, options, overrides);
  await here.engine.call(QUESTION, { signal: NEVER });
  here.server.deafen(true);
  await (await giveUp(here.server, here.engine)).call;
  return here;
}

async function standIn(test: TestContext): Promise<StandIn> {
  const server = await startStandIn();
  test.after(() => server.stop());
  return server;
}

async function asked(server: StandIn, path: string): Promise<void> {
  while ((await server.nextAside()).path !== path);
}

/** A line is damaged and the stream goes on: we hang up, and the host may go on. */
async function brokenOffByUs(server: StandIn, engine: ReturnType<typeof ollama>): Promise<void> {
  server.reply({ ...ndjson(), chunks: [ndjson(part("{")).body, "7\n"], ending: "hang" });
  await assertFault(ask(engine), "server-error");
  await asked(server, "/api/generate");
}

describe("the word that proves a host free", { timeout: 10_000 }, () => {
  it("is one token under the model's usual settings, and holds nothing of any text", async (test) => {
    const server = await standIn(test);
    await brokenOffByUs(server, ollama(readConfig({ OLLAMA_HOST: server.url })));
    const { method, path, body } = server.asides.at(-1) ?? assert.fail();
    assert.deepEqual([method, path], ["POST", "/api/generate"]);
    assert.deepEqual(body, {
      model: "mistral:latest",
      prompt: ".",
      stream: false,
      think: false,
      truncate: false,
      shift: false,
      keep_alive: "10m",
      options: { num_ctx: 8192, num_predict: 1, temperature: 0 },
    });
  });

  const good = ndjson(part("{}"), last("stop"));
  for (const [when, reply] of [
    ["answered", good],
    ["answered and did not close the connection", { ...good, ending: "hang" }],
    ["refused the question", { status: 500, body: '{"error":"out of memory"}' }],
    ["broke off its answer itself", ndjson(part("{"), { error: "out of memory" })],
    ["ended its answer without the last line", ndjson(part("{"))],
    ["reset the connection", { chunks: [ndjson(part("{")).body], ending: "reset" }],
    ["was not there at all", { ending: "reset" }],
    ["let another machine answer: not a word more is sent there", ndjson(part("{", { remote_host: "https://ollama.com" }), part("}"))],
  ] as const) {
    it(`is not asked of a host that ${when}`, async (test) => {
      const server = await standIn(test);
      server.reply(reply);
      await ask(ollama(readConfig({ OLLAMA_HOST: server.url }))).catch((error: unknown) => assert.ok(error instanceof Fault));
      assert.deepEqual(
        server.asides.filter(({ path }) => path === "/api/generate"),
        [],
      );
    });
  }

  it("is not asked when the caller gave up before anything was sent", async (test) => {
    const server = await standIn(test);
    server.aside("/api/ps", { silent: true });
    const asker = new AbortController();
    const call = faultFrom(ask(ollama(readConfig({ OLLAMA_HOST: server.url })), asker.signal));
    await asked(server, "/api/ps");
    asker.abort(lost());
    assert.equal((await call).kind, "lease-lost");
    assert.deepEqual([server.requests.length, server.asides.length], [0, 1]);
  });
});
