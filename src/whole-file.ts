import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, Fault } from "./core/fault.ts";

/** Writes a file old or new, never half: beside it, on the disk before it takes the name. Makes its folder. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text, "utf8");
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** The file's JSON, or undefined when there is no such file. @throws Fault "unknown" when it is there and cannot be read */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw Fault.from(error, "a stored file");
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Only a disk or a person can have done this: a stored answer that cannot be read is asked again, not believed.
    return undefined;
  }
}
