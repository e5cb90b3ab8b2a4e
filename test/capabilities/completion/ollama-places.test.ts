import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ollama } from "../../../src/capabilities/completion/ollama.ts";
import { type Config, readConfig } from "../../../src/config.ts";
import { placesOf } from "../../../src/lock/places.ts";
import { answered, last, ndjson, part } from "../../contract/cases/ollama.ts";
import { ask, assertFault } from "../../contract/observe.ts";
import { PROMPT } from "../../contract/provider-case.ts";
import { deadUrl, type Reply, type StandIn, startStandIn } from "../../support/stand-in.ts";

const NEVER = new AbortController().signal;
const GOOD = ndjson(part("{}"), last("stop"));

async function standIns(test: TestContext, count: number): Promise<readonly StandIn[]> {
  const servers = await Promise.all(Array.from({ length: count }, startStandIn));
  test.after(() => Promise.all(servers.map((server) => server.stop())));
  return servers;
}

const engineAt = (servers: readonly { readonly url: string }[], overrides: Partial<Config> = {}) =>
  ollama({ ...readConfig({ OLLAMA_HOST: servers.map(({ url }) => url).join(",") }), ...overrides });

describe("several Ollamas", { timeout: 10_000 }, () => {
  it("are each a slot of their own, named as the lock names it", () => {
    const hosts = ["http://a:11434", "http://b:11434", "http://c:11434"];
    const { slots } = ollama(readConfig({ OLLAMA_HOST: hosts.join(" ") }));
    assert.deepEqual(slots, ["ollama", "ollama-2", "ollama-3"]);
    assert.deepEqual(
      slots,
      placesOf("lock:ollama:global", hosts, 1).map(({ slot }) => slot),
    );
  });

  it("are asked where the slot is held, and nowhere else", async (test) => {
    const servers = await standIns(test, 3);
    const engine = engineAt(servers);
    for (const [index, slot] of (engine.slots ?? []).entries()) {
      servers[index]?.reply(GOOD);
      await engine.ready?.(slot, PROMPT, NEVER);
      await engine.call(PROMPT, { signal: NEVER, slot });
      assert.deepEqual(
        servers.map(({ requests }) => requests.length),
        servers.map((_, nth) => (nth <= index ? 1 : 0)),
      );
    }
  });

  it("are asked at the first one when no slot is named", async (test) => {
    const servers = await standIns(test, 2);
    servers[0]?.reply(GOOD);
    assert.equal((await ask(engineAt(servers))).finish, "complete");
  });

  it("are looked at one by one: the first may be down and the second lack the model, and the third is ready", async (test) => {
    const [second, third] = await standIns(test, 2);
    assert.ok(second && third);
    second.aside("/api/tags", { body: '{"models":[]}' });
    const engine = engineAt([{ url: await deadUrl() }, second, third]);
    const look = (slot: string) => engine.ready?.(slot, PROMPT, NEVER) ?? assert.fail();
    await assertFault(look("ollama"), "unreachable");
    await assertFault(look("ollama-2"), "model-missing");
    await look("ollama-3");
  });

  it("have no place of a name that the settings do not know", async (test) => {
    const engine = engineAt(await standIns(test, 1));
    await assertFault(engine.call(PROMPT, { signal: NEVER, slot: "ollama-2" }), "misconfigured");
    await assertFault(engine.ready?.("gpu", PROMPT, NEVER) ?? assert.fail(), "misconfigured");
  });
});

const loaded = (...models: readonly object[]): Reply => ({ body: JSON.stringify({ models }) });
const MODEL = { name: answered.model, model: answered.model };
const slowly = (everyMs: number): Reply => ({ ...GOOD, chunks: [GOOD.body], everyMs });

describe("the patience with a cold local model", { timeout: 10_000 }, () => {
  for (const [what, ps] of [
    ["is not loaded", loaded()],
    ["is not loaded, and another one is", loaded({ name: "llama3:latest", context_length: 8192 })],
    ["is loaded with a smaller context, and must be loaded again", loaded({ ...MODEL, context_length: 4096 })],
    ["is loaded with a larger context, and must be loaded again", loaded({ ...MODEL, context_length: 32_768 })],
    ["is loaded and does not say with which context", loaded(MODEL)],
    ["may be loaded or not, since nobody can say", { status: 404, body: "404 page not found" }],
  ] as const) {
    it(`has the time for loading on top when it ${what}`, async (test) => {
      const [server] = await standIns(test, 1);
      assert.ok(server);
      server.aside("/api/ps", ps);
      server.reply(slowly(350));
      assert.equal((await ask(engineAt([server], { OLLAMA_FIRST_TOKEN_S: 0.2, OLLAMA_LOAD_S: 5 }))).finish, "complete");
      server.reply({ silent: true });
      const { message } = await assertFault(ask(engineAt([server], { OLLAMA_FIRST_TOKEN_S: 0.1, OLLAMA_LOAD_S: 0.1 })), "timed-out");
      assert.match(message, /first word within 0.2 s/);
    });
  }

  it("is not lost on one that is loaded: its first word is due as ever", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    server.reply({ silent: true });
    const { message } = await assertFault(ask(engineAt([server], { OLLAMA_FIRST_TOKEN_S: 0.2, OLLAMA_LOAD_S: 5 })), "timed-out");
    assert.match(message, /first word within 0.2 s/);
  });

  it("does not wait for more than 2 seconds to be told", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    server.aside("/api/ps", { silent: true });
    server.reply(GOOD);
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const call = ask(engineAt([server]));
    await server.nextAside();
    test.mock.timers.tick(2_000);
    await server.nextAside();
    test.mock.timers.tick(2_000);
    assert.equal((await call).finish, "complete");
  });
});

describe("a text of which only a part was read (O11)", { timeout: 10_000 }, () => {
  const long = { ...PROMPT, user: "Le conseil municipal a délibéré. ".repeat(600) };
  const read = (prompt_eval_count: number): Reply => ndjson(part("{}"), last("stop", { prompt_eval_count }));

  for (const [what, tokens] of [
    ["full to the brim", 4_090],
    ["cut to half of it", 2_050],
  ] as const) {
    it(`is seen when the model has been loaded with half the context, ${what}, whatever was asked for`, async (test) => {
      const [server] = await standIns(test, 1);
      assert.ok(server);
      server.aside("/api/ps", loaded({ ...MODEL, context_length: 4096 }));
      server.reply(read(tokens));
      const { message } = await assertFault(engineAt([server]).call(long, { signal: NEVER }), "prompt-too-long");
      assert.match(message, /a context of 4096, not OLLAMA_NUM_CTX=8192/);
    });
  }

  it("is not presumed when the model was loaded for this question, with the whole context", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    server.aside("/api/ps", loaded());
    server.reply({ ...read(4_090), everyMs: 100, chunks: [read(4_090).body ?? ""] });
    const call = engineAt([server]).call(long, { signal: NEVER });
    await server.nextRequest();
    server.aside("/api/ps", loaded({ ...MODEL, context_length: 8192 }));
    assert.equal((await call).finish, "complete");
  });

  it("is not presumed of a text that took half of a context that was loaded as asked", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    server.reply(read(4_090));
    assert.equal((await engineAt([server]).call(long, { signal: NEVER })).finish, "complete");
  });
});

describe("a model that is not found (O01, O02)", { timeout: 10_000 }, () => {
  const notFound: Reply = { status: 404, body: '{"error":"model \'mistral:latest\' not found"}' };

  it("is missing when the list does not have it: a person must act", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    const engine = engineAt([server]);
    await engine.ready?.("ollama", PROMPT, NEVER);
    server.aside("/api/tags", { body: '{"models":[]}' });
    server.reply(notFound);
    await assertFault(ask(engine), "model-missing");
  });

  it("is a moment's trouble when the list has it: asked once more", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    server.reply(notFound);
    await assertFault(ask(engineAt([server])), "server-error");
  });

  it("counts as missing when the list cannot be had", async (test) => {
    const [server] = await standIns(test, 1);
    assert.ok(server);
    server.aside("/api/tags", { status: 500, body: "{}" });
    server.reply(notFound);
    await assertFault(ask(engineAt([server])), "model-missing");
  });
});

describe("the name of the model that answers", { timeout: 10_000 }, () => {
  for (const [asked, said] of [
    ["mistral", "mistral:latest"],
    ["mistral:latest", "mistral"],
    ["Mistral:latest", "mistral:latest"],
  ] as const) {
    it(`may be ${said} where ${asked} was asked`, async (test) => {
      const [server] = await standIns(test, 1);
      assert.ok(server);
      server.reply(ndjson(part("{}", { model: said }), last("stop", { model: said })));
      assert.equal((await ask(engineAt([server], { OLLAMA_MODEL: asked }))).model, said);
    });
  }
});
