import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../scripts/practice.ts", import.meta.url));

type Child = ChildProcessByStdio<null, Readable, Readable>;

function start(test: TestContext, ...words: string[]): Child {
  const child = spawn(process.execPath, [SCRIPT, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  test.after(() => child.kill("SIGKILL"));
  return child;
}

/** What it says first. A script that ends without a word is an error here, not a test that waits for ever. */
async function firstWords(child: Child, stream: Readable): Promise<string> {
  const words = once(stream.setEncoding("utf8"), "data") as Promise<[string]>;
  const silence = once(child, "close").then(() => Promise.reject(new Error("the script ended without a word")));
  silence.catch(() => {}); // told only while the words are awaited
  const [text] = await Promise.race([words, silence]);
  return text;
}

describe("node scripts/practice.ts", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`prints its address, answers, and ends cleanly on ${signal} even with a client that waits`, async (test) => {
      const child = start(test, "--port", "0", "--delay-ms", "60000");
      const line = await firstWords(child, child.stderr);
      const url = line.trim();
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.equal(await (await fetch(url)).text(), "Ollama is running");
      const body = JSON.stringify({ model: "practice", messages: [{ role: "user", content: "Bonjour" }] });
      const asked = assert.rejects(fetch(`${url}/api/chat`, { method: "POST", body }));
      // The model counts as loaded once the question is being answered.
      while (!(await (await fetch(`${url}/api/ps`)).text()).includes("practice:latest"));
      child.kill(signal);
      assert.deepEqual(await once(child, "exit"), [0, null]);
      await asked;
    });
  }
  it("explains itself on --help, and names the setting that is wrong", async (test) => {
    const help = start(test, "--help");
    const text = await firstWords(help, help.stdout);
    assert.match(text, /--port N[\s\S]*--host ADDRESS[\s\S]*--delay-ms N/);
    const wrong = start(test, "--port", "99999");
    const said = await firstWords(wrong, wrong.stderr);
    assert.match(said, /^--port must be a whole number from 0 to 65535\n/);
    assert.deepEqual(await once(wrong, "exit"), [1, null]);
  });
});
