import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

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
