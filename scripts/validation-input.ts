import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { KeptContribution } from "../src/contributions/contribution.ts";
import { readContributions } from "../src/contributions/read-input.ts";
import { codeOf } from "../src/core/fault.ts";
import { say, UsageError } from "./command.ts";

export interface InputOptions {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly constat?: string | undefined;
  readonly idees?: string | undefined;
  readonly category?: string | undefined;
  readonly id?: string | undefined;
  readonly fieldsOnly: boolean;
  readonly skipInvalid: boolean;
}

/**
 * The contributions a person gave: a file, standard input, or flags. Says every mistake on stderr.
 *
 * @returns undefined when something is wrong and nothing may be enqueued
 * @throws UsageError when nothing was given, or two things at once
 */
export async function inputOf(files: readonly string[], options: InputOptions): Promise<readonly KeptContribution[] | undefined> {
  const { contributions, mistakes } = readContributions(await textOf(files, options), options);
  for (const mistake of mistakes) say(mistake);
  if (mistakes.length > 0 && !options.skipInvalid) {
    say(
      `nothing was enqueued: ${mistakes.length} of ${contributions.length + mistakes.length} are wrong (--skip-invalid takes the others)`,
    );
    return undefined;
  }
  if (contributions.length > 0) return contributions;
  say("there is no contribution to enqueue");
  return undefined;
}

async function textOf(files: readonly string[], options: InputOptions): Promise<string> {
  const flags = fromFlags(options);
  const [file, another] = files;
  if (another !== undefined) throw new UsageError("it takes one file at a time");
  if (flags !== undefined && file !== undefined) throw new UsageError("it takes a file or a contribution in words, not both");
  if (flags !== undefined) return JSON.stringify([flags]);
  if (file === undefined && process.stdin.isTTY) throw new UsageError("it needs a file, - for standard input, or --title and --body");
  return file === undefined || file === "-" ? decoded(await buffer(process.stdin)) : decoded(await contentOf(file));
}

/** A contribution given as --title, --body and so on, under its fields' names. */
function fromFlags({ title, body, constat, idees, category, id }: InputOptions): object | undefined {
  const given = Object.entries({ id, category, title, body, constat_factuel: constat, idees_ameliorations: idees }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

async function contentOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${codeOf(error) ?? "no reason given"})`);
  }
}

/** Decoded loosely, a file in another encoding would be judged with "?" for every accent. */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError("the input is not UTF-8 text: save it as UTF-8");
  }
}
