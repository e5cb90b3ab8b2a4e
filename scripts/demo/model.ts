import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Config } from "../../src/config.ts";
import { Fault } from "../../src/core/fault.ts";
import { PRACTICE_MODEL } from "../../src/practice/models.ts";
import { modelsAt, tagged } from "../local-model.ts";
import type { Pace } from "./practice-thread.ts";

/** Who answers in this demo. */
export interface DemoModel {
  readonly host: string;
  readonly model: string;
  /** One line for the person: who answers, and why not another one. */
  readonly says: string;
  stop(): Promise<void>;
}

export interface Choice {
  readonly pace: Pace;
  /** The practice model, whoever else answers. */
  readonly isPractice: boolean;
  onCrash(fault: Fault): void;
}

/** A real Ollama when one answers at the (first) OLLAMA_HOST and has the model; else the practice model, in a thread of this process. */
export async function chooseModel(config: Config, choice: Choice): Promise<DemoModel> {
  const { OLLAMA_MODEL: model } = config;
  const host = config.OLLAMA_HOST[0] ?? "";
  if (choice.isPractice) return await startPracticeThread(choice, "The practice model answers, as asked for.");
  const models = await modelsAt(host);
  if (models?.includes(tagged(model)) === true) {
    const says = `${model} answers, in the Ollama at ${host}. A real model takes its time; --practice shows the same in half a minute.`;
    return { host, model, says, stop: async () => {} };
  }
  const why =
    models !== undefined
      ? `The Ollama at ${host} has no ${model}: run "ollama pull ${model}" for a demo with a real model. This one uses the practice model.`
      : `No Ollama answers at ${host}: the practice model answers instead.`;
  return await startPracticeThread(choice, why);
}

/** A thread: it cannot outlive this process, Ctrl-C does not reach it before the workers, and its work delays no display. */
async function startPracticeThread({ pace, onCrash }: Choice, says: string): Promise<DemoModel> {
  const thread = new Worker(new URL("./practice-thread.ts", import.meta.url), { workerData: pace, name: "practice" });
  thread.on("error", (cause) => onCrash(new Fault("unknown", "the practice model crashed: this is a bug of the demo", { cause })));
  const [host] = (await once(thread, "message")) as [string];
  return {
    host,
    model: PRACTICE_MODEL,
    says,
    async stop() {
      const gone = once(thread, "exit");
      thread.postMessage("stop");
      await gone;
    },
  };
}
