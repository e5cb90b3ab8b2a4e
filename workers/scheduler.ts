import { createTask } from "node-cron";
import type { App } from "../src/assemble.ts";

export interface RunningScheduler {
  stop(): Promise<void>;
}

/**
 * Enqueues a scan of the documents folder at each tick of the cron line, and one now: after a stop, nobody waits two hours.
 *
 * A scan's id is the instant it was due, so several schedulers make one job.
 */
export async function startScheduler({
  config,
  log,
  queues,
  clock,
}: Pick<App, "config" | "log" | "queues" | "clock">): Promise<RunningScheduler> {
  const enqueueScan = async (due: Date) => {
    const added = await queues.enqueue("audierne-docs", { kind: "scan", instant: due.toISOString() });
    log.info({ event: "scan.enqueued", due: due.toISOString(), how: added.kind }, "scan of the documents folder");
  };
  const task = createTask(config.DOCUMENTS_CRON, ({ date }) => enqueueScan(date), {
    name: "audierne-docs",
    timezone: config.TIMEZONE,
    noOverlap: true,
  });
  task.on("execution:failed", ({ execution }) =>
    log.error({ event: "scan.faulted", err: execution?.error }, "the scan could not be enqueued: the next tick tries again"),
  );
  task.on(
    "execution:missed",
    ({ date }) => void enqueueScan(date).catch((err: unknown) => log.error({ event: "scan.faulted", err }, "missed scan")),
  );
  await enqueueScan(minuteOf(clock.now()));
  await task.start();
  return {
    async stop() {
      await task.destroy();
    },
  };
}

/** The scan at start carries the minute: several schedulers that start together make one job. */
const minuteOf = (now: Date): Date => new Date(Math.floor(now.getTime() / 60_000) * 60_000);
