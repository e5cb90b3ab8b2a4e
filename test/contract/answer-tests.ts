import assert from "node:assert/strict";
import { it } from "node:test";
import type { StandIn } from "../support/stand-in.ts";
import { ask, assertFault } from "./observe.ts";
import { type FaultCase, PROMPT, type ProviderCase } from "./provider-case.ts";

/** What is sent, what comes back, and what each of the vendor's words means. */
export function answerTests(provider: ProviderCase, server: () => StandIn): void {
  const { answered } = provider;

  it("gets the prompt, its limits and the answer's shape in the vendor's own way, and the key in its header", async () => {
    server().reply(provider.good("{}"));
    await ask(provider.make(server().url));
    const [request] = server().requests;
    assert.equal(request?.method, "POST");
    assert.equal(request.path, provider.path);
    if (provider.auth) assert.equal(request.headers[provider.auth.header], provider.auth.value);
    else assert.equal(request.headers.authorization, undefined);
    provider.assertBody(request.body, PROMPT);
  });

  it("takes neither key nor address nor project from variables that are not ours", async () => {
    server().reply(provider.good("{}"));
    await ask(provider.make(server().url));
    assert.doesNotMatch(JSON.stringify(server().requests[0]?.headers), /somebody-else/);
  });

  it("gives the answer word for word, with the model that really answered and what it counted", async () => {
    const text = '{"verdict":"oui","motif":"L\'éclairage public : « réparé » — 12 500 €, 😀\\n"}';
    server().reply(provider.good(text));
    assert.deepEqual(await ask(provider.make(server().url)), { text, finish: "complete", ...answered });
  });

  it("gives the answer whole when it comes in pieces that split its characters", async () => {
    const { body, headers } = provider.good('{"verdict":"éèàç😀"}');
    const bytes = Buffer.from(body);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) => bytes.subarray(index * 7, index * 7 + 7));
    server().reply({ ...(headers && { headers }), chunks: pieces });
    assert.equal((await ask(provider.make(server().url))).text, '{"verdict":"éèàç😀"}');
  });

  it("answers two questions at once, each with its own text", async () => {
    server().reply(provider.good("1"), provider.good("2"));
    const engine = provider.make(server().url);
    const texts = (await Promise.all([ask(engine), ask(engine)])).map(({ text }) => text);
    assert.deepEqual(texts.sort(), ["1", "2"]);
  });

  for (const { word, reply, finish } of provider.finishes) {
    it(`takes the ending "${word}" for ${finish}`, async () => {
      server().reply(reply);
      assert.equal((await ask(provider.make(server().url))).finish, finish);
    });
  }

  it("has a case for a whole answer, for one that was cut and for an ending that nobody foresaw", () => {
    const known = new Set(provider.finishes.map(({ finish }) => finish));
    assert.deepEqual(
      (["complete", "cut", "other"] as const).filter((finish) => !known.has(finish)),
      [],
    );
  });

  for (const fault of provider.faults) faultTest(fault, provider, server);
}

function faultTest(fault: FaultCase, provider: ProviderCase, server: () => StandIn): void {
  const { id, what, kind, retryAfter, within = 10 } = fault;
  it(`${id}: when ${what}, it is ${kind}, after one request and without a word of the text`, async () => {
    server().reply(fault.reply);
    const before = Date.now();
    const { retryAt } = await assertFault(ask(provider.make(server().url)), kind);
    assert.equal(server().requests.length, 1);
    if (retryAfter === undefined) return assert.equal(retryAt, undefined);
    const seconds = ((retryAt?.getTime() ?? Number.NaN) - before) / 1000;
    assert.ok(seconds >= retryAfter - 1 && seconds < retryAfter + within, `retryAt is ${seconds} s away`);
  });
}
