import assert from "node:assert/strict";
import { it } from "node:test";
import type { FaultKind } from "../../src/core/fault.ts";
import { deadUrl, type Reply, type StandIn, startStandIn } from "../support/stand-in.ts";
import { ask, assertFault, faultFrom } from "./observe.ts";
import { type ProviderCase, SENTENCE } from "./provider-case.ts";

/** What can happen to any vendor between here and there. */
export function wireTests(provider: ProviderCase, server: () => StandIn): void {
  const good = provider.good(`{"verdict":"${SENTENCE}"}`);
  const half = good.body.slice(0, good.body.length / 2);
  const headers = good.headers ?? {};
  const html = { "content-type": "text/html" };

  const broken: readonly (readonly [title: string, reply: Reply, kind: FaultKind])[] = [
    ["an answer of no bytes", { status: 200, headers: { ...headers, "content-length": "0" } }, "server-error"],
    ["an answer of no bytes and no type", { status: 200, headers: { "content-type": "text/plain" }, body: "" }, "server-error"],
    ["an empty object", { ...good, body: "{}" }, "server-error"],
    ["a list in place of an object", { ...good, body: "[]" }, "server-error"],
    ["null", { ...good, body: "null" }, "server-error"],
    ["the login page of a hotel", { status: 200, headers: html, body: `<html>${SENTENCE}</html>` }, "server-error"],
    ["a web page that calls itself JSON", { ...good, body: `<html>${SENTENCE}</html>` }, "server-error"],
    ["an answer that ends in the middle (T03)", { headers, chunks: [half] }, "server-error"],
    ["a connection reset in mid-answer (T03)", { headers, chunks: [half], ending: "reset" }, "server-error"],
    [
      "an answer shorter than announced (T12)",
      { headers: { ...headers, "content-length": `${Buffer.byteLength(good.body)}` }, chunks: [half], ending: "reset" },
      "server-error",
    ],
    ["a connection reset before any answer (T02)", { ending: "reset" }, provider.resetKind ?? "server-error"],
  ];
  for (const [title, reply, kind] of broken) {
    it(`takes ${title} for ${kind}, never for an answer`, async () => {
      server().reply(reply);
      await assertFault(ask(provider.make(server().url)), kind);
      assert.equal(server().requests.length, 1);
    });
  }

  it("is unreachable where nobody listens (T01)", async () => {
    await assertFault(ask(provider.make(await deadUrl())), "unreachable");
  });

  it("is unreachable under a name that does not exist (T04)", async () => {
    await assertFault(ask(provider.make("http://nobody.invalid")), "unreachable");
  });

  it("does not speak to a server without a valid certificate (T05)", async () => {
    // A plain HTTP server cannot answer a TLS greeting: whatever it says, nothing of the text may reach it.
    const fault = await faultFrom(ask(provider.make(server().url.replace("http:", "https:"))));
    assert.ok(["unreachable", "server-error"].includes(fault.kind), fault.kind);
    assert.equal(server().requests.length, 0);
  });

  for (const status of [502, 503, 504]) {
    it(`is not put off its stride by the web page of a proxy that says ${status} (T14)`, async () => {
      server().reply({ status, headers: html, body: `<html>${SENTENCE}</html>` });
      await assertFault(ask(provider.make(server().url)), "server-error");
      assert.equal(server().requests.length, 1);
    });
  }

  it("has no answer when there is no content (204)", async () => {
    server().reply({ status: 204, headers: {} });
    await assertFault(ask(provider.make(server().url)), "server-error");
  });

  for (const status of [408, 409, 429, 500, 502, 503, 504, 529]) {
    it(`asks once, and once only, when it is told ${status}: asking again is the walk's decision`, async () => {
      server().reply({
        status,
        headers: { "retry-after": "0", "retry-after-ms": "1" },
        body: JSON.stringify({ error: { message: SENTENCE } }),
      });
      await faultFrom(ask(provider.make(server().url)));
      assert.equal(server().requests.length, 1);
    });
  }

  for (const status of [400, 401, 402, 403, 404, 405, 413, 418, 422, 451]) {
    it(`keeps the text out of the fault when a ${status} quotes it in a shape nobody foresaw`, async () => {
      server().reply({
        status,
        body: JSON.stringify({ detail: [{ input: SENTENCE }], error: { code: SENTENCE, type: SENTENCE }, message: SENTENCE }),
      });
      await faultFrom(ask(provider.make(server().url)));
    });
  }

  it("takes a status that nobody foresaw for unknown, which sends the text to nobody else", async () => {
    server().reply({ status: 418, body: "{}" });
    await assertFault(ask(provider.make(server().url)), "unknown");
  });

  it("does not carry the text on to the address of a redirect", { skip: provider.followsRedirects ?? false }, async () => {
    const elsewhere = await startStandIn();
    try {
      elsewhere.reply(provider.good("{}"));
      server().reply({ status: 307, headers: { location: `${elsewhere.url}${provider.path}` }, body: "" });
      await assertFault(ask(provider.make(server().url)), "misconfigured");
      assert.equal(elsewhere.requests.length, 0);
    } finally {
      await elsewhere.stop();
    }
  });
}
