import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acceptCompletion } from "../../src/capabilities/completion/contract.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { ChunkAnswer, ThemeContributions } from "../../src/documents/analysis.ts";
import { isPractice } from "../../src/practice/models.ts";
import { ARRETE } from "./acts.ts";
import { charterChat, chunkChat, post, practiceFor, themeChat } from "./asking.ts";

const completed = (text: string) => ({ text, finish: "complete", model: "practice", tokensIn: 1, tokensOut: 1 }) as const;

describe("the practice server, asked through Ollama's own client", () => {
  for (const [what, chat, shape] of [
    ["a document", chunkChat(ARRETE), ChunkAnswer],
    ["a contribution", charterChat("Le port manque de places."), CharterAnswer],
    ["a theme", themeChat("title: Le port"), ThemeContributions],
  ] as const) {
    it(`answers ${what} in the asked shape, the same whole or streamed, today and again`, async (test) => {
      const { ollama } = await practiceFor(test);
      const whole = await ollama.chat({ ...chat, stream: false });
      let streamed = "";
      let pieces = 0;
      for await (const part of await ollama.chat({ ...chat, stream: true })) {
        streamed += part.message.content;
        pieces += 1;
        if (part.done) assert.deepEqual([part.done_reason, part.eval_count], ["stop", pieces - 1]);
      }
      assert.equal(streamed, whole.message.content);
      assert.ok(acceptCompletion(completed(streamed), shape as typeof ChunkAnswer));
      assert.equal((await ollama.chat(chat)).message.content, streamed);
    });
  }

  it("counts tokens and nanoseconds as Ollama does", async (test) => {
    const { ollama } = await practiceFor(test);
    const answer = await ollama.chat(chunkChat(ARRETE));
    assert.deepEqual([answer.model, answer.message.role, answer.done, answer.done_reason], ["practice", "assistant", true, "stop"]);
    // French is about four characters a token; an estimate far from it would hide a prompt that was cut.
    assert.ok(answer.prompt_eval_count > ARRETE.length / 6 && answer.prompt_eval_count < ARRETE.length / 2);
    assert.ok(answer.total_duration > 1_000 && Number.isInteger(answer.total_duration));
    assert.ok(answer.total_duration >= answer.eval_duration + answer.load_duration);
  });

  it("stops at num_predict in the middle of the answer and says length", async (test) => {
    const { ollama } = await practiceFor(test);
    const whole = await ollama.chat(chunkChat(ARRETE));
    const cut = await ollama.chat({ ...chunkChat(ARRETE), options: { num_predict: 20 } });
    assert.deepEqual([cut.done_reason, cut.eval_count], ["length", 20]);
    assert.ok(whole.message.content.startsWith(cut.message.content) && cut.message.content.length < 120);
    const exact = await ollama.chat({ ...chunkChat(ARRETE), options: { num_predict: whole.eval_count } });
    assert.equal(exact.done_reason, "stop");
  });

  it("refuses a prompt longer than num_ctx, and stops an answer at the end of the context", async (test) => {
    const { ollama } = await practiceFor(test);
    const { prompt_eval_count: tokens } = await ollama.chat(chunkChat(ARRETE));
    await assert.rejects(ollama.chat({ ...chunkChat(ARRETE), options: { num_ctx: tokens } }), {
      status_code: 400,
      message: /context length/,
    });
    const cut = await ollama.chat({ ...chunkChat(ARRETE), options: { num_ctx: tokens + 10 } });
    assert.deepEqual([cut.done_reason, cut.eval_count], ["length", 10]);
  });

  it("lists its one model, says when it is loaded and with which context, and unloads it", async (test) => {
    const { ollama, server } = await practiceFor(test, { models: ["practice", "mistral:latest"] });
    assert.deepEqual(
      (await ollama.list()).models.map(({ name }) => name),
      ["practice:latest", "mistral:latest"],
    );
    assert.deepEqual((await ollama.show({ model: "practice" })).capabilities, ["completion"]);
    assert.deepEqual((await ollama.ps()).models, []);
    await ollama.chat({ ...charterChat("Le port"), options: { num_ctx: 8_192 } });
    await ollama.chat({ ...charterChat("Le port"), options: { num_ctx: 8_192 }, keep_alive: "10m" });
    const [loaded] = (await ollama.ps()).models;
    assert.deepEqual([loaded?.name, (loaded as { context_length?: number }).context_length], ["practice:latest", 8_192]);
    assert.equal(server.stats().loads, 1);
    await ollama.chat({ ...charterChat("Le port"), options: { num_ctx: 4_096 } });
    assert.equal(server.stats().loads, 2, "another num_ctx loads the model again");
    assert.equal((await ollama.chat({ model: "practice", messages: [], keep_alive: 0 })).done_reason, "unload");
    assert.deepEqual((await ollama.ps()).models, []);
    assert.equal((await ollama.chat({ model: "practice:latest" })).done_reason, "load");
  });

  it("is told from a language model by its name", () => {
    assert.deepEqual(["practice", "practice:latest", "mistral:latest"].map(isPractice), [true, true, false]);
  });

  it("says what it is when no shape is asked for", async (test) => {
    const { ollama } = await practiceFor(test);
    const answer = await ollama.chat({ model: "practice", messages: [{ role: "user", content: "Bonjour" }] });
    assert.match(answer.message.content, /pas un modèle de langue/);
  });
});

describe("the practice server's errors", () => {
  for (const [what, body, status, error] of [
    ["no body", "", 400, /^missing request body$/],
    ["no JSON", "bonjour", 400, /^invalid character 'b' looking for beginning of value$/],
    ["no model", "{}", 400, /^model is required$/],
    ["another model", { model: "mistral" }, 404, /^model 'mistral' not found$/],
    ["a field of another type", { model: "practice", messages: "bonjour" }, 400, /ChatRequest\.messages/],
    ["thinking", { ...charterChat("x"), think: true }, 400, /^"practice" does not support thinking$/],
    ["tools", { ...charterChat("x"), tools: [{}] }, 400, /^"practice" does not support tools$/],
    [
      "any JSON",
      { ...charterChat("x"), format: "json" },
      400,
      /practice is no language model and knows only these questions: a document chunk \{kind, /,
    ],
    ["another shape", { ...charterChat("x"), format: { type: "object", properties: { a: {} } } }, 400, /knows only these questions/],
    [
      "a shape without its text",
      { ...charterChat("x"), messages: [{ role: "user", content: "x" }] },
      400,
      /^practice finds no <contribution> field/,
    ],
  ] as const) {
    it(`are a status and one sentence for a request with ${what}`, async (test) => {
      const { server } = await practiceFor(test);
      const response = await post(server, body);
      assert.equal(response.status, status);
      assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
      assert.match(((await response.json()) as { error: string }).error, error);
    });
  }

  it("reach Ollama's own client with their status", async (test) => {
    const { ollama } = await practiceFor(test);
    await assert.rejects(ollama.chat({ model: "absent" }), { status_code: 404, message: "model 'absent' not found" });
    await assert.rejects(ollama.show({ model: "absent" }), { status_code: 404 });
  });

  it("leave the server running, like its greeting, its version and an address it does not have", async (test) => {
    const { server, ollama } = await practiceFor(test);
    assert.equal((await fetch(`${server.url}/nothing`)).status, 404);
    assert.equal((await fetch(`${server.url}//`)).status, 404);
    assert.equal(await (await fetch(server.url)).text(), "Ollama is running");
    assert.match((await ollama.version()).version, /^0\./);
  });

  it("streams by default, as NDJSON", async (test) => {
    const { server } = await practiceFor(test);
    const response = await post(server, charterChat("Le port"));
    assert.equal(response.headers.get("content-type"), "application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { done: boolean });
    assert.ok(lines.length > 10);
    assert.deepEqual([lines.filter(({ done }) => done).length, lines.at(-1)?.done], [1, true]);
  });

  it("cannot start on a port that is taken, and says so", async (test) => {
    const { server } = await practiceFor(test);
    await assert.rejects(practiceFor(test, { port: server.port }), { kind: "misconfigured" });
  });
});
