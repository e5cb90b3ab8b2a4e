import type { App } from "../../src/assemble.ts";
import { readLedger } from "../../src/ledger/ledger.ts";
import type { letters } from "./feed.ts";
import type { LockWatch } from "./lock-view.ts";
import type { Moment } from "./picture.ts";
import { CONTRIBUTIONS, DOCUMENTS, isIdle, type QueueState, type SettledJob, watchQueue } from "./queue-view.ts";
import type { Screen } from "./screen.ts";

/** Redis is asked this often; the picture is drawn with each answer. */
const LOOK_MS = 200;
/** Nothing settled and no call begun for this long is worth a word. */
const STALL_MS = 20_000;

export interface Watched {
  readonly app: App;
  readonly lock: LockWatch;
  readonly post: ReturnType<typeof letters>;
  readonly screen: Screen;
  readonly lockCommand: string;
  nowMs(): number;
}

/**
 * Sends the letters in, shows what happens, and returns when both queues have settled everything.
 *
 * @throws the signal's reason
 */
export async function untilAllDone(watched: Watched, signal: AbortSignal): Promise<readonly SettledJob[]> {
  const { app, lock, post, screen, nowMs } = watched;
  const looks = [DOCUMENTS, CONTRIBUTIONS].map((name) => watchQueue(app.queues.queue(name)));
  const settled: SettledJob[] = [];
  const stall = stallWatch(app);
  for (;;) {
    signal.throwIfAborted();
    const seen = await Promise.all(looks.map((one) => one.look()));
    const queues = seen.map(({ state }) => state);
    const fresh = seen.flatMap((one) => one.settled);
    settled.push(...fresh);
    const running = new Set(queues.flatMap((queue) => queue.running.map(({ holder }) => holder)));
    lock.forget((holder) => running.has(holder));
    const isDocumentsDone = queues.some((queue) => queue.name === DOCUMENTS && isIdle(queue));
    const stalled = await stall({ nowMs: nowMs(), moved: settled.length + lock.state().released, queues });
    const moment: Moment = {
      nowMs: nowMs(),
      lock: lock.state(),
      queues,
      toCome: post.toCome(),
      stalled,
      lockCommand: watched.lockCommand,
    };
    for (const job of fresh) screen.settled(job, moment);
    screen.show(moment);
    if (post.toCome() === 0 && queues.every(isIdle)) return settled;
    await post.send(isDocumentsDone ? Number.POSITIVE_INFINITY : lock.state().released);
    await app.clock.sleep(LOOK_MS, signal);
  }
}

/** Says why nothing moves, when nothing does: the last fault of the ledger is the best guess there is. */
function stallWatch({ config }: App) {
  let movedAtMs = 0;
  let lastMoved = -1;
  let word: string | undefined;
  return async ({ nowMs, moved, queues }: { nowMs: number; moved: number; queues: readonly QueueState[] }): Promise<string | undefined> => {
    if (moved !== lastMoved) {
      lastMoved = moved;
      movedAtMs = nowMs;
      word = undefined;
    }
    if (nowMs - movedAtMs < STALL_MS) return undefined;
    word ??= await lastFault(config.DATA_DIR);
    const postponed = queues.reduce((sum, queue) => sum + queue.postponed, 0);
    const back = postponed > 0 ? `; ${postponed} jobs put back for later` : "";
    return `no call has ended for ${Math.round((nowMs - movedAtMs) / 1_000)} s${back}${word}`;
  };
}

async function lastFault(dataDir: string): Promise<string> {
  const { entries } = await readLedger(dataDir);
  const fault = entries.findLast((entry) => entry.event === "faulted");
  return fault === undefined ? "" : `; last fault: ${fault.provider} ${fault.fault}`;
}
