import type { Completion, Prompt } from "../src/capabilities/completion/contract.ts";
import type { OcrAnswer, OcrRequest } from "../src/capabilities/ocr/contract.ts";
import type { KeptContribution } from "../src/contributions/contribution.ts";
import type { Verdict } from "../src/contributions/judge.ts";
import type { Outcome } from "../src/core/attempt.ts";
import type { Fault } from "../src/core/fault.ts";
import type { JobProgress } from "../src/core/job.ts";
import type { DataClass } from "../src/core/provider.ts";
import type { DocumentResult, UnreadFile } from "../src/documents/analysis.ts";
import type { DocumentText, ReadAsk } from "../src/documents/read.ts";
import type { Pictures } from "../src/documents/read-pages.ts";
import type { ShelfItem } from "../src/documents/shelf.ts";
import type { Added } from "../src/queue/enqueue.ts";

/** One question to the chain of completion providers. */
export interface Question<Result> {
  readonly dataClass: DataClass;
  readonly prompt: Prompt;
  /**
   * @param asked.repaired  the answer is to the second question, which quoted what was wrong with the first
   * @throws Fault "truncated" | "refused" | "invalid-answer"
   */
  accept(completion: Completion, asked: { readonly repaired: boolean }): Result;
  repair(prompt: Prompt, fault: Fault): Prompt;
}

/** All that a job may touch. The composition root fills it with real things. */
export interface JobContext {
  readonly jobId: string;
  /** Whether no further run follows when this one fails of something that may pass. */
  readonly isLastRun: boolean;
  /** Aborted when the worker stops or has lost the job; its reason is a Fault. */
  readonly signal: AbortSignal;
  readonly town: string;
  now(): Date;
  /** Asks the chain: who answered and why the earlier ones did not, or postponed, or failed. */
  complete<Result>(question: Question<Result>): Promise<Outcome<Result>>;
  /** Reads one page of a scan, locally first, in the same way. It waits for a processor and never for the local model. */
  ocr(request: OcrRequest): Promise<Outcome<OcrAnswer>>;
  /** An answer that was given before, from the disk; otherwise `ask`, and its answer is on the disk before this returns. */
  once<Result>(about: { readonly sha256: string; readonly step: string }, ask: () => Promise<Outcome<Result>>): Promise<Outcome<Result>>;
  progress(progress: JobProgress): Promise<void>;
  /** Adds a job of this project; the same work twice is one job. */
  enqueue(name: string, payload: unknown, options?: { readonly again?: boolean }): Promise<Added>;
  readonly documents: {
    list(signal: AbortSignal): Promise<readonly ShelfItem[]>;
    read(document: { readonly file: string; readonly sha256: string }, ask: ReadAsk): Promise<DocumentText>;
    /** The pages of a PDF as pictures; any of its names will do. */
    pictures(document: { readonly files: readonly string[]; readonly sha256: string }, signal: AbortSignal): Promise<Pictures>;
  };
  readonly results: {
    get(sha256: string): Promise<DocumentResult | undefined>;
    /** Stores the result and writes its reports. */
    put(result: DocumentResult): Promise<void>;
    /** Names a file that could not be read in the list of reports. */
    setUnread(file: UnreadFile): Promise<void>;
    /** Takes those off that list that are gone. @param present  keys of all that is in the folder */
    keepUnread(present: ReadonlySet<string>): Promise<void>;
  };
  readonly contributions: {
    get(sha256: string): Promise<KeptContribution | undefined>;
    putVerdict(verdict: Verdict): Promise<void>;
  };
}
