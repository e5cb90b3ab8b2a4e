import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { KeptContribution } from "../contributions/contribution.ts";
import type { Verdict } from "../contributions/judge.ts";
import type { Outcome } from "../core/attempt.ts";
import { Fault } from "../core/fault.ts";
import type { DocumentResult, UnreadFile } from "../documents/analysis.ts";
import { oneAtATime } from "../documents/one-at-a-time.ts";
import { originalsFor, reportFiles, sharedFiles, writeOut } from "../documents/report-files.ts";
import { type Stored, storedResult } from "../documents/report-schema.ts";
import { readJson, writeWhole } from "../whole-file.ts";

/** As the settings of the same names say. */
export interface StorePlaces {
  readonly DATA_DIR: string;
  readonly OUT_DIR: string;
  readonly DATASET_SEED: string;
  readonly DOCUMENTS_DIR: string;
  readonly DOCUMENTS_URL?: string | undefined;
}

/**
 * What is kept on the disk of this box, below the data folder: answered questions, results, contributions, verdicts.
 * Texts live here and nowhere else; Redis has ids.
 */
export function openStores(places: StorePlaces) {
  const { DATA_DIR: dataDir, OUT_DIR: outDir, DATASET_SEED: seed } = places;
  const results = join(dataDir, "results");
  const contributions = join(dataDir, "contributions");
  const verdicts = join(dataDir, "verdicts");
  const unread = join(dataDir, "unread");
  // Two documents that end together must not write an index without each other.
  const indexInTurn = oneAtATime();
  const writeShared = () =>
    indexInTurn(new AbortController().signal, async () =>
      writeOut(sharedFiles(await allResults(results), seed, await allUnread(unread)), outDir),
    );
  return {
    answers: {
      /** Read, or asked and on the disk before this returns: a crash repeats a question, never loses an answer. */
      async once<Result>(
        about: { readonly sha256: string; readonly step: string },
        ask: () => Promise<Outcome<Result>>,
      ): Promise<Outcome<Result>> {
        const path = join(dataDir, "answers", about.sha256, `${about.step.replace(/[^\w.-]/g, "_")}.json`);
        const stored = (await readJson(path)) as Outcome<Result> | undefined;
        if (stored?.kind === "answered") return stored;
        const outcome = await ask();
        if (outcome.kind === "answered") await writeWhole(path, JSON.stringify(outcome));
        return outcome;
      },
    },
    results: {
      /** What is no result is as none: its document is analysed again, from the answers that are on the disk. */
      async get(sha256: string): Promise<DocumentResult | undefined> {
        const stored = await readStored(join(results, `${sha256}.json`));
        return stored.kind === "result" ? stored.result : undefined;
      },
      /**
       * Reports first: a result that is on record has its reports. The index last: it lists what is on record.
       *
       * @throws Fault "unknown" when it would not be read back: the document would be analysed for ever
       */
      async put(result: DocumentResult): Promise<void> {
        const stored = storedResult(result);
        if (stored.kind === "broken") throw new Fault("unknown", `a result that is none was not stored: ${stored.why}`);
        await writeOut(reportFiles(result, originalsFor(places)), outDir);
        await writeWhole(join(results, `${result.document.sha256}.json`), JSON.stringify(result));
        await rm(join(unread, `${result.document.sha256}.json`), { force: true });
        await writeShared();
      },
      /** Puts a file that could not be read on the list, until it is read or gone. */
      async setUnread(file: UnreadFile): Promise<void> {
        await writeWhole(join(unread, `${file.key}.json`), JSON.stringify(file));
        await writeShared();
      },
      /** Takes those off the list that are not in the folder any more. @param present  keys of all that is there */
      async keepUnread(present: ReadonlySet<string>): Promise<void> {
        const gone = (await allUnread(unread)).filter(({ key }) => !present.has(key));
        for (const { key } of gone) await rm(join(unread, `${key}.json`), { force: true });
        if (gone.length > 0) await writeShared();
      },
      /** By first file name. */
      unread: () => allUnread(unread),
      /** Every stored result, by first file name. */
      all: () => allResults(results),
      /** Files among the results that are none, by name, each with what is wrong in it. */
      broken: () => allBroken(results),
    },
    contributions: {
      get: async (sha256: string) => (await readJson(join(contributions, `${sha256}.json`))) as KeptContribution | undefined,
      /** Every one that is on file without a verdict, by id. */
      async unjudged(): Promise<readonly KeptContribution[]> {
        const [known, judged] = [await namesIn(contributions), new Set(await namesIn(verdicts))];
        const read = await Promise.all(known.filter((name) => !judged.has(name)).map((name) => readJson(join(contributions, name))));
        return (read.filter((one) => one !== undefined) as KeptContribution[]).sort((a, b) => (a.id < b.id ? -1 : 1));
      },
      put: (contribution: KeptContribution) => writeWhole(join(contributions, `${contribution.sha256}.json`), JSON.stringify(contribution)),
      getVerdict: async (sha256: string) => (await readJson(join(verdicts, `${sha256}.json`))) as Verdict | undefined,
      putVerdict: (verdict: Verdict) => writeWhole(join(verdicts, `${verdict.sha256}.json`), JSON.stringify(verdict, null, 2)),
    },
  };
}

export type Stores = ReturnType<typeof openStores>;

async function allUnread(folder: string): Promise<readonly UnreadFile[]> {
  const read = await Promise.all((await namesIn(folder)).map((name) => readJson(join(folder, name))));
  return (read.filter((one) => one !== undefined) as UnreadFile[]).sort((a, b) => ((a.files[0] ?? "") < (b.files[0] ?? "") ? -1 : 1));
}

/** The JSON files of a folder; none when there is no such folder yet. */
const namesIn = async (folder: string): Promise<readonly string[]> =>
  existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith(".json")) : [];

async function allResults(folder: string): Promise<readonly DocumentResult[]> {
  const stored = await Promise.all((await namesIn(folder)).map((name) => readStored(join(folder, name))));
  return stored
    .flatMap((one) => (one.kind === "result" ? [one.result] : []))
    .sort((a, b) => ((a.document.files[0] ?? "") < (b.document.files[0] ?? "") ? -1 : 1));
}

async function allBroken(folder: string): Promise<readonly { readonly name: string; readonly why: string }[]> {
  const names = (await namesIn(folder)).toSorted();
  const stored = await Promise.all(names.map((name) => readStored(join(folder, name))));
  return stored.flatMap((one, index) => (one.kind === "broken" ? [{ name: names[index] ?? "", why: one.why }] : []));
}

const readStored = async (path: string): Promise<Stored> => storedResult(await readJson(path));
