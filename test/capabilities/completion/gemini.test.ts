import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gemini } from "../../../src/capabilities/completion/gemini.ts";
import { Fault, type FaultKind } from "../../../src/core/fault.ts";
import geminiCase from "../../contract/cases/gemini.ts";
import { PROMPT, sse, testConfig } from "../../contract/provider-case.ts";
import { type StandIn, startStandIn } from "../../support/stand-in.ts";

const { signal } = new AbortController();
const failsAs = (kind: FaultKind) => (error: unknown) => error instanceof Fault && error.kind === kind;

interface Sent {
  readonly generationConfig: { readonly temperature?: number; readonly thinkingConfig?: unknown };
}

describe("Gemini", () => {
  let server: StandIn;
  beforeEach(async () => {
    server = await startStandIn();
  });
  afterEach(() => server.stop());

  const sentTo = async (model: string): Promise<Sent> => {
    server.reply(geminiCase.answeredBy(model));
    await geminiCase.make(server.url, { GEMINI_MODEL: model }).call(PROMPT, { signal });
    return server.requests.at(-1)?.body as Sent;
  };

  it("is passed over without a key, takes either of its two names, and is in the United States", async () => {
    assert.equal(gemini(testConfig({})).unavailable, "no-key");
    assert.deepEqual(gemini(testConfig({})).site, { kind: "cloud", country: "US" });
    const other = gemini(testConfig({ GOOGLE_API_KEY: "other-key", GEMINI_MODEL: "gemini-2.5-flash", GEMINI_BASE_URL: server.url }));
    assert.equal(other.unavailable, undefined);
    server.reply(geminiCase.good("{}"));
    await other.call(PROMPT, { signal });
    assert.equal(server.requests[0]?.headers["x-goog-api-key"], "other-key");
  });

  it("is asked over a connection of its own each time: a stale one would look like a Google that is not there", async () => {
    await sentTo("gemini-2.5-flash");
    assert.equal(server.requests[0]?.headers.connection, "close");
  });

  it("is not asked at all when its caller has given up: the SDK alone would ask", async () => {
    const gone = AbortSignal.abort(new Fault("lease-lost", "the lock is gone"));
    await assert.rejects(geminiCase.make(server.url).call(PROMPT, { signal: gone }), failsAs("lease-lost"));
    assert.equal(server.requests.length, 0);
  });

  it("thinks as little as each generation allows, and is told nothing where the word is unknown", async () => {
    for (const [models, temperature, thinkingConfig] of [
      [["gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.5-flash-preview-09-2025"], 0, { thinkingBudget: 0 }],
      [["gemini-3-pro-preview", "gemini-3.5-flash-lite", "gemini-3.8-flash"], undefined, { thinkingLevel: "low" }],
      [["gemini-2.5-pro", "gemini-2.0-flash", "gemini-flash-latest"], 0, undefined],
    ] as const) {
      for (const model of models) {
        const sent = (await sentTo(model)).generationConfig;
        assert.deepEqual([sent.temperature, sent.thinkingConfig], [temperature, thinkingConfig], model);
      }
    }
  });

  it("answers without its thoughts, and counts them as costs", async () => {
    const parts = [{ text: "hm", thought: true }, { text: '{"a":' }, { text: "1}" }];
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 4, thoughtsTokenCount: 90 };
    const modelVersion = geminiCase.answered.model;
    server.reply(sse([{ candidates: [{ content: { parts }, finishReason: "STOP" }], usageMetadata, modelVersion }]));
    assert.deepEqual(await geminiCase.make(server.url).call(PROMPT, { signal }), {
      text: '{"a":1}',
      model: geminiCase.answered.model,
      finish: "complete",
      tokensIn: 10,
      tokensOut: 94,
    });
  });

  it("that does not say which model answered, and at what costs, leaves both unknown", async () => {
    server.reply(sse([{ candidates: [{ content: { parts: [{ text: "{}" }] }, finishReason: "STOP" }] }]));
    const completion = await geminiCase.make(server.url).call(PROMPT, { signal });
    assert.deepEqual([completion.model, completion.tokensIn, completion.tokensOut], ["unknown", undefined, undefined]);
  });

  it("that puts the word for the end on every event has ended with the last one", async () => {
    const event = (text: string, finishReason?: string) => ({
      candidates: [{ content: { parts: [{ text }] }, ...(finishReason && { finishReason }) }],
    });
    server.reply(sse([event('{"a":', "STOP"), event("1}", "STOP")]), sse([event('{"a":', "STOP"), event("1")]));
    const engine = geminiCase.make(server.url);
    assert.equal((await engine.call(PROMPT, { signal })).text, '{"a":1}');
    await assert.rejects(engine.call(PROMPT, { signal }), failsAs("server-error"));
  });

  it("behind a web page or an empty object in place of an answer has failed, not answered", async () => {
    for (const body of ["<html>Portail wifi</html>", "", "{}", "[]", "null", '"text"', "5", "true", '{"candidates":"x"}']) {
      server.reply({ body });
      await assert.rejects(geminiCase.make(server.url).call(PROMPT, { signal }), failsAs("server-error"), body);
    }
  });

  it("with a key that no header can carry is stopped as unknown, and nothing is sent", async () => {
    await assert.rejects(geminiCase.make(server.url, { GEMINI_API_KEY: "clé\nx" }).call(PROMPT, { signal }), failsAs("unknown"));
    assert.equal(server.requests.length, 0);
  });

  it("that names a wait no clock can read is asked later by our own table", async () => {
    for (const retryDelay of ["soon", "", "-3s", "1e9s", "47", `${"9".repeat(30)}s`]) {
      server.reply({ status: 429, body: JSON.stringify({ error: { message: "m", details: [{ retryDelay }] } }) });
      await assert.rejects(
        geminiCase.make(server.url).call(PROMPT, { signal }),
        (fault) => fault instanceof Fault && fault.kind === "rate-limited" && fault.retryAt === undefined,
      );
    }
  });

  it("is asked with an answer's shape that it cannot take: nothing is sent", async () => {
    const schema = { anyOf: [{ type: "string" }, { type: "integer" }] };
    await assert.rejects(geminiCase.make(server.url).call({ ...PROMPT, schema }, { signal }), failsAs("misconfigured"));
    assert.equal(server.requests.length, 0);
  });

  it("lets a program end as soon as it has its answer: the SDK's own timer would hold it for the hour", { timeout: 15_000 }, async (t) => {
    server.reply(geminiCase.good("{}"));
    const here = new URL("../../", import.meta.url);
    const program = `
      const { default: geminiCase } = await import(${JSON.stringify(new URL("contract/cases/gemini.ts", here).href)});
      const { PROMPT } = await import(${JSON.stringify(new URL("contract/provider-case.ts", here).href)});
      const provider = geminiCase.make(${JSON.stringify(server.url)}, { CLOUD_CALL_S: 3600 });
      console.log((await provider.call(PROMPT, { signal: new AbortController().signal })).finish);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
      signal: t.signal,
    });
    const said: string[] = [];
    child.stdout.on("data", (data: Buffer) => said.push(data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    assert.deepEqual([code, said.join("").trim()], [0, "complete"]);
  });
});
