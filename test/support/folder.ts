import { createHash } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { Worker } from "node:worker_threads";

export const sha256Of = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** A documents folder of this test's own, gone when the test ends. */
export async function documentsFolder(test: TestContext) {
  const root = await mkdtemp(join(tmpdir(), "ecluse-documents-"));
  test.after(() => rm(root, { recursive: true, force: true }));
  return {
    root,
    path: (file: string): string => join(root, file),
    /** Puts a file, with its folders, and gives it back as the listing would. */
    async put(file: string, content: Uint8Array | string) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), content);
      return { file, sha256: sha256Of(content) };
    },
  };
}

/** Every thread this process starts during a test, as Node itself reports them. */
export function watchThreads(test: TestContext) {
  const started: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  let most = 0;
  const alive = (): number => started.filter((worker) => worker.threadId !== -1).length;
  const note = (message: unknown): void => {
    const { worker } = message as { readonly worker: Worker };
    started.push(worker);
    most = Math.max(most, alive());
    waiting.shift()?.(worker);
  };
  subscribe("worker_threads", note);
  test.after(() => unsubscribe("worker_threads", note));
  return {
    alive,
    started: (): number => started.length,
    mostAtOnce: (): number => most,
    /** Settles when the next thread is started and runs. */
    async nextRunning(): Promise<void> {
      const worker = await new Promise<Worker>((resolve) => waiting.push(resolve));
      await new Promise<void>((resolve) => worker.once("online", resolve));
    },
  };
}
