import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { acceptOcr, type OcrRequest } from "../../../src/capabilities/ocr/contract.ts";
import { googleVision } from "../../../src/capabilities/ocr/google-vision.ts";
import { visionPageEur } from "../../../src/capabilities/ocr/price.ts";
import { type Config, readConfig } from "../../../src/config.ts";
import { Fault, type FaultKind } from "../../../src/core/fault.ts";
import { assertFault, faultFrom, nextHeadersRead } from "../../contract/observe.ts";
import { freePort } from "../../support/redis.ts";
import { type Reply, type StandIn, startStandIn } from "../../support/stand-in.ts";

const KEY = "AIza-a-key-that-nobody-may-see";
const PICTURE = Buffer.from("\x89PNG\r\n\x1a\n and what follows", "latin1");
const REQUEST: OcrRequest = { png: PICTURE, width: 1000, height: 2000, dpi: 121, languages: ["fra", "bre"] };

let server: StandIn;
beforeEach(async () => {
  server = await startStandIn();
});
afterEach(() => server.stop());

const make = (over: Partial<Config> = {}) =>
  googleVision({ ...readConfig({ GOOGLE_VISION_API_KEY: KEY, GOOGLE_VISION_BASE_URL: server.url }), ...over });
const read = (signal = new AbortController().signal, over: Partial<Config> = {}) => make(over).call(REQUEST, { signal });

/** A word as Google writes one: its corners clockwise, a field that is 0 left out. */
function word(text: string, [left, top, right, bottom]: readonly [number, number, number, number], end?: string, confidence = 0.98) {
  const corner = (x: number, y: number) => ({ ...(x !== 0 && { x }), ...(y !== 0 && { y }) });
  const letters = [...text];
  return {
    boundingBox: { vertices: [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)] },
    confidence,
    symbols: letters.map((letter, index) => ({
      text: letter,
      confidence,
      ...(index === letters.length - 1 && end !== undefined && { property: { detectedBreak: { type: end } } }),
    })),
  };
}
const block = (...paragraphs: readonly (readonly unknown[])[]) => ({
  blockType: "TEXT",
  paragraphs: paragraphs.map((words) => ({ words })),
});
const answered = (...blocks: readonly unknown[]): Reply => ({
  body: JSON.stringify({
    responses: [
      { fullTextAnnotation: { pages: [{ width: 1000, height: 2000, blocks, confidence: 0.9 }], text: "as Google puts it together" } },
    ],
  }),
});
const PAGE = answered(
  block(
    [word("ARRÊTÉ", [0, 0, 200, 40], "SPACE"), word("n°", [210, 0, 250, 40], "LINE_BREAK")],
    [
      word("L", [100, 100, 110, 120]),
      word("'", [110, 100, 112, 120]),
      word("ordre", [112, 100, 200, 120], "SURE_SPACE", 0.5),
      word("régle", [210, 100, 280, 120], "HYPHEN"),
      word("menté", [100, 130, 180, 150], "EOL_SURE_SPACE"),
      word("du", [100, 160, 130, 180]),
    ],
  ),
  block([word("Fait", [900, 1980, 1003, 2004], "LINE_BREAK")]),
);

const status = (code: number, word: string, details?: readonly unknown[], headers?: Readonly<Record<string, string>>): Reply => ({
  status: code,
  ...(headers && { headers }),
  body: JSON.stringify({ error: { code, message: "a message in English", status: word, ...(details && { details }) } }),
});
const info = (reason: string, metadata: object = {}) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
  metadata: { service: "vision.googleapis.com", ...metadata },
});
const retry = (retryDelay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });
const inside = (code: number, message: string): Reply => ({ body: JSON.stringify({ responses: [{ error: { code, message } }] }) });

describe("Google Vision, when it has read a page", () => {
  it("gives its words in reading order, joined where Google cuts a printed one, with lines and blocks", async () => {
    server.reply(PAGE);
    const { text, words, model } = acceptOcr(await read());
    assert.equal(text, "ARRÊTÉ n°\nL'ordre régle-\nmenté\ndu\n\nFait\n");
    assert.equal(words.length, 7);
    assert.equal(model, "vision document-text");
  });
  it("says where each word stands, also at the edge and beyond it, and how sure it is, from 0 to 100", async () => {
    server.reply(PAGE);
    const { words, confidence } = acceptOcr(await read());
    assert.deepEqual(words[0], { text: "ARRÊTÉ", confidence: 98, box: [0, 0, 0.2, 0.02] });
    const [left = 0, top = 0, width = 0, height = 0] = words.at(-1)?.box ?? [];
    assert.deepEqual([left, top, left + width, top + height], [0.9, 0.99, 1, 1]);
    const order = words[2];
    assert.equal(order?.text, "L'ordre");
    assert.equal(Math.round(order.confidence * 10), Math.round(((0.98 * 2 + 0.5 * 5) / 7) * 1_000));
    assert.ok(confidence > 80 && confidence < 98);
  });
  it("takes an answer without any text for an empty page", async () => {
    server.reply({ body: '{"responses":[{}]}' });
    const { text, words, confidence } = acceptOcr(await read());
    assert.deepEqual({ text, words, confidence }, { text: "", words: [], confidence: 0 });
  });
  it("costs what the dated table says", () => {
    assert.equal(
      make().costEur({ text: "", words: [], confidence: 0, model: "", tokensIn: undefined, tokensOut: undefined }),
      visionPageEur(),
    );
    assert.ok(Math.abs(visionPageEur() - 0.00129) < 1e-9);
  });
});

describe("what Google Vision is sent", () => {
  it("is one page, with the languages that it knows, and the key in a header only", async () => {
    server.reply(PAGE);
    const seen = server.nextRequest();
    await read();
    const { method, path, headers, body } = await seen;
    assert.deepEqual([method, path], ["POST", "/v1/images:annotate?fields=responses(error,fullTextAnnotation)"]);
    assert.equal(headers["x-goog-api-key"], KEY);
    assert.deepEqual(body, {
      requests: [
        {
          image: { content: PICTURE.toString("base64") },
          features: [{ type: "DOCUMENT_TEXT_DETECTION" }],
          imageContext: { languageHints: ["fr"] },
        },
      ],
    });
  });
  it("is nothing when the picture is larger than Google takes", async () => {
    const before = server.requests.length;
    const { signal } = new AbortController();
    await assertFault(make().call({ ...REQUEST, png: Buffer.alloc(8_000_000) }, { signal }), "prompt-too-long");
    assert.equal(server.requests.length, before);
  });
  it("goes to the country that the address promises, and is not asked for without a key", () => {
    const siteAt = (url: string) => googleVision(readConfig({ GOOGLE_VISION_BASE_URL: url })).site;
    assert.deepEqual(siteAt("https://vision.googleapis.com"), { kind: "cloud", country: "US" });
    assert.deepEqual(siteAt("https://eu-vision.googleapis.com/"), { kind: "cloud", country: "EU" });
    assert.deepEqual(siteAt("https://eu-vision.googleapis.com.example.org"), { kind: "cloud", country: "ZZ" });
    assert.equal(googleVision(readConfig({})).unavailable, "no-key");
    assert.equal(make().unavailable, undefined);
  });
});

describe("Google Vision, when it fails", () => {
  const FAULTS: readonly (readonly [what: string, reply: Reply, kind: FaultKind])[] = [
    ["a key that is none", status(400, "INVALID_ARGUMENT", [info("API_KEY_INVALID")]), "unauthorized"],
    ["a request it does not take", status(400, "INVALID_ARGUMENT"), "misconfigured"],
    ["no key at all", status(401, "UNAUTHENTICATED"), "unauthorized"],
    ["an account without billing", status(403, "PERMISSION_DENIED", [info("BILLING_DISABLED")]), "unauthorized"],
    ["an API that is not switched on", status(403, "PERMISSION_DENIED", [info("SERVICE_DISABLED")]), "unauthorized"],
    ["an address that is none", status(404, "NOT_FOUND"), "misconfigured"],
    [
      "too many pages in a minute",
      status(429, "RESOURCE_EXHAUSTED", [info("RATE_LIMIT_EXCEEDED", { quota_limit: "RequestsPerMinutePerProject" })]),
      "rate-limited",
    ],
    [
      "a quota of the day that is gone",
      status(429, "RESOURCE_EXHAUSTED", [info("RATE_LIMIT_EXCEEDED", { quota_limit: "ImagesPerDayPerProject" }), retry("20s")]),
      "quota-exhausted",
    ],
    [
      "a quota that this account does not have",
      status(429, "RESOURCE_EXHAUSTED", [{ violations: [{ quotaId: "Requests", quotaValue: "0" }] }]),
      "quota-exhausted",
    ],
    ["a failure on its side", status(500, "INTERNAL"), "server-error"],
    ["machines that are full", status(503, "UNAVAILABLE"), "server-error"],
    [
      "a proxy's page in place of an error",
      { status: 502, headers: { "content-type": "text/html" }, body: "<html>Bad gateway</html>" },
      "server-error",
    ],
    ["a redirect, which is not followed", { status: 307, headers: { location: "/elsewhere" }, body: "" }, "misconfigured"],
    ["a picture it cannot read, inside a 200", inside(3, "Bad image data."), "unreadable-document"],
    ["a refusal inside a 200", inside(7, "Permission denied."), "unauthorized"],
    ["a rate limit inside a 200", inside(8, "Quota exceeded."), "rate-limited"],
    ["a failure inside a 200", inside(13, "Internal error."), "server-error"],
    ["its own deadline inside a 200", inside(4, "Deadline exceeded."), "timed-out"],
    ["a number that Google does not have", inside(99, "?"), "unknown"],
    ["a body that is no JSON", { body: "<html>hello</html>" }, "server-error"],
    ["a body that is cut", { body: (PAGE.body ?? "").slice(0, 200) }, "server-error"],
    ["no answer about the picture", { body: '{"responses":[]}' }, "server-error"],
    [
      "an answer in another shape",
      { body: '{"responses":[{"fullTextAnnotation":{"pages":[{"blocks":[{"paragraphs":[{"words":[{}]}]}]}]}}]}' },
      "server-error",
    ],
    ["a connection that breaks off", { chunks: ['{"responses"'], ending: "reset" }, "server-error"],
  ];
  for (const [what, reply, kind] of FAULTS) {
    it(`has one word for ${what}: ${kind}`, async () => {
      server.reply(reply);
      const before = server.requests.length;
      const fault = await assertFault(read(), kind);
      assert.equal(server.requests.length, before + 1, "asked once and nowhere else");
      assert.ok(!`${fault.message} ${fault.stack} ${fault.causes}`.includes(KEY));
    });
  }

  it("says when it may be asked again, in its own field or in the header", async () => {
    server.reply(status(429, "RESOURCE_EXHAUSTED", [retry("47s")]), status(429, "RESOURCE_EXHAUSTED", [], { "retry-after": "30" }));
    for (const seconds of [47, 30]) {
      const { retryAt } = await assertFault(read(), "rate-limited");
      assert.ok(Math.abs((retryAt?.getTime() ?? 0) - Date.now() - seconds * 1_000) < 5_000);
    }
  });
  it("cannot be reached where nobody listens", async () => {
    await assertFault(read(undefined, { GOOGLE_VISION_BASE_URL: `http://127.0.0.1:${await freePort()}` }), "unreachable");
  });
});

describe("a call to Google Vision that is given up", () => {
  it("closes its socket, before the first byte", async () => {
    server.reply({ silent: true });
    const caller = new AbortController();
    const call = faultFrom(read(caller.signal));
    await server.nextRequest();
    const why = new Fault("lease-lost", "the lease could not be proved any more");
    caller.abort(why);
    assert.equal(await call, why);
    await server.nextClose();
  });
  it("closes its socket at its own deadline", async () => {
    server.reply({ silent: true });
    await assertFault(read(undefined, { CLOUD_CALL_S: 0.2 }), "timed-out");
    await server.nextClose();
  });
  it("closes its socket in the middle of the answer", async () => {
    server.reply({ chunks: ['{"responses"'], ending: "hang" });
    const caller = new AbortController();
    const inBody = nextHeadersRead();
    const call = faultFrom(read(caller.signal));
    await inBody;
    caller.abort(new Fault("cancelled", "stopped"));
    assert.equal((await call).kind, "cancelled");
    await server.nextClose();
  });
});
