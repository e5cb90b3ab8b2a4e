import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { tracked } from "../support/children.ts";
import { ROOT, run } from "../support/command.ts";
import { listen, placeFor } from "./place.ts";

const ours = (path: string): string => JSON.stringify(pathToFileURL(`${ROOT}${path}`).href);

/** A command of a few lines, as its own program. */
function commandThat(test: TestContext, body: string) {
  const here = placeFor(test);
  const path = here.path("command.ts");
  const imports = `import { onInterrupt, printJson, runCommand, UsageError } from ${ours("scripts/command.ts")};
import { ConfigError } from ${ours("src/config.ts")};
import { Fault } from ${ours("src/core/fault.ts")};`;
  writeFileSync(
    path,
    `${imports}\nawait runCommand({ name: "try", help: "how\\n", options: { n: { type: "string" } }, async run({ values }) { ${body} } });\n`,
  );
  return { path, run: (...words: string[]) => run(process.execPath, [path, ...words], { cwd: here.folder }) };
}

describe("every command of this project", () => {
  it("ends with 2 for wrong words and settings, with 1 for what failed, and never shows a stack", async (test) => {
    const cases: readonly (readonly [body: string, code: number, said: string])[] = [
      ['throw new ConfigError(["A is wrong", "B too"]);', 2, "try: A is wrong\ntry: B too\n"],
      ['throw new UsageError("not that");', 2, "try: not that\ntry -- --help says what can be given.\n"],
      ['throw new Fault("redis-unavailable", "Redis is away: start it");', 1, "try: Redis is away: start it\n"],
      ['throw new Error("a citizen wrote this");', 1, "try: the command failed in a way nobody foresaw (Error)\n"],
      ["return 3;", 3, ""],
      ["", 0, ""],
    ];
    for (const [body, code, said] of cases) {
      const ran = await commandThat(test, body).run();
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [code, "", said]);
    }
  });

  it("explains itself on --help without doing anything, and refuses an option it does not have", async (test) => {
    const command = commandThat(test, 'process.stdout.write("done");');
    assert.deepEqual([(await command.run("--help")).stdout, (await command.run("-h")).stdout], ["how\n", "how\n"]);
    const wrong = await command.run("--m", "1");
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /^try: Unknown option '--m'/);
  });

  it("ends quietly when the program that reads its result has had enough", async (test) => {
    const { path } = commandThat(test, "for (let line = 0; line < 100_000; line += 1) printJson({ line });");
    const ran = await run("bash", ["-c", 'set -o pipefail; "$0" "$1" | head -1', process.execPath, path]);
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, "{\n", ""]);
  });

  it("stops at a safe point on the first Ctrl-C, and at once on the second", async (test) => {
    const wait =
      "const { signal } = onInterrupt(); signal.onabort = () => console.error('safe'); console.error('ready'); setInterval(() => {}, 9e5); await new Promise(() => {});";
    const { path } = commandThat(test, wait);
    const child = tracked(spawn(process.execPath, [path], { stdio: ["ignore", "ignore", "pipe"] }));
    test.after(() => child.kill("SIGKILL"));
    const said = listen(child.stderr);
    await said.until(/ready/);
    child.kill("SIGINT");
    await said.until(/safe/);
    // As npm passes the terminal's own signal on.
    child.kill("SIGINT");
    await pause(200);
    assert.equal(child.exitCode, null);
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [130, null]);
  });
});
