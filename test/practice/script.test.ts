import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../scripts/practice.ts", import.meta.url));

function start(test: TestContext, ...words: string[]): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [SCRIPT, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  test.after(() => child.kill("SIGKILL"));
  return child;
}

describe("node scripts/practice.ts", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`prints its address, answers, and ends cleanly on ${signal} even with a client that waits`, async (test) => {
      const child = start(test, "--port", "0", "--delay-ms", "60000");
      const [line] = (await once(child.stderr.setEncoding("utf8"), "data")) as [string];
      const url = line.trim();
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.equal(await (await fetch(url)).text(), "Ollama is running");
      const body = JSON.stringify({ model: "practice", messages: [{ role: "user", content: "Bonjour" }] });
      const asked = assert.rejects(fetch(`${url}/api/chat`, { method: "POST", body }));
      child.kill(signal);
      assert.deepEqual(await once(child, "exit"), [0, null]);
      await asked;
    });
  }
  it("explains itself on --help, and names the setting that is wrong", async (test) => {
    const help = start(test, "--help");
    const [text] = (await once(help.stdout.setEncoding("utf8"), "data")) as [string];
    assert.match(text, /--port N[\s\S]*--host ADDRESS[\s\S]*--delay-ms N/);
    const wrong = start(test, "--port", "99999");
    const [said] = (await once(wrong.stderr.setEncoding("utf8"), "data")) as [string];
    assert.match(said, /^--port must be a whole number from 0 to 65535\n/);
    assert.deepEqual(await once(wrong, "exit"), [1, null]);
  });
});
