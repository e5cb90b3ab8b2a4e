import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { tracked } from "../support/children.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/bench-worker.ts");
/** Its folders are looked for here after it ended: none may be left. */
let temporary = "";
before(() => {
  temporary = mkdtempSync(join(tmpdir(), "ecluse-bench-test-"));
});
after(() => rmSync(temporary, { recursive: true, force: true }));

const start = (...args: string[]) =>
  tracked(spawn(process.execPath, [SCRIPT, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: temporary } }));

/** What a bench left: its folders, and (on Linux) its processes, known by the folder in their environment. */
function leftBehind(): readonly string[] {
  const pids = existsSync("/proc/self/environ") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return [...readdirSync(temporary), ...pids.filter((pid) => environmentOf(pid).includes(temporary))];
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

async function run(...args: string[]) {
  const child = start(...args);
  const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, "close")]);
  return { code: child.exitCode, stdout: Buffer.concat(out as Buffer[]).toString(), stderr: Buffer.concat(err as Buffer[]).toString() };
}

/** Every number in a document, with the path to it. */
function numbersOf(node: unknown, path = ""): [string, number][] {
  if (typeof node === "number") return [[path, node]];
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => numbersOf(value, `${path}.${key}`));
}

describe("the comparison of our worker with a bare BullMQ worker", () => {
  it("prints one JSON document: each figure of both sides and each ratio, measured, and leaves nothing behind", async () => {
    const { code, stdout, stderr } = await run("--json", "--jobs", "20", "--rounds", "1", "--samples", "3", "--starts", "1");
    assert.equal(code, 0, stderr);
    assert.equal(stdout.trim().split("\n").length, 1);
    const result = JSON.parse(stdout) as Record<string, never>;
    assert.deepEqual(Object.keys(result.jobsPerSecond ?? {}), ["1", "8", "50"]);
    const numbers = new Map(numbersOf(result));
    const asked = ["1", "8", "50"].flatMap((at) => ["bare", "ecluse", "ratio"].map((what) => `.jobsPerSecond.${at}.${what}`));
    for (const path of [...asked, ".idleLatencyRatio", ".rssRatio", ".readyMs"]) assert.ok((numbers.get(path) ?? 0) > 0, path);
    assert.deepEqual(
      [...numbers].filter(([, value]) => !Number.isFinite(value)),
      [],
    );
    // A ready Node process takes more than 30 MB, and no job goes to another process and back in a microsecond.
    assert.ok((numbers.get(".rssMb.bare") ?? 0) > 30 && (numbers.get(".idleLatencyMs.bare") ?? 0) > 0.001, stdout);
    assert.deepEqual(leftBehind(), []);
  });

  it("stopped with Ctrl-C ends at once with its workers and its Redis, and says that there is no figure", async () => {
    const child = start("--json", "--starts", "50");
    const stdout = child.stdout.toArray();
    const lines = createInterface({ input: child.stderr });
    const said: string[] = [];
    for await (const line of lines) {
      // A worker of the first start is gone, one of the second is on its way.
      if (said.push(line) === 1) child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "close");
    assert.equal(child.exitCode, 1);
    assert.deepEqual(await stdout, []);
    assert.match(said.join("\n"), /interrupted/);
    assert.deepEqual(leftBehind(), []);
  });

  it("says what is wrong with an argument, and measures nothing", async () => {
    for (const args of [["--jobs", "0"], ["--rounds", "two"], ["--fast"]]) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.ok(stderr.includes(args[0] ?? ""), stderr);
    }
    const help = await run("--help");
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /--rounds/);
  });
});
