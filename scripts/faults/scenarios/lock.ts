import { Fault } from "../../../src/core/fault.ts";
import { checkRedis, lockConnection } from "../../../src/queue/connection.ts";
import { deadUrl } from "../http.ts";
import { LAB_DB, lockKeyOf } from "../lab.ts";
import type { Scene } from "../play.ts";
import { atHome, goodAtHome as good } from "./at-home.ts";
import { onStage } from "./stage.ts";

const LONG_MS = 10_000;
const FOREIGN = "another-program";

/** The lock of the local model, and Redis below it. */
export const LOCK_SCENES: readonly Scene[] = [
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
];
