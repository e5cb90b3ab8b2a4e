import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { tracked } from "../support/children.ts";

const DEMO = resolve(import.meta.dirname, "..", "..", "scripts", "demo.ts");
/** Nothing listens there. */
const NOBODY = "http://127.0.0.1:9";

/** A working folder of this test's own, in which the demo keeps its data; nothing may be left running in it. */
export function workingFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "ecluse-demo-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function put(folder: string, file: string, content: string | Buffer): Promise<string> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), content);
  return dirname(join(folder, file));
}

export interface Started {
  readonly child: ChildProcess;
  /** Settles when stderr has said this. */
  said(what: RegExp): Promise<void>;
  ended(): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

export function startDemo(folder: string, words: readonly string[], env: Record<string, string> = {}): Started {
  const child = tracked(
    spawn(process.execPath, [DEMO, ...words], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      // REDIS_URL leads nowhere: a demo that used it would fail.
      env: { PATH: process.env.PATH, HOME: folder, OLLAMA_HOST: NOBODY, REDIS_URL: "redis://127.0.0.1:9", ...env },
    }),
  );
  const out = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      out[name] += text;
    });
  }
  let isClosed = false;
  const closed = once(child, "close").then(() => {
    isClosed = true;
  });
  return {
    child,
    async said(what) {
      while (!what.test(out.stderr)) {
        assert.ok(!isClosed, `the demo ended before it said ${what}: ${out.stderr}`);
        await Promise.race([once(child.stderr as NodeJS.EventEmitter, "data"), closed]);
      }
    },
    async ended() {
      await closed;
      return { code: child.exitCode, ...out };
    },
  };
}

/** Runs it to its end. */
export const runDemo = (folder: string, words: readonly string[], env?: Record<string, string>) => startDemo(folder, words, env).ended();

/** Processes that work in this folder, as the kernel says; empty where there is no /proc. */
export function processesIn(folder: string): readonly string[] {
  if (!existsSync("/proc/self/cwd")) return [];
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || pid === `${process.pid}`) return false;
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}
