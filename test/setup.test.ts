import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ROOT, run } from "./support/command.ts";

/** All that the script may need of a machine: no apt-get, no brew, no sudo, no npm, no redis-server. */
const TOOLS = ["bash", "cat", "cmp", "cp", "dirname", "env", "grep", "head", "id", "ln", "sed", "sort", "uname"];

describe("scripts/setup.sh, which every command calls first", () => {
  let project: string;
  let bin: string;
  before(() => {
    project = mkdtempSync(join(tmpdir(), "ecluse-setup-"));
    bin = join(project, "bin");
    for (const folder of ["scripts", "node_modules", "bin"]) mkdirSync(join(project, folder));
    cpSync(join(ROOT, "scripts/setup.sh"), join(project, "scripts/setup.sh"));
    cpSync(join(ROOT, "package-lock.json"), join(project, "package-lock.json"));
    cpSync(join(ROOT, "package-lock.json"), join(project, "node_modules/.setup-lock.json"));
    for (const tool of TOOLS) {
      const path = spawnSync("bash", ["-c", `type -P ${tool}`], { encoding: "utf8" }).stdout.trim();
      symlinkSync(path, join(bin, tool));
    }
    symlinkSync(process.execPath, join(bin, "node"));
  });
  after(() => rmSync(project, { recursive: true, force: true }));

  const program = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const setup = (env: Readonly<Record<string, string>> = {}) =>
    run("bash", ["scripts/setup.sh"], { cwd: project, env: { PATH: bin, ...env } });

  it("says what to type when there is no redis-server and none may be installed, and prints nothing on stdout", async () => {
    const { code, stdout, stderr } = await setup();
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^setup: no redis-server found, and none could be installed from here\. One of these will do:$/m);
    assert.match(stderr, /sudo apt-get install redis-server/);
    assert.match(stderr, /brew install redis/);
    assert.match(stderr, /docker compose up -d redis-local && export REDIS_URL=redis:\/\/127\.0\.0\.1:6379/);
  });
  it("needs no redis-server for a worker that is given one elsewhere, but does for the demo and the tests", async () => {
    const REDIS_URL = "redis://127.0.0.1:6379";
    assert.equal((await setup({ REDIS_URL, npm_lifecycle_event: "preworker" })).code, 0);
    assert.equal((await setup({ REDIS_URL, npm_lifecycle_event: "predemo" })).code, 1);
    assert.equal((await setup({ REDIS_URL, npm_lifecycle_event: "pretest" })).code, 1);
  });
  it("ends in under 0.3 s and says nothing when there is nothing to do", async () => {
    program("redis-server", "exit 0");
    const times: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const startedAt = performance.now();
      assert.deepEqual(await setup(), { code: 0, stdout: "", stderr: "" });
      times.push(performance.now() - startedAt);
    }
    const median = times.toSorted((a, b) => a - b)[1] ?? Number.NaN;
    assert.ok(median < 300, `it took ${Math.round(median)} ms`);
  });
  it("installs again what was cut short: packages count as there only when npm ci has ended well", async () => {
    program("redis-server", "exit 0");
    rmSync(join(project, "node_modules/.setup-lock.json"), { force: true });
    program("npm", "echo from npm; exit 1");
    const failed = await setup();
    assert.deepEqual([failed.code, failed.stdout], [1, ""], "not even npm may write to stdout");
    assert.match(failed.stderr, /npm ci failed: see the lines above/);
    assert.ok(!existsSync(join(project, "node_modules/.setup-lock.json")));
    program("npm", '[ "$1" = ci ] && echo from npm');
    assert.deepEqual([(await setup()).code, (await setup()).stderr], [0, ""], "the second time after that there is nothing to do");
  });

  const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
  it("is free of the mistakes that shellcheck knows", { skip: !hasShellcheck && "no shellcheck on this machine" }, async () => {
    assert.deepEqual(await run("shellcheck", ["scripts/setup.sh", ".ci/run"]), { code: 0, stdout: "", stderr: "" });
  });
});
