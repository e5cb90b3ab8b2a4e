import assert from "node:assert/strict";
import type { JobContext, Question } from "../../jobs/context.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";
import type { JobProgress } from "../../src/core/job.ts";
import type { DocumentResult } from "../../src/documents/analysis.ts";
import { replyTo } from "../../src/practice/answer.ts";

export interface Bench extends JobContext {
  /** What was asked, the user's part. */
  readonly asked: string[];
  readonly put: DocumentResult[];
  readonly enqueued: unknown[];
  readonly shown: JobProgress[];
}

/** Ports as plain objects: the practice model answers, nothing is stored, unless a test says otherwise. */
export function context(more: Partial<JobContext> = {}): Bench {
  const [asked, put, enqueued, shown]: [string[], DocumentResult[], unknown[], JobProgress[]] = [[], [], [], []];
  const none = () => Promise.resolve(undefined);
  return {
    jobId: "job-1",
    isLastRun: false,
    signal: new AbortController().signal,
    town: "Port-Kervern",
    now: () => new Date("2026-11-24T12:00:00Z"),
    complete: async (question) => {
      asked.push(question.prompt.user);
      return answered(question);
    },
    once: (_, ask) => ask(),
    progress: async (progress) => void shown.push(progress),
    enqueue: async (_, payload) => {
      enqueued.push(payload);
      return { kind: "added", jobId: "x" };
    },
    ocr: () => Promise.reject(new Fault("unknown", "no page was to be read by OCR")),
    documents: {
      list: async () => [],
      read: () => Promise.reject(new Fault("unreadable-document", "there is no such file")),
      pictures: () => Promise.reject(new Fault("unreadable-document", "there is no such file")),
    },
    results: { get: none, put: async (result) => void put.push(result), setUnread: async () => {}, keepUnread: async () => {} },
    contributions: { get: none, putVerdict: async () => {} },
    ...more,
    asked,
    put,
    enqueued,
    shown,
  };
}

/** What the practice model answers to a question, accepted by the question itself. */
export function answered<Result>({ prompt, accept }: Question<Result>): Outcome<Result> {
  const reply = replyTo(prompt.schema, prompt.user);
  assert.ok(reply.kind === "said");
  const result = accept({ text: reply.content, finish: "complete", model: "practice", tokensIn: 1, tokensOut: 1 }, { repaired: false });
  const by = { provider: "ollama", site: { kind: "local" } as const };
  const attempt = { ...by, kind: "answered", model: "practice", durationMs: 1, slotWaitMs: 0 } as const;
  return { kind: "answered", result, by: { ...by, model: "practice", attempts: [attempt] } };
}
