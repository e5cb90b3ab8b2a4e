import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { AnyJob } from "../../../jobs/index.ts";
import { Fault } from "../../../src/core/fault.ts";
import type { LeaseBroker } from "../../../src/core/lease.ts";

interface Task {
  readonly value: string;
  /** Whether the lock was free when this task first needed the model; asked once. */
  isHeld: Promise<boolean> | undefined;
}

export interface Article {
  readonly broker: LeaseBroker;
  /** The same job with the lock round the whole of it. */
  lockedWhole(definition: AnyJob): AnyJob;
}

/**
 * The policy of the article that Écluse began with: one lock for a whole task, a document or a contribution, taken with
 * `SET key id NX EX 600` when the task first needs the model, never renewed, tried once. Who finds it taken goes to the cloud
 * with the whole task. Given back as there: read, compared, deleted.
 *
 * @param ttlMs  600 s of town time
 */
export function articlePolicy(redis: Redis, key: string, ttlMs: number): Article {
  const tasks = new AsyncLocalStorage<Task>();
  const take = async (task: Task): Promise<boolean> => (await redis.set(key, task.value, "PX", ttlMs, "NX")) === "OK";
  const giveBack = async (task: Task): Promise<void> => {
    if ((await task.isHeld) === true && (await redis.get(key)) === task.value) await redis.del(key);
  };
  return {
    broker: {
      async withLease(slots, { signal }, work) {
        const task = tasks.getStore();
        if (task === undefined) throw new Fault("misconfigured", "a call outside of any task");
        task.isHeld ??= take(task);
        if (!(await task.isHeld)) return { kind: "busy", holder: "another task", freeAt: undefined, waitedMs: 0 };
        const slot = typeof slots === "string" ? slots : (slots[0] ?? "");
        return { kind: "held", value: await work({ slot, holder: task.value, fence: 0, signal }), waitedMs: 0 };
      },
    },
    lockedWhole: (definition) => ({
      ...definition,
      // No patience: the next provider's turn at once, whether the model is busy or down.
      policy: { ...definition.policy, slotWaitMs: 0 },
      async run(payload, context) {
        const task: Task = { value: `${definition.name}.${randomUUID()}`, isHeld: undefined };
        try {
          return await tasks.run(task, () => definition.run(payload, context));
        } finally {
          await giveBack(task);
        }
      },
    }),
  };
}
