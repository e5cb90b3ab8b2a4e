// A program that starts the embedded Redis of a data folder, keeps one thing in it, says its address and goes on for ever.
import { Redis } from "ioredis";
import { startEmbeddedRedis } from "../../src/queue/embedded-redis.ts";

const { url } = await startEmbeddedRedis(process.argv[2] ?? "");
const redis = new Redis(url);
await redis.set("kept", "yes");
process.stdout.write(`${url}\n`);
