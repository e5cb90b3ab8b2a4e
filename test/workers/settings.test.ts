import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runNode } from "../support/command.ts";

describe("a program that is started with mistaken settings", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ecluse-settings-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("names every mistake at once, ends with exit code 2, and has connected to nobody and written nothing", async (test) => {
    let connections = 0;
    const redis = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    test.after(() => redis.close());
    await once(redis, "listening");
    const { port } = redis.address() as { port: number };
    const env = { REDIS_URL: `redis://127.0.0.1:${port}`, LOCK_DB: "sixteen", DOCUMENTS_CRON: "every two hours", OLLAMA_MODLE: "mistral" };
    const ran = await runNode("workers/index.ts", [], { cwd: folder, env });
    assert.equal(
      ran.stderr,
      [
        "ecluse: OLLAMA_MODLE is not a setting: did you mean OLLAMA_MODEL?",
        'ecluse: LOCK_DB must be a number, but is "sixteen"',
        'ecluse: DOCUMENTS_CRON is not a cron line such as 20 */2 * * *, but is "every two hours"',
        "",
      ].join("\n"),
    );
    assert.deepEqual([ran.code, ran.stdout, connections, readdirSync(folder)], [2, "", 0, []]);
  });
  it("prints no value that may be a secret, not even the one that is wrong", async () => {
    const env = {
      REDIS_URL: "http://:secret-in-address@10.0.0.1:6379",
      OPENAI_API_KEY: "sk-secret-key",
      MISTRAL_API_KY: "secret-under-a-wrong-name",
      EGRESS_CONTRIBUTIONS: "everywhere",
    };
    const ran = await runNode("workers/index.ts", [], { cwd: folder, env });
    assert.equal(ran.code, 2);
    assert.equal(ran.stderr.trim().split("\n").length, 3, "three mistakes");
    assert.match(ran.stderr, /^ecluse: REDIS_URL must be a redis:\/\/ or rediss:\/\/ address$/m);
    assert.doesNotMatch(ran.stderr + ran.stdout, /secret/);
  });
});
