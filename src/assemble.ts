import { availableParallelism, hostname } from "node:os";
import type { JobContext, Question } from "../jobs/context.ts";
import { type AnyJob, type JobRun, jobDefinitions } from "../jobs/index.ts";
import { completionChain } from "./capabilities/completion/chain.ts";
import type { Completion, CompletionProvider, Prompt } from "./capabilities/completion/contract.ts";
import { ocrChain, ocrTask } from "./capabilities/ocr/chain.ts";
import type { OcrProvider } from "./capabilities/ocr/contract.ts";
import { OCR_SLOT, ocrLocks } from "./capabilities/ocr/slot.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { LeaseBroker, LeaseEvent } from "./core/lease.ts";
import { pagePictures } from "./documents/page-pictures.ts";
import { readDocument } from "./documents/read.ts";
import { listDocuments } from "./documents/shelf.ts";
import { runLocalFirst, type WalkPorts } from "./failover/run.ts";
import { openLedger } from "./ledger/ledger.ts";
import { openStores } from "./ledger/stores.ts";
import { leaseBroker, openSlot, SLOT_TIMES } from "./lock/broker.ts";
import { placesOf } from "./lock/places.ts";
import { type Log, openLog } from "./log.ts";
import { logLease, logTrouble } from "./log-events.ts";
import { LOOK_AGAIN_MS } from "./policy/reaction.ts";
import { whyNotThere } from "./policy/sovereignty.ts";
import { lockConnection, queueConnection } from "./queue/connection.ts";
import { openQueues } from "./queue/enqueue.ts";
import { sharedTroubles } from "./trouble/shared.ts";

export interface AppOptions {
  readonly config: Config;
  readonly redisUrl: string;
  /** Other providers than the configured chain, for benches. */
  readonly chain?: readonly CompletionProvider[];
  /** Other readers of scans than the configured ones, for tests. */
  readonly scanReaders?: readonly OcrProvider[];
  readonly definitions?: readonly AnyJob[];
  /** Another lock than ours, for benches. */
  readonly broker?: LeaseBroker;
  /** For benches that compress time: pauses of a provider in trouble are divided by this. */
  readonly pace?: number;
  readonly log?: Log;
  onLease?(event: LeaseEvent): void;
}

/** The composition root: the only place where ports meet real things. Nothing is connected before this is called. */
export function assemble({ config, redisUrl, ...options }: AppOptions) {
  const clock = systemClock;
  const log = options.log ?? openLog(config);
  const chain = options.chain ?? completionChain(config);
  const scanReaders = options.scanReaders ?? ocrChain(config);
  const definitions = options.definitions ?? jobDefinitions(config);
  const connection = queueConnection(redisUrl);
  const ledger = openLedger(config.DATA_DIR, clock);
  const stores = openStores(config);
  const queues = openQueues(connection, definitions, (err) =>
    log.warn({ event: "queue.faulted", err }, "the queue met an error, going on"),
  );
  const lockRedis = lockConnection(redisUrl, config.LOCK_DB);
  const lock = openLock(lockRedis, { config, log, pace: options.pace ?? 1, onLease: (event) => options.onLease?.(event) });
  const ports = {
    ...egressPorts(config),
    ...troublePorts(lockRedis, log, options.pace),
    broker: options.broker ?? lock.broker,
    ledger,
    clock,
  };

  return {
    config,
    clock,
    log,
    chain,
    scanReaders,
    definitions,
    connection,
    queues,
    stores,
    lockRedis,

    contextFor(job: JobRun, signal: AbortSignal): JobContext {
      const { slotWaitMs, priority } = job.definition.policy;
      const asker = { jobId: job.id, jobName: job.name, slotWaitMs, priority, signal };
      return {
        jobId: job.id,
        isLastRun: job.isLastRun,
        signal,
        town: config.TOWN,
        now: clock.now,
        complete: <Result>(question: Question<Result>) => runLocalFirst(taskOf(question, chain), asker, ports),
        ocr: (request) => runLocalFirst(ocrTask(request, scanReaders), asker, ports),
        once: (about, ask) => stores.answers.once(about, ask),
        // A number that could not be shown must not end the work it counts.
        progress: (progress) =>
          job
            .updateProgress(progress)
            .catch((err: unknown) => log.debug({ event: "progress.faulted", jobId: job.id, err }, "progress not shown")),
        enqueue: queues.enqueue,
        documents: {
          list: (listSignal) => listDocuments(config.DOCUMENTS_DIR, listSignal),
          read: (document, ask) => readDocument(config.DOCUMENTS_DIR, document, ask),
          pictures: (document, asked) => pagePictures(config.DOCUMENTS_DIR, document, asked),
        },
        results: stores.results,
        contributions: stores.contributions,
      };
    },

    async close(): Promise<void> {
      await queues.close();
      lock.close();
      lockRedis.disconnect();
      ledger.close();
    },
  };
}

export type App = ReturnType<typeof assemble>;

const taskOf = <Result>(question: Question<Result>, chain: readonly CompletionProvider[]) => ({
  capability: "completion",
  dataClass: question.dataClass,
  chain,
  request: question.prompt,
  egressChars: (prompt: Prompt) => prompt.system.length + prompt.user.length,
  accept: (completion: Completion, asked: { readonly repaired: boolean }) => question.accept(completion, asked),
  repair: (prompt: Prompt, fault: Parameters<Question<Result>["repair"]>[1]) => question.repair(prompt, fault),
});

type Redis = ReturnType<typeof lockConnection>;

interface LockParts {
  readonly config: Config;
  readonly log: Log;
  readonly pace: number;
  onLease(event: LeaseEvent): void;
}

/** One slot per configured Ollama, with as many permits as it works on requests at a time, and one for the processors that read scans. */
function openLock(redis: Redis, { config, log, pace, onLease }: LockParts) {
  const paced = (ms: number): number => Math.ceil(ms / pace);
  const times = {
    ...SLOT_TIMES,
    foreignEveryMs: paced(config.LOCK_FOREIGN_EVERY_S * 1_000),
    foreignGapMs: paced(config.LOCK_FOREIGN_MS),
  };
  const leaseMs = config.LOCK_TTL_S * 1_000;
  const places = placesOf(config.LOCK_KEY, config.OLLAMA_HOST, config.OLLAMA_NUM_PARALLEL);
  const slots = Object.fromEntries(
    places.map(({ slot, locks, guard }) => [slot, openSlot(redis, systemClock, { locks, guard }, { ...times, leaseMs })]),
  );
  const locks = ocrLocks(hostname(), config.OCR_PARALLEL, availableParallelism());
  // No guard: a page too many at a time is slow, and harms nobody. No gap either: no foreign program knows these keys.
  slots[OCR_SLOT] = openSlot(redis, systemClock, { locks }, { ...times, foreignGapMs: 0, leaseMs });
  const onEvent = (event: LeaseEvent): void => {
    logLease(log, event);
    onLease(event);
  };
  return {
    broker: leaseBroker({ clock: systemClock, slots, leaseMs, onEvent }),
    close(): void {
      for (const { wake } of Object.values(slots)) wake.close();
    },
  };
}

const troublePorts = (redis: Redis, log: Log, pace = 1): Pick<WalkPorts, "troubles" | "lookAgainMs"> => ({
  lookAgainMs: LOOK_AGAIN_MS / pace,
  troubles: sharedTroubles({
    redis,
    clock: systemClock,
    pace,
    onChange: (target, trouble, fault) => logTrouble(log, { target, trouble, fault }),
  }),
});

function egressPorts(config: Config): Pick<WalkPorts, "whyNot"> {
  const egress = { document: config.EGRESS_DOCUMENTS, contribution: config.EGRESS_CONTRIBUTIONS };
  return { whyNot: (provider, dataClass) => provider.unavailable ?? whyNotThere(dataClass, provider.site, egress) };
}

/** Said once at start: who will be asked, in order, and who is passed over. */
export function describeChain(config: Config, chain: readonly Named[], scanReaders: readonly Named[]): string {
  const egress = `egress: documents ${config.EGRESS_DOCUMENTS}, contributions ${config.EGRESS_CONTRIBUTIONS}`;
  return `chain: ${inOrder(chain)}; scans: ${inOrder(scanReaders)}; ${egress}`;
}

type Named = Pick<CompletionProvider, "name" | "unavailable">;

function inOrder(providers: readonly Named[]): string {
  const asked = providers.filter(({ unavailable }) => unavailable === undefined).map(({ name }) => name);
  const passed = providers.filter(({ unavailable }) => unavailable !== undefined).map(({ name }) => name);
  return `${asked.join(" -> ")}${passed.length > 0 ? ` (no key, passed over: ${passed.join(", ")})` : ""}`;
}
