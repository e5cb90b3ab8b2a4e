import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ollama } from "../../../src/capabilities/completion/ollama.ts";
import { type Config, readConfig } from "../../../src/config.ts";
import { Fault } from "../../../src/core/fault.ts";
import { last, ndjson, part } from "../../contract/cases/ollama.ts";
import { ask, assertFault } from "../../contract/observe.ts";
import { PROMPT } from "../../contract/provider-case.ts";
import { deadUrl, type Reply, type StandIn, startStandIn } from "../../support/stand-in.ts";

let server: StandIn;
beforeEach(async () => {
  server = await startStandIn();
});
afterEach(() => server.stop());

const NEVER = new AbortController().signal;
/** Moved by a test, in ms. */
let elapsedMs = 0;
const provider = (overrides: Partial<Config> = {}) => ollama({ ...readConfig({ OLLAMA_HOST: server.url }), ...overrides }, () => elapsedMs);
const ready = (engine = provider(), user = PROMPT.user): Promise<void> =>
  engine.ready?.("ollama", { ...PROMPT, user }, NEVER) ?? assert.fail();

const tags = (...models: readonly object[]): Reply => ({ body: JSON.stringify({ models }) });
const listed = (...names: readonly string[]): Reply => tags(...names.map((name) => ({ name, model: name })));
const lists = () => server.asides.filter(({ path }) => path === "/api/tags").length;

describe("before anybody waits in line for the local model", { timeout: 10_000 }, () => {
  it("is it seen that somebody is there and has the model, without a word of the text", async () => {
    await ready();
    assert.deepEqual(
      server.asides.map(({ method, path, body }) => [method, path, body]),
      [["GET", "/api/tags", ""]],
    );
    assert.equal(server.requests.length, 0);
  });

  it("is it seen that nobody is there", async () => {
    await assertFault(ready(provider({ OLLAMA_HOST: [await deadUrl()] })), "unreachable");
  });

  it("is a machine that does not answer given up after 5 seconds", async (test) => {
    server.aside("/api/tags", { silent: true });
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const looked = assertFault(ready(), "timed-out");
    await server.nextAside();
    test.mock.timers.tick(5_000);
    assert.match((await looked).message, /\/api\/tags within 5 s/);
  });

  it("does whoever gives up while it is looked stop waiting at once", async () => {
    server.aside("/api/tags", { silent: true });
    const asker = new AbortController();
    const reason = new Fault("cancelled", "the job was stopped");
    const looked = provider().ready?.("ollama", PROMPT, asker.signal);
    await server.nextAside();
    asker.abort(reason);
    await assert.rejects(looked ?? assert.fail(), reason);
  });

  for (const [what, reply, kind] of [
    ["a proxy that is down", { status: 502, body: "<html>" }, "server-error"],
    ["a proxy that asks for a password", { status: 401, body: "<html>" }, "unauthorized"],
    ["another program", { status: 404, body: "not found" }, "misconfigured"],
    ["the login page of a hotel", { body: "<html>" }, "server-error"],
    ["a program that lists something else", { body: '{"models":7}' }, "server-error"],
    ["an Ollama without any model", { body: '{"models":null}' }, "model-missing"],
  ] as const satisfies readonly (readonly [string, Reply, string])[]) {
    it(`is ${what} taken for what it is`, async () => {
      server.aside("/api/tags", reply);
      await assertFault(ready(), kind);
    });
  }
});

describe("the model of the settings", { timeout: 10_000 }, () => {
  it("is missing when the list does not have it, and the operator is told what to do", async () => {
    server.aside("/api/tags", listed("llama3:latest", "mistral:7b", "mistral-nemo:latest"));
    const { message } = await assertFault(ready(), "model-missing");
    assert.match(message, /run ollama pull mistral:latest$/);
  });

  for (const [asked, there] of [
    ["mistral", "mistral:latest"],
    ["mistral:latest", "mistral"],
    ["Mistral:7B", "mistral:7b"],
    ["registry.ollama.ai/library/mistral:latest", "mistral:latest"],
    ["hf.co/town/model:Q4_K_M", "hf.co/town/model:Q4_K_M"],
  ] as const) {
    it(`is found as ${there} when the settings say ${asked}`, async () => {
      server.aside("/api/tags", listed(there));
      await ready(provider({ OLLAMA_MODEL: asked }));
    });
  }

  for (const [what, entry] of [
    ["says its host", { name: "mistral:latest", remote_host: "https://ollama.com:443" }],
    ["says its name there", { name: "mistral:latest", remote_model: "gpt-oss:120b" }],
  ] as const) {
    it(`is refused before a word is sent when it lies on another machine and ${what} (O26)`, async () => {
      server.aside("/api/tags", tags(entry));
      await assertFault(ready(), "egress-breach");
      assert.equal(server.requests.length, 0);
    });
  }
});

describe("what was seen", { timeout: 10_000 }, () => {
  it("is believed for a minute when it was good, and then looked at again", async () => {
    elapsedMs = 0;
    const engine = provider();
    await ready(engine);
    elapsedMs = 59_000;
    await ready(engine);
    assert.equal(lists(), 1);
    elapsedMs = 61_000;
    await ready(engine);
    assert.equal(lists(), 2);
  });

  for (const [what, bad] of [
    ["the model was missing", listed("llama3:latest")],
    ["it was on another machine", tags({ name: "mistral:latest", remote_host: "https://ollama.com" })],
    ["a proxy was down", { status: 502, body: "" }],
  ] as const satisfies readonly (readonly [string, Reply])[]) {
    it(`is not kept for a moment when ${what}: it may be mended now`, async () => {
      const engine = provider();
      server.aside("/api/tags", bad);
      await assert.rejects(ready(engine));
      server.aside("/api/tags", listed("mistral:latest"));
      await ready(engine);
    });
  }

  it("is asked for once when many ask at the same time", async () => {
    const engine = provider();
    await Promise.all(Array.from({ length: 20 }, () => ready(engine)));
    assert.equal(lists(), 1);
  });

  it("is forgotten when a call fails, since the machine may have been started anew without the model", async () => {
    const engine = provider();
    await ready(engine);
    server.reply({ ending: "reset" });
    await assertFault(ask(engine), "server-error");
    server.aside("/api/tags", listed("llama3:latest"));
    await assertFault(ready(engine), "model-missing");
  });
});

const WORD = "délibération ";
const words = (chars: number): string => WORD.repeat(Math.ceil(chars / WORD.length)).slice(0, chars);
const answerTo = (prompt_eval_count: number): Reply => ndjson(part("{}"), last("stop", { prompt_eval_count }));

/** Lets the model show how many characters it takes for a token: `times` answers to texts of this length. */
async function shown(engine: ReturnType<typeof provider>, chars: number, tokens: number, times: number): Promise<void> {
  for (let nth = 0; nth < times; nth++) {
    server.reply(answerTo(tokens));
    await engine.call({ ...PROMPT, system: "", user: words(chars) }, { signal: NEVER });
  }
}

describe("a text that is too long for the model's context", { timeout: 10_000 }, () => {
  const fits = (engine: ReturnType<typeof provider>, chars: number): Promise<void> =>
    engine.ready?.("ollama", { ...PROMPT, system: "", user: words(chars) }, NEVER) ?? assert.fail();

  it("is not even sent, and both numbers and the remedy are said", async () => {
    const { message } = await assertFault(ready(provider(), words(60_000)), "prompt-too-long");
    assert.match(message, /60\d{3} characters is at least 100\d\d tokens .*OLLAMA_NUM_CTX=8192: split it, or raise that setting/);
    assert.equal(server.asides.length + server.requests.length, 0);
  });

  it("is sent when it may fit, however unlikely: Ollama itself refuses it then", async () => {
    await fits(provider(), 8_191 * 6 - 10);
  });

  it("is told from a long row of dashes or blanks, which are few tokens", async () => {
    await ready(provider(), `${"-".repeat(60_000)}${" ".repeat(60_000)}${"\n".repeat(60_000)}`);
  });

  it("is known better once this model has shown its way of counting", async () => {
    const engine = provider();
    await fits(engine, 45_000);
    await shown(engine, 10_000, 3_300, 5);
    await assertFault(fits(engine, 45_000), "prompt-too-long");
    await fits(engine, 36_000);
  });

  it("is not presumed after four answers, nor from tables alone, which have twice the tokens of prose", async () => {
    const [few, tables] = [provider(), provider()];
    await shown(few, 10_000, 3_300, 4);
    await fits(few, 45_000);
    await shown(tables, 10_000, 5_000, 6);
    await fits(tables, 36_000);
  });

  it("is presumed later when the model counts fewer tokens than any we know", async () => {
    const engine = provider();
    await assertFault(fits(engine, 52_000), "prompt-too-long");
    await shown(engine, 10_000, 1_600, 5);
    await fits(engine, 52_000);
  });
});
