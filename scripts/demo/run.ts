import { assemble } from "../../src/assemble.ts";
import { startEmbeddedRedis } from "../../src/queue/embedded-redis.ts";
import { startWorkers } from "../../workers/start-worker.ts";
import { type Asked, SAMPLES } from "./arguments.ts";
import { enqueueScan, letters, sampleContributions } from "./feed.ts";
import { claimGround } from "./ground.ts";
import { watchLock } from "./lock-view.ts";
import { chooseModel } from "./model.ts";
import { openScreen } from "./screen.ts";
import { type Summary, summarise } from "./summary.ts";
import { untilAllDone } from "./watch.ts";

/**
 * One demo, from an empty Redis to the reports. Whatever happens, everything it started is gone when it settles.
 *
 * @throws the signal's reason when it is aborted; Fault when something cannot be started
 */
export async function runDemo(asked: Asked, signal: AbortSignal): Promise<Summary> {
  const screen = openScreen();
  // Last opened, first closed; each one also when another one cannot be.
  const open: (() => Promise<void> | void)[] = [];
  try {
    return await started({ asked, screen, signal, open });
  } finally {
    screen.close();
    if (signal.aborted) screen.say("Stopping: jobs go back to the queue, then Redis ends.");
    for (const close of open.reverse()) await Promise.resolve(close()).catch(() => undefined);
  }
}

interface Run {
  readonly asked: Asked;
  readonly screen: ReturnType<typeof openScreen>;
  readonly signal: AbortSignal;
  readonly open: (() => Promise<void> | void)[];
}

async function started({ asked, screen, signal, open }: Run): Promise<Summary> {
  const from = performance.now();
  const nowMs = () => performance.now() - from;
  const broken = new AbortController();
  const ground = await claimGround();
  open.push(ground.release);
  if (asked.config.REDIS_URL !== undefined) screen.say("REDIS_URL is set; the demo leaves it alone and runs a Redis of its own.");
  const model = await chooseModel(asked.config, { ...asked, onCrash: (fault) => broken.abort(fault) });
  open.push(model.stop);
  screen.say(model.says);
  signal.throwIfAborted();
  const redis = await startEmbeddedRedis(asked.config.DATA_DIR);
  open.push(redis.stop);
  const config = { ...asked.config, OLLAMA_HOST: [model.host], OLLAMA_MODEL: model.model };
  const lock = watchLock(nowMs);
  const app = assemble({ config, redisUrl: redis.url, onLease: lock.onLease });
  open.push(app.close);
  const contributions = sampleContributions(SAMPLES);
  const post = letters(app, contributions);
  await enqueueScan(app);
  await post.send(0);
  const workers = startWorkers(app.definitions, app);
  open.push(workers.stop);
  const lockCommand = `redis-cli -p ${new URL(redis.url).port} -n ${config.LOCK_DB} GET ${config.LOCK_KEY}`;
  const watched = { app, lock, post, screen, lockCommand, nowMs };
  const settled = await untilAllDone(watched, AbortSignal.any([signal, broken.signal]));
  return await summarise(app, { contributions, settled, ms: nowMs() });
}
