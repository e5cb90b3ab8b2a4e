import Table from "cli-table3";
import { median, rounded } from "../numbers.ts";
import type { ScansResult } from "./scans.ts";

/** What one side took for all documents of a round. */
export interface PlainResult {
  readonly pages: number;
  readonly ms: number;
  /** Of the process that reads. */
  readonly peakMb: number;
  /** The longest time the asking program could do nothing else. */
  readonly blockMs: number;
}

export interface OursResult extends PlainResult {
  /** Of the process that asks: the worker. */
  readonly workerGrowthMb: number;
}

/**
 * What `--json` prints: the middle speed of the rounds, the most memory, and the block of the calmest round. Every round reads
 * the same files, so a block of our making is in each; one that another program of the machine makes is not.
 */
export interface PdfBenchResult {
  readonly documents: number;
  readonly pages: number;
  readonly rounds: number;
  readonly ecluse: { readonly pagesPerSecond: number } & Omit<OursResult, "pages" | "ms">;
  readonly pdfParse: { readonly pagesPerSecond: number } & Omit<PlainResult, "pages" | "ms">;
  /** Our pages per second in those of pdf-parse. */
  readonly ratio: number;
  readonly ocr: ScansResult;
  readonly targets: typeof TARGETS;
  readonly node: string;
}

export const TARGETS = { blockMs: 30 } as const;

export const isKept = ({ ecluse }: PdfBenchResult): boolean => ecluse.blockMs <= TARGETS.blockMs;

export function summaryOf(documents: number, ours: readonly OursResult[], plain: readonly PlainResult[], ocr: ScansResult): PdfBenchResult {
  const worst = <Side extends PlainResult>(side: readonly Side[], of: (one: Side) => number) => Math.max(...side.map(of));
  const calmest = (side: readonly PlainResult[]) => Math.min(...side.map(({ blockMs }) => blockMs));
  const [mine, theirs] = [speedOf(ours), speedOf(plain)];
  return {
    documents,
    pages: ours[0]?.pages ?? 0,
    rounds: ours.length,
    ecluse: {
      pagesPerSecond: mine,
      peakMb: worst(ours, ({ peakMb }) => peakMb),
      workerGrowthMb: worst(ours, ({ workerGrowthMb }) => workerGrowthMb),
      blockMs: calmest(ours),
    },
    pdfParse: { pagesPerSecond: theirs, peakMb: worst(plain, ({ peakMb }) => peakMb), blockMs: calmest(plain) },
    ratio: rounded(mine / theirs, 2),
    ocr,
    targets: TARGETS,
    node: process.version,
  };
}

const speedOf = (rounds: readonly PlainResult[]): number => rounded(median(rounds.map(({ pages, ms }) => (pages / ms) * 1_000)), 1);

/** For a person: each figure of both sides, and whether what is promised was kept. */
export function shown(result: PdfBenchResult): string {
  const { ecluse, pdfParse, ratio, ocr } = result;
  const rows = new Table({
    head: [`${result.documents} PDFs, ${result.pages} pages`, "pdf-parse", "écluse", "promised"],
    style: { head: [], border: [] },
  });
  rows.push(["pages per second", pdfParse.pagesPerSecond, `${ecluse.pagesPerSecond} (${ratio})`, "-"]);
  rows.push(["memory of who reads, MB", pdfParse.peakMb, ecluse.peakMb, "-"]);
  rows.push(["growth of the worker, MB", "the same process", ecluse.workerGrowthMb, "-"]);
  rows.push([
    "longest block of who asks, ms",
    pdfParse.blockMs,
    ecluse.blockMs,
    `<= ${TARGETS.blockMs} ${isKept(result) ? "kept" : "NOT KEPT"}`,
  ]);
  const scans = new Table({ head: [`scans, ${ocr.atOnce} at a time`, "tesseract alone", "écluse"], style: { head: [], border: [] } });
  scans.push(["pages per minute", ocr.tesseract ?? "not installed", `${ocr.ecluse}${ocr.ratio === null ? "" : ` (${ocr.ratio})`}`]);
  return `${rows.toString()}\n${scans.toString()}\n`;
}
