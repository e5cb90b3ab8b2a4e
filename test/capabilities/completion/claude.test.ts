import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { claude } from "../../../src/capabilities/completion/claude.ts";
import { Fault, type FaultKind } from "../../../src/core/fault.ts";
import claudeCase, { answer, block } from "../../contract/cases/claude.ts";
import { PROMPT, testConfig } from "../../contract/provider-case.ts";
import { type StandIn, startStandIn } from "../../support/stand-in.ts";

const { signal } = new AbortController();
const failsAs = (kind: FaultKind) => (error: unknown) => error instanceof Fault && error.kind === kind;

describe("Claude", () => {
  let server: StandIn;
  beforeEach(async () => {
    server = await startStandIn();
  });
  afterEach(() => server.stop());

  it("is passed over without a key, and is in the United States", () => {
    assert.equal(claude(testConfig({})).unavailable, "no-key");
    assert.equal(claudeCase.make(server.url).unavailable, undefined);
    assert.deepEqual(claude(testConfig({})).site, { kind: "cloud", country: "US" });
  });

  it("is asked once although it says 529 and when to come back", async () => {
    server.reply({ status: 529, headers: { "retry-after": "0" }, body: "{}" });
    await assert.rejects(claudeCase.make(server.url).call(PROMPT, { signal }), failsAs("server-error"));
    assert.equal(server.requests.length, 1);
  });

  it("is asked for a long answer, too: without a time limit of ours the SDK would send nothing", async () => {
    server.reply(claudeCase.good("{}"));
    await claudeCase.make(server.url).call({ ...PROMPT, maxTokens: 64_000 }, { signal });
    const sent = server.requests[0]?.body as { max_tokens: number } | undefined;
    assert.equal(sent?.max_tokens, 64_000);
  });

  it("answers with its text alone: thoughts and tool calls are not part of it, and costs not named are unknown", async () => {
    const blocks = [
      ...block("thinking", [
        { type: "thinking_delta", thinking: "hm" },
        { type: "signature_delta", signature: "s" },
      ]),
      ...block("a_block_of_tomorrow", [{ type: "a_delta_of_tomorrow", text: "hm" }], 1),
      ...block("text", [{ type: "text_delta", text: '{"a":' }], 2),
      ...block("text", [{ type: "text_delta", text: "1}" }], 3),
    ];
    server.reply(answer("end_turn", blocks, { counts: false }));
    assert.deepEqual(await claudeCase.make(server.url).call(PROMPT, { signal }), {
      text: '{"a":1}',
      model: claudeCase.answered.model,
      finish: "complete",
      tokensIn: undefined,
      tokensOut: undefined,
    });
  });

  it("behind a web page, an empty page or a string in place of an answer has failed, not answered", async () => {
    for (const body of ["<html>Portail wifi</html>", "", '"text"', "null", "[]", '{"content":[]}']) {
      for (const type of ["text/html", "application/json"]) {
        server.reply({ headers: { "content-type": type }, body });
        await assert.rejects(claudeCase.make(server.url).call(PROMPT, { signal }), failsAs("server-error"), `${type} ${body}`);
      }
    }
  });

  it("that does not speak TLS where it should is unreachable", async () => {
    const provider = claudeCase.make(server.url.replace("http:", "https:"));
    await assert.rejects(provider.call(PROMPT, { signal }), failsAs("unreachable"));
  });
});

describe("Claude behind a machine that stands still", () => {
  const usual = getGlobalDispatcher();
  after(() => setGlobalDispatcher(usual));

  it("is unreachable, not slow: the SDK itself takes one for the other and keeps no cause", { timeout: 15_000 }, async (t) => {
    const listen = 'const s = require("node:net").createServer().listen(0, "127.0.0.1", 1, () => console.log(s.address().port))';
    const still = spawn(process.execPath, ["-e", listen], {
      stdio: ["ignore", "pipe", "inherit"],
      signal: t.signal,
      killSignal: "SIGKILL",
    });
    const [line] = (await once(still.stdout, "data")) as [Buffer];
    const port = Number(line);
    still.kill("SIGSTOP");
    // A stopped process accepts nobody; once the kernel's queue is full, connecting itself goes unanswered.
    const queue = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => {}));
    await Promise.all(queue.slice(0, 2).map((socket) => once(socket, "connect")));
    setGlobalDispatcher(new Agent({ connect: { timeout: 200 } }));
    try {
      const call = claudeCase.make(`http://127.0.0.1:${port}`).call(PROMPT, { signal });
      await assert.rejects(call, (error) => failsAs("unreachable")(error) && (error as Fault).causes.includes("UND_ERR_CONNECT_TIMEOUT"));
    } finally {
      for (const socket of queue) socket.destroy();
      still.kill("SIGKILL");
      await once(still, "exit");
    }
  });
});
