import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ollama } from "ollama";
import type { Misbehaviour } from "../../src/practice/misbehaviour.ts";
import { charterChat, post, practiceFor } from "./asking.ts";

const QUESTION = charterChat("Le port manque de places.");

/** What a client makes of it, in one line: its words and its ending. */
async function streamed(ollama: Ollama): Promise<string> {
  let text = "";
  let end = "no end";
  try {
    for await (const part of await ollama.chat({ ...QUESTION, stream: true })) {
      text += part.message.content;
      if (part.done) end = `${part.done_reason} ${(part as { remote_host?: string }).remote_host ?? ""}`.trim();
    }
  } catch (error) {
    end = error instanceof Error ? error.message : String(error);
  }
  return `${text} / ${end}`;
}

describe("the practice server told to misbehave", () => {
  const whole = '{"is_valid":true,"category":"economie",';
  for (const [how, expected] of [
    [
      { kind: "status", status: 503, error: "server busy, please try again.  maximum pending requests exceeded" },
      /^ \/ server busy, please try again\. {2}maximum/,
    ],
    [{ kind: "status", status: 500, error: "model runner has unexpectedly stopped" }, /^ \/ model runner/],
    [{ kind: "cut", afterTokens: 5 }, /^\{"is_valid.{0,10} \/ terminated$/],
    [{ kind: "no-done" }, /\} \/ Did not receive done/],
    [{ kind: "no-done", afterTokens: 5 }, /^\{"is_valid.{0,10} \/ Did not receive done/],
    [{ kind: "error-line", afterTokens: 3, error: "out of memory" }, / \/ out of memory$/],
    [{ kind: "bad-line", afterTokens: 3 }, / \/ .*(?:JSON|Did not receive)/],
    [{ kind: "length" }, /[^}] \/ length$/],
    [{ kind: "empty" }, /^ \/ stop$/],
    [{ kind: "thinking-only" }, /^ \/ stop$/],
    [{ kind: "fenced" }, /^```json\n\{.*\}\n``` \/ stop$/s],
    [{ kind: "prose" }, /^Voici la réponse.*\{.*\}.*aide\. \/ stop$/s],
    [{ kind: "wrong-shape" }, /^\{"answer":"oui","score":3\} \/ stop$/],
    [{ kind: "invented-category" }, /"category":"transports-spatiaux".* \/ stop$/],
    [{ kind: "says", content: "Non." }, /^Non\. \/ stop$/],
    [{ kind: "remote", host: "https://ollama.com:443" }, /\} \/ stop https:\/\/ollama\.com:443$/],
    [{ kind: "slow", tokenDelayMs: 1 }, /\} \/ stop$/],
    [{ kind: "load", loadMs: 1 }, /\} \/ stop$/],
  ] as const satisfies readonly (readonly [Misbehaviour, RegExp])[]) {
    it(`does once what it was told: ${Object.values(how).join(" ")}`, async (test) => {
      const { server, ollama } = await practiceFor(test);
      server.misbehave(how);
      assert.match(await streamed(ollama), expected);
      const next = await streamed(ollama);
      assert.ok(next.startsWith(whole) && next.endsWith("} / stop"), "the next request is answered as ever");
    });
  }

  it("does it for a whole answer as well as for a stream", async (test) => {
    const { server, ollama } = await practiceFor(test);
    server.misbehave({ kind: "no-done" });
    const open = await ollama.chat(QUESTION);
    assert.deepEqual([open.done, open.done_reason], [false, undefined]);
    server.misbehave({ kind: "thinking-only" });
    const { message } = await ollama.chat(QUESTION);
    assert.deepEqual([message.content, (message.thinking ?? "").length > 0], ["", true]);
    server.misbehave({ kind: "cut", afterTokens: 1 });
    await assert.rejects(ollama.chat(QUESTION), TypeError);
    server.misbehave({ kind: "prompt-cut", promptTokens: 2_050 });
    assert.equal((await ollama.chat(QUESTION)).prompt_eval_count, 2_050);
    server.misbehave({ kind: "page", status: 502, html: "<h1>Bad Gateway</h1>" });
    const page = await post(server, QUESTION);
    assert.deepEqual([page.status, page.headers.get("content-type"), await page.text()], [502, "text/html", "<h1>Bad Gateway</h1>"]);
  });

  for (const how of [{ kind: "silent" }, { kind: "hang", afterTokens: 2 }] as const) {
    it(`keeps its place while it is ${how.kind === "silent" ? "silent" : "stuck in mid-answer"}, until the client gives up`, async (test) => {
      const { server } = await practiceFor(test);
      server.misbehave(how);
      const stop = new AbortController();
      const asked = post(server, QUESTION, stop.signal).then((response) => response.text());
      await server.until(({ working }) => working === 1);
      stop.abort();
      await assert.rejects(asked, { name: "AbortError" });
      await server.until(({ aborted, open }) => aborted === 1 && open === 0);
    });
  }

  it("takes its orders in turn, each as often as told, and forgets them on request", async (test) => {
    const { server, ollama } = await practiceFor(test);
    const contents = async (count: number) => {
      const said: string[] = [];
      for (let asked = 0; asked < count; asked++) said.push((await ollama.chat(QUESTION)).message.content.slice(0, 3));
      return said;
    };
    server.misbehave({ kind: "says", content: "un" }, 2);
    server.misbehave({ kind: "says", content: "deux" }, Number.POSITIVE_INFINITY);
    assert.deepEqual(await contents(5), ["un", "un", "deu", "deu", "deu"]);
    server.behave();
    assert.deepEqual(await contents(1), ['{"i']);
  });

  it("shows each request as it came to those who check what is sent", async (test) => {
    const seen: unknown[] = [];
    const { ollama } = await practiceFor(test, { onChat: (body) => seen.push(body) });
    await ollama.chat({ ...QUESTION, options: { num_ctx: 8_192 } });
    assert.deepEqual(seen, [{ ...QUESTION, stream: false, options: { num_ctx: 8_192 } }]);
  });
});
