import { Queue } from "bullmq";
import { Fault } from "../core/fault.ts";
import { checkRedis, lockConnection, queueConnection } from "./connection.ts";
import { heartbeatKey, type Role } from "./heartbeat.ts";

/** One thing that was looked at. `says` is for a person: what is wrong and what to do, or what was found. */
export interface Check {
  readonly name: string;
  readonly isHealthy: boolean;
  readonly says: string;
}

export interface HealthAsk {
  readonly redisUrl: string;
  readonly lockDb: number;
  /** Queues of which each must have a worker. */
  readonly queues: readonly string[];
  /** Absent: only Redis is looked at. */
  readonly role?: Role | undefined;
}

/**
 * Looks whether Redis answers, whether the process of this host with that role still beats, and, for a worker, whether
 * BullMQ lists one on every queue. Never throws: what went wrong is what a check says.
 */
export async function checkHealth(ask: HealthAsk): Promise<readonly Check[]> {
  const redis = await check("redis", async () => {
    await checkRedis(ask.redisUrl);
    return "answers";
  });
  if (!redis.isHealthy || ask.role === undefined) return [redis];
  const { role } = ask;
  const checks = [redis, await check(`heartbeat of the ${role}`, () => heartbeatOf(role, ask))];
  if (role === "worker") for (const queue of ask.queues) checks.push(await check(`workers of ${queue}`, () => workersOf(queue, ask)));
  return checks;
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, isHealthy: true, says: await look() };
  } catch (error) {
    return { name, isHealthy: false, says: Fault.from(error, name).message };
  }
}

async function heartbeatOf(role: Role, { redisUrl, lockDb }: HealthAsk): Promise<string> {
  const redis = lockConnection(redisUrl, lockDb);
  try {
    const pid = await redis.get(heartbeatKey(role));
    if (pid !== null) return `process ${pid} is alive`;
    throw new Fault("unreachable", `no ${role} of this host has said that it is alive in the last 35 s: look at its log, then restart it`);
  } finally {
    redis.disconnect();
  }
}

async function workersOf(name: string, { redisUrl }: HealthAsk): Promise<string> {
  const queue = new Queue(name, { connection: queueConnection(redisUrl) });
  // The command that failed tells its caller.
  queue.on("error", () => {});
  try {
    const count = await queue.getWorkersCount();
    if (count > 0) return `${count} connected`;
    throw new Fault("unreachable", `nobody reads the queue ${name}: start a worker with npm run worker`);
  } finally {
    await queue.close();
  }
}
