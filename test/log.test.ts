import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";

const LOG = new URL("../src/log.ts", import.meta.url).href;

/** Runs a program with a log that ends in its own way. @returns the messages on its stderr */
function messagesOf(program: string): readonly string[] {
  const code = `import { openLog } from ${JSON.stringify(LOG)}; const log = openLog({ LOG_LEVEL: "info" }); ${program}`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

describe("the log's lines", () => {
  for (const [how, program] of [
    ["ends by itself", ""],
    ["calls process.exit", "process.exit(1);"],
    ["throws what nobody catches", 'throw new Error("boom");'],
  ] as const) {
    it(`are all there when the program ${how}`, () => {
      assert.deepEqual(messagesOf(`log.info("one"); log.info("two"); ${program}`), ["one", "two"]);
    });
  }

  it("are there up to the last warning or error when the program is killed in the same moment", () => {
    const killed = 'process.kill(process.pid, "SIGKILL");';
    assert.deepEqual(messagesOf(`log.info("one"); log.warn("two"); ${killed}`), ["one", "two"]);
    assert.deepEqual(messagesOf(`log.info("one"); log.error("two"); ${killed}`), ["one", "two"]);
  });

  it("are all there and whole when there are ten thousand at once", () => {
    const all = messagesOf("for (let i = 0; i < 10_000; i += 1) log.info(String(i));");
    assert.deepEqual(
      all,
      Array.from({ length: 10_000 }, (_, index) => `${index}`),
    );
  });
});
