import { QueueEvents } from "bullmq";
import { sharedMs } from "./town-clock.ts";

/** Which jobs are on their way, as BullMQ's own event streams tell: nothing is polled. */
export interface QueueWatch {
  ready(): Promise<void>;
  /** A job was added by this process. */
  expect(queue: string, jobId: string): void;
  isIdle(): boolean;
  /** Settles when no job waits or runs, or `signal` is aborted: whoever asks looks again. */
  settled(signal: AbortSignal): Promise<void>;
  /** Queue and reason of each job that failed for good. */
  readonly failed: readonly string[];
  /** When the last event came, in ms of the shared clock. */
  lastEventAt(): number;
  close(): Promise<void>;
}

export function watchQueues(redisUrl: string, names: readonly string[]): QueueWatch {
  const pending = new Set<string>();
  const ended = new Set<string>();
  const failed: string[] = [];
  let heard = sharedMs();
  let wake = () => {};
  const begin = (id: string) => {
    heard = sharedMs();
    if (!ended.has(id)) pending.add(id);
  };
  const end = (id: string) => {
    heard = sharedMs();
    ended.add(id);
    pending.delete(id);
    if (pending.size === 0) wake();
  };
  const sources = names.map((name) => {
    const events = new QueueEvents(name, { connection: { url: redisUrl, maxRetriesPerRequest: null }, lastEventId: "0-0" });
    events.on("error", () => {});
    // A document's job is added by the scan before the scan has ended, and the stream keeps that order.
    events.on("added", ({ jobId }) => begin(`${name} ${jobId}`));
    events.on("completed", ({ jobId }) => end(`${name} ${jobId}`));
    events.on("failed", ({ jobId, failedReason }) => {
      failed.push(`${name} ${jobId}: ${failedReason}`);
      end(`${name} ${jobId}`);
    });
    return events;
  });
  return {
    ready: async () => void (await Promise.all(sources.map((events) => events.waitUntilReady()))),
    expect: (queue, jobId) => begin(`${queue} ${jobId}`),
    isIdle: () => pending.size === 0,
    async settled(signal) {
      if (pending.size === 0 || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    },
    failed,
    lastEventAt: () => heard,
    close: async () => void (await Promise.all(sources.map((events) => events.close()))),
  };
}
