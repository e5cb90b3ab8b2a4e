import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { ollama } from "../../../src/capabilities/completion/ollama.ts";
import { type Config, readConfig } from "../../../src/config.ts";
import { last, ndjson, part } from "../../contract/cases/ollama.ts";
import { ask, assertFault } from "../../contract/observe.ts";
import { PROMPT } from "../../contract/provider-case.ts";
import { type Reply, type StandIn, startStandIn } from "../../support/stand-in.ts";

let server: StandIn;
beforeEach(async () => {
  server = await startStandIn();
});
afterEach(() => server.stop());

const provider = (overrides: Partial<Config> = {}) => ollama({ ...readConfig({ OLLAMA_HOST: server.url }), ...overrides });

/** Lines sent one by one, at the pace of a slow machine. */
const slowly = (everyMs: number, ...lines: readonly unknown[]): Reply => ({ chunks: lines.map((line) => ndjson(line).body), everyMs });

describe("the patience with a slow local model", { timeout: 15_000 }, () => {
  it("lets an answer go on for many times the stall limit while words keep coming", async () => {
    const words = Array.from({ length: 40 }, (_, index) => part(`${index} `));
    server.reply(slowly(60, ...words, last("stop")));
    const began = performance.now();
    const { text, finish } = await ask(provider({ OLLAMA_FIRST_TOKEN_S: 0.4, OLLAMA_STALL_S: 0.4 }));
    assert.ok(performance.now() - began > 2_000, "the answer took more than five stall limits");
    assert.equal(text, Array.from({ length: 40 }, (_, index) => `${index} `).join(""));
    assert.equal(finish, "complete");
  });

  it("waits for the first word as long as loading the model may take, far beyond the stall limit", async () => {
    server.reply({ ...ndjson(part("{}"), last("stop")), everyMs: 500 });
    assert.equal((await ask(provider({ OLLAMA_FIRST_TOKEN_S: 5, OLLAMA_STALL_S: 0.1 }))).text, "{}");
  });

  it("is not cut by the HTTP client's own limits, which Node sets to five minutes", async () => {
    const before = getGlobalDispatcher();
    const hasty = new Agent({ headersTimeout: 100, bodyTimeout: 100 });
    setGlobalDispatcher(hasty);
    try {
      server.reply({ silent: true }, slowly(400, part("{"), part("}"), last("stop")));
      await assert.rejects(fetch(server.url), /fetch failed/, "the limit is in force for everybody else");
      assert.equal((await ask(provider())).text, "{}");
    } finally {
      setGlobalDispatcher(before);
      await hasty.destroy();
    }
  });

  it("ends when the first word does not come, and frees the machine", async () => {
    server.reply({ silent: true });
    const fault = await assertFault(ask(provider({ OLLAMA_FIRST_TOKEN_S: 0.2 })), "timed-out");
    assert.match(fault.message, /first word within 0.2 s/);
    await server.nextClose();
  });

  it("ends when the words stop coming, and frees the machine", async () => {
    server.reply({ ...ndjson(part("{"), part("}")), ending: "hang" });
    const fault = await assertFault(ask(provider({ OLLAMA_STALL_S: 0.2 })), "timed-out");
    assert.match(fault.message, /further word within 0.2 s/);
    await server.nextClose();
  });

  for (const [what, empty] of [
    ["empty parts", part("")],
    ["thoughts", { ...part(""), message: { role: "assistant", content: "", thinking: "hm" } }],
    ["blanks", part("\n")],
  ] as const) {
    it(`ends although ${what} keep coming, since none of them is an answer`, async () => {
      server.reply(slowly(30, part("{"), ...Array.from({ length: 100 }, () => empty), last("stop")));
      await assertFault(ask(provider({ OLLAMA_STALL_S: 0.3 })), "timed-out");
      await server.nextClose();
    });
  }

  it("ends at the limit for the whole call although words keep coming", async () => {
    server.reply(slowly(20, ...Array.from({ length: 200 }, () => part("word ")), last("stop")));
    await assertFault(ask(provider({ OLLAMA_CALL_S: 0.3 })), "timed-out");
    await server.nextClose();
  });

  it("does not wait for the end of the connection once the answer is whole", async () => {
    server.reply({ ...ndjson(part("{}"), last("stop")), ending: "hang" });
    assert.equal((await ask(provider())).finish, "complete");
    await server.nextClose();
  });
});

describe("what the local model answers", { timeout: 10_000 }, () => {
  it("is its words alone when the model thought first", async () => {
    server.reply(ndjson({ ...part(""), message: { role: "assistant", content: "", thinking: "hm" } }, part("{}"), last("stop")));
    assert.equal((await ask(provider())).text, "{}");
  });

  it("is believed without counts, which Ollama leaves out when they are 0, and unknown is not written as 0", async () => {
    const { prompt_eval_count: _in, eval_count: _out, ...rest } = last("stop");
    server.reply(ndjson(part("{}"), rest));
    const { tokensIn, tokensOut } = await ask(provider());
    assert.deepEqual([tokensIn, tokensOut], [undefined, undefined]);
  });

  it("is refused when the count says that only half of a long text was read, which Ollama does without a word", async () => {
    server.reply(ndjson(part("{}"), last("stop", { prompt_eval_count: 8192 / 2 + 2 })));
    const long = { ...PROMPT, user: "Le conseil municipal a délibéré. ".repeat(1_000) };
    const call = provider().call(long, { signal: new AbortController().signal });
    const fault = await assertFault(call, "prompt-too-long");
    assert.match(fault.message, /OLLAMA_NUM_CTX is 8192/);
  });

  it("is believed when a short text happens to have just that many tokens", async () => {
    server.reply(ndjson(part("{}"), last("stop", { prompt_eval_count: 8192 / 2 + 2 })));
    const short = { ...PROMPT, user: "Le conseil municipal a délibéré. ".repeat(450) };
    assert.equal((await provider().call(short, { signal: new AbortController().signal })).finish, "complete");
  });

  it("costs nothing, and needs the one slot of the machine", () => {
    assert.equal(provider().costEur({ text: "", finish: "complete", model: "mistral:latest", tokensIn: 1, tokensOut: 1 }), 0);
    assert.deepEqual(provider().slots, ["ollama"]);
  });
});

describe("where the local model is", () => {
  it("is here, on this machine or another of the town", () => {
    assert.deepEqual(ollama(readConfig({ OLLAMA_HOST: "http://192.168.1.20:11434" })).site, { kind: "local" });
  });

  it("is the United States when the address is Ollama's own cloud, so that the rules for the cloud apply", () => {
    assert.deepEqual(ollama(readConfig({ OLLAMA_HOST: "https://ollama.com" })).site, { kind: "cloud", country: "US" });
  });
});
