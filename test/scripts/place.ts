import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { assemble } from "../../src/assemble.ts";
import { readConfig } from "../../src/config.ts";
import { startWorkers } from "../../workers/start-worker.ts";
import { killed, tracked } from "../support/children.ts";
import { type Ran, ROOT, runNode } from "../support/command.ts";
import type { TestRedis } from "../support/redis.ts";

/** A folder with settings of its own, in which a command runs as a person would run it; gone when the test ends. */
export function placeFor(test: TestContext, settings: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ecluse-command-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  const env: Readonly<Record<string, string>> = { DATA_DIR: join(folder, "data"), OUT_DIR: join(folder, "out"), ...settings };
  return {
    folder,
    env,
    path: (name: string): string => join(folder, name),
    run: (script: string, ...args: string[]): Promise<Ran> => runNode(script, args, { cwd: folder, env }),
    /** Not waited for: to be written to, or stopped. */
    start(script: string, ...args: string[]): ChildProcess {
      const inherited = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
      const child = tracked(spawn(process.execPath, [`${ROOT}${script}`, ...args], { cwd: folder, env: { ...inherited, ...env } }));
      test.after(() => killed(child));
      return child;
    },
  };
}

/** The real workers, in this process, with a place's settings; stopped when the test ends. */
export async function startTestWorkers(test: TestContext, { env }: ReturnType<typeof placeFor>, redis: TestRedis): Promise<void> {
  const app = assemble({ config: readConfig({ ...env, LOG_LEVEL: "silent" }), redisUrl: redis.url });
  const workers = startWorkers(app.definitions, app);
  test.after(async () => {
    await workers.stop();
    await app.close();
  });
  await workers.ready();
}

/** Everything a child has written to one of its streams, and a wait until a word is among it. */
export function listen(stream: NodeJS.ReadableStream | null) {
  let text = "";
  const waiting: { word: RegExp; tell: () => void }[] = [];
  stream?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    for (const { word, tell } of waiting) if (word.test(text)) tell();
  });
  return {
    text: (): string => text,
    until: (word: RegExp): Promise<void> =>
      new Promise((tell) => {
        if (word.test(text)) tell();
        else waiting.push({ word, tell });
      }),
  };
}
