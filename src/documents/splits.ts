import { createHash } from "node:crypto";
import type { DocumentResult } from "./analysis.ts";
import { datasetLines } from "./dataset.ts";

export const SPLITS = ["train", "validation", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** Eight in ten documents to learn from, one to tune by, one to judge by. */
const UP_TO: Readonly<Record<Split, number>> = { train: 0.8, validation: 0.9, test: 1 };

/**
 * The split of a whole document: what is learnt from one page of it must not be judged by the next.
 *
 * Drawn from the bytes of the document and the seed, so that it stays where it is when others come or go.
 */
export function splitOf(sha256: string, seed: string): Split {
  const drawn = createHash("sha256").update(`${seed}\n${sha256}`).digest().readUInt32BE(0) / 2 ** 32;
  return SPLITS.find((split) => drawn < UP_TO[split]) ?? "test";
}

/**
 * All datasets together, as `train.jsonl`, `validation.jsonl` and `test.jsonl`: one record a line, each with its split.
 *
 * @param results  in the order in which they are to stand
 */
export function splitFiles(results: readonly DocumentResult[], seed: string): readonly (readonly [name: string, text: string])[] {
  return SPLITS.map((split) => {
    const ours = results.filter(({ document }) => splitOf(document.sha256, seed) === split);
    return [`${split}.jsonl`, ours.map((result) => datasetLines(result, split)).join("")] as const;
  });
}
