import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "../../../src/core/fault.ts";
import { checkRedis, lockConnection } from "../../../src/queue/connection.ts";
import { DIALECTS } from "../dialects/all.ts";
import { whole } from "../dialects/dialect.ts";
import { ollamaAside } from "../dialects/ollama.ts";
import { deadUrl, type Reply, startServer } from "../http.ts";
import { LAB_DB, type Lab, lockKeyOf } from "../lab.ts";
import type { Scene } from "../play.ts";
import { GOOD } from "../question.ts";
import { onStage, type Stage } from "./stage.ts";

const good = (more: Partial<Reply> = {}): Reply => ({ ...whole(DIALECTS.ollama, GOOD), ...more });
const LONG_MS = 10_000;
const FOREIGN = "another-program";

/** On a stage of the local model, which answers what is given, once `happens` has happened. */
const atHome = (
  lab: Lab,
  { id, leaseMs, happens }: { readonly id: string; readonly leaseMs?: number; happens?(): Promise<unknown> },
  reply: (nth: number) => Reply,
  act: (stage: Stage) => Promise<string>,
): Promise<string> =>
  onStage(
    lab,
    {
      name: id,
      first: "ollama",
      ...(leaseMs && { leaseMs }),
      answer({ nth }) {
        if (nth === 0) void happens?.().catch(() => {});
        return reply(nth);
      },
    },
    act,
  );

/** The lock, the local model and the walk between them. */
export const LOCAL_SCENES: readonly Scene[] = [
  {
    id: "L01",
    provider: "ollama",
    what: "somebody else takes the key during a long answer: it is stopped, its result refused, their key kept",
    expected: "ollama lease-lost, postponed, and their key is kept",
    play: (lab, plant) => {
      const key = lockKeyOf("L01");
      const happens = () => lab.redis.set(key, FOREIGN, "PX", 60_000);
      return atHome(
        lab,
        { id: "L01", leaseMs: 900, happens },
        () => good({ thinkMs: LONG_MS }),
        async (stage) => {
          const { said } = await stage.asker({ plant })();
          return `${said}, and their key is ${(await lab.redis.get(key)) === FOREIGN ? "kept" : "gone"}`;
        },
      );
    },
  },
  {
    id: "L02",
    provider: "ollama",
    what: "a holder that nobody knows has left its key behind: waited for, nothing leaves",
    expected: "ollama answered",
    play: (lab, plant) =>
      atHome(
        lab,
        { id: "L02" },
        () => good(),
        async (stage) => {
          await lab.redis.set(lockKeyOf("L02"), FOREIGN, "PX", 1_200);
          return (await stage.asker({ plant, patienceMs: LONG_MS })()).said;
        },
      ),
  },
  {
    id: "L02.patience",
    provider: "ollama",
    what: "the patience of the job is spent before the key is free",
    expected: "ollama busy, openai answered",
    play: (lab, plant) =>
      atHome(
        lab,
        { id: "L02.patience" },
        () => good(),
        async (stage) => {
          await lab.redis.set(lockKeyOf("L02.patience"), FOREIGN, "PX", 60_000);
          return (await stage.asker({ plant, patienceMs: 300 })()).said;
        },
      ),
  },
  {
    id: "L02.down",
    provider: "ollama",
    what: "the local model is down for a moment: waited for, nothing leaves",
    expected: "ollama unreachable, ollama answered",
    play: comesUp,
  },
  {
    id: "L03",
    provider: "ollama",
    what: "the key is somebody else's by the time of the release: it is not deleted",
    expected: "ollama answered, and their key is kept",
    play: (lab, plant) => {
      const key = lockKeyOf("L03");
      const happens = () => lab.redis.set(key, FOREIGN, "PX", 60_000);
      return atHome(
        lab,
        { id: "L03", happens },
        () => good({ thinkMs: 300 }),
        async (stage) => {
          const { said } = await stage.asker({ plant })();
          return `${said}, and their key is ${(await lab.redis.get(key)) === FOREIGN ? "kept" : "gone"}`;
        },
      );
    },
  },
  {
    id: "L04",
    provider: "ollama",
    what: "Redis cannot say whose turn it is: wait, ask nobody",
    expected: "postponed, 0 questions sent",
    async play(lab, plant) {
      const redis = lockConnection((await deadUrl()).replace("http", "redis"), LAB_DB);
      try {
        return await onStage(lab, { name: "L04", first: "ollama", redis, answer: () => good() }, async (stage) => {
          const { said } = await stage.asker({ plant })();
          return `${said}, ${stage.first.questions.length + stage.second.questions.length} questions sent`;
        });
      } finally {
        redis.disconnect();
      }
    },
  },
  {
    id: "L05",
    provider: "redis",
    what: "a Redis that may drop keys: refused at the start",
    expected: "misconfigured",
    async play({ redis, redisUrl }) {
      await redis.config("SET", "maxmemory-policy", "allkeys-lru");
      const said = await checkRedis(redisUrl).then(
        () => "accepted",
        (error: unknown) => Fault.from(error).kind,
      );
      await redis.config("SET", "maxmemory-policy", "noeviction");
      return said;
    },
  },
  {
    id: "L19",
    provider: "ollama",
    what: "we are asked to stop in mid-answer (O27): no failure of the model's, and its slot is free at once",
    expected: "ollama cancelled, postponed, not in trouble, then ollama answered",
    play: stopped,
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

async function stopped(lab: Lab, plant: Parameters<Scene["play"]>[1]): Promise<string> {
  const stop = new AbortController();
  const happens = async () => {
    await pause(100);
    stop.abort();
  };
  const reply = (nth: number) => good(nth === 0 ? { thinkMs: LONG_MS } : {});
  return await atHome(lab, { id: "L19", happens }, reply, async (stage) => {
    const { said } = await stage.asker({ plant, signal: stop.signal })();
    const troubles = await lab.redis.keys("ecluse:trouble:L19:*");
    const then = await stage.asker({ plant, patienceMs: 5_000 })();
    return `${said}, ${troubles.length === 0 ? "not " : ""}in trouble, then ${then.said}`;
  });
}

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
