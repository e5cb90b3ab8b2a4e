import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type App, assemble } from "../../src/assemble.ts";
import { completionChain } from "../../src/capabilities/completion/chain.ts";
import { tesseract } from "../../src/capabilities/ocr/tesseract.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { Fault } from "../../src/core/fault.ts";
import { listDocuments, type ShelfItem } from "../../src/documents/shelf.ts";
import { readLedger } from "../../src/ledger/ledger.ts";
import { findEmbeddedRedis, startEmbeddedRedis } from "../../src/queue/embedded-redis.ts";
import { UsageError } from "../command.ts";
import { modelsAt, tagged } from "../local-model.ts";
import type { ModelCase, ModelRun } from "./model-score.ts";
import type { Truth } from "./truth.ts";

export interface ModelAsk {
  readonly signal: AbortSignal;
  /** A folder for what is answered, so that a run that was stopped goes on. */
  readonly folder: string;
  /** After each page of a document, and after each document. */
  readonly onProgress: (done: number, total: number) => void;
  readonly say: (message: string) => void;
}

/**
 * Analyses each document as the job does, one after the other, with the local model alone: the same slot as the workers', no cloud,
 * whatever keys are set.
 *
 * @throws UsageError when no local model answers; the signal's reason
 */
export async function askModel(root: string, truths: readonly Truth[], ask: ModelAsk): Promise<ModelRun> {
  const own = loadConfig();
  const places = { DATA_DIR: join(ask.folder, "data"), OUT_DIR: join(ask.folder, "out"), DOCUMENTS_DIR: root };
  const config = { ...loadConfig(places, { LOG_LEVEL: "silent" }), OLLAMA_MODEL: await chooseModel(own, ask.say) };
  mkdirSync(config.DATA_DIR, { recursive: true });
  const redis = await redisFor(own, config.DATA_DIR);
  const app = assemble({
    config,
    redisUrl: redis.url,
    chain: completionChain(config).filter(({ site }) => site.kind === "local"),
    scanReaders: [tesseract(config)],
  });
  try {
    const shelf = await listDocuments(root, ask.signal);
    const cases: ModelCase[] = [];
    for (const [index, truth] of truths.entries()) {
      const item = shelf.find((one) => one.file === truth.file);
      cases.push({ truth, end: await analyse(app, item, { ...ask, onPart: (part) => ask.onProgress(index + part, truths.length) }) });
      ask.onProgress(index + 1, truths.length);
    }
    return { model: config.OLLAMA_MODEL, cases, entries: (await readLedger(config.DATA_DIR)).entries };
  } finally {
    await app.close();
    await redis.stop();
  }
}

/** The model of the settings where it is; else the first that is there. */
async function chooseModel({ OLLAMA_HOST: [host = ""], OLLAMA_MODEL: wanted }: Config, tell: ModelAsk["say"]): Promise<string> {
  const models = await modelsAt(host);
  if (models === undefined) {
    throw new UsageError(`no Ollama answers at ${host}: start it and set OLLAMA_HOST, or run node scripts/practice.ts and set its address`);
  }
  if (models.includes(tagged(wanted))) return wanted;
  const [first] = models;
  if (first === undefined) throw new UsageError(`the Ollama at ${host} has no model: run "ollama pull ${wanted}"`);
  tell(`The Ollama at ${host} has no ${wanted}: ${first} is asked instead.`);
  return first;
}

/** The Redis of this installation, so that its workers and this command stand in one line; without one, a server until the end. */
async function redisFor({ REDIS_URL, DATA_DIR }: Config, folder: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const url = REDIS_URL ?? (await findEmbeddedRedis(DATA_DIR));
  return url === undefined ? await startEmbeddedRedis(folder) : { url, stop: async () => {} };
}

interface OneAsk extends Pick<ModelAsk, "signal"> {
  /** Share of this document that is done, 0 to 1. */
  onPart(part: number): void;
}

async function analyse(app: App, item: ShelfItem | undefined, { signal, onPart }: OneAsk): Promise<ModelCase["end"]> {
  if (item === undefined) return { kind: "failed", why: "it was not listed" };
  if (item.kind === "refused") return { kind: "failed", why: item.fault.message };
  const definition = app.definitions.find(({ name }) => name === "audierne-docs");
  if (definition === undefined) throw new Fault("unknown", "there is no job audierne-docs");
  const payload = { kind: "document", sha256: item.sha256, files: [item.file] };
  const job = {
    id: definition.jobId(payload),
    name: definition.name,
    definition,
    // There is no other: what cannot be read now is missing from what is measured.
    isLastRun: true,
    async updateProgress(progress: object): Promise<void> {
      const { done, total, doing } = progress as { readonly done: number; readonly total: number; readonly doing: string };
      if (doing === "analysing") onPart(total === 0 ? 0 : done / total);
    },
  };
  try {
    const outcome = await definition.run(payload, app.contextFor(job, signal));
    signal.throwIfAborted();
    if (outcome.kind === "postponed") return { kind: "failed", why: `postponed: ${outcome.why}` };
    if (outcome.kind === "failed") return { kind: "failed", why: outcome.fault.message };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "failed", why: Fault.from(error, "the analysis").message };
  }
  const result = await app.stores.results.get(item.sha256);
  return result === undefined ? { kind: "failed", why: "no result was stored" } : { kind: "analysed", result };
}
