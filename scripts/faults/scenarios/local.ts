import { setTimeout as pause } from "node:timers/promises";
import { ollamaAside } from "../dialects/ollama.ts";
import { deadUrl, startServer } from "../http.ts";
import type { Lab } from "../lab.ts";
import type { Scene } from "../play.ts";
import { atHome, goodAtHome as good } from "./at-home.ts";
import { onStage, type Stage } from "./stage.ts";

const LONG_MS = 10_000;

/** The local model that is down, stopped or wanted by several. */
export const LOCAL_SCENES: readonly Scene[] = [
  {
    id: "L02.down",
    provider: "ollama",
    what: "the local model is down for a moment: waited for, nothing leaves",
    expected: "ollama unreachable, ollama answered",
    play: comesUp,
  },
  {
    id: "O27",
    provider: "ollama",
    what: "our own end of a question in mid-answer is no failure of the model's",
    expected: "ollama cancelled, postponed, and not in trouble",
    play: (lab, plant) => stopped(lab, plant, "O27", async () => `and ${await troubleOf(lab, "O27")}`),
  },
  {
    id: "L19",
    provider: "ollama",
    what: "we are asked to stop in mid-answer: the job waits, and the slot is free at once",
    expected: "ollama cancelled, postponed, then ollama answered",
    play: (lab, plant) => stopped(lab, plant, "L19", async (stage) => `then ${(await stage.asker({ plant, patienceMs: 5_000 })()).said}`),
  },
  {
    id: "O04",
    provider: "ollama",
    what: "four questions at once: one at a time at the model, none sent away",
    expected: "4 answered at home, 1 at a time",
    play: oneAtATime,
  },
];

async function comesUp(lab: Lab, plant: Parameters<Scene["play"]>[1]): Promise<string> {
  const firstUrl = await deadUrl();
  return await onStage(lab, { name: "L02.down", first: "ollama", firstUrl, answer: () => good() }, async (stage) => {
    const asked = stage.asker({ plant, patienceMs: 20_000 })();
    await pause(500);
    const server = await startServer({ answer: () => good(), aside: ollamaAside(), port: Number(new URL(firstUrl).port) });
    return (await asked.finally(server.close)).said;
  });
}

/** @param then  what is looked at once the question was stopped in mid-answer */
async function stopped(
  lab: Lab,
  plant: Parameters<Scene["play"]>[1],
  id: string,
  then: (stage: Stage) => Promise<string>,
): Promise<string> {
  const stop = new AbortController();
  const happens = async () => {
    await pause(100);
    stop.abort();
  };
  const reply = (nth: number) => good(nth === 0 ? { thinkMs: LONG_MS } : {});
  return await atHome(lab, { id, happens }, reply, async (stage) => {
    const { said } = await stage.asker({ plant, signal: stop.signal })();
    return `${said}, ${await then(stage)}`;
  });
}

const troubleOf = async ({ redis }: Lab, name: string): Promise<string> =>
  (await redis.keys(`ecluse:trouble:${name}:*`)).length === 0 ? "not in trouble" : "in trouble";

async function oneAtATime(lab: Lab, plant: Parameters<Scene["play"]>[1]): Promise<string> {
  const arrivals: number[] = [];
  const reply = () => {
    arrivals.push(performance.now());
    return good({ thinkMs: 150 });
  };
  return await atHome(lab, { id: "O04" }, reply, async (stage) => {
    const asks = Array.from({ length: 4 }, () => stage.asker({ plant, patienceMs: LONG_MS })());
    const all = await Promise.all(asks);
    const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
    const atHomeCount = all.filter(({ said }) => said === "ollama answered").length;
    return `${atHomeCount} answered at home, ${gaps.every((gap) => gap >= 145) ? "1 at a time" : "several at a time"}`;
  });
}
