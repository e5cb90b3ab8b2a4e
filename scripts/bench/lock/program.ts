/** One of the two processes that want the lock. Started by the bench, asked over its channel, gone when that closes. */
import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Done, Order, Pairs, ProgramSettings, Turn, Turns } from "./order.ts";
import { openSides, type Side } from "./sides.ts";

const sides = openSides(JSON.parse(process.argv[2] ?? "{}") as ProgramSettings);
const say = (answer: Answer): void => void process.send?.(answer);

process.on("message", (order: Order) => {
  obey(order).then(
    (done) => say({ kind: "done", ...done }),
    (error: unknown) => say({ kind: "failed", why: error instanceof Error ? error.message : `${error}` }),
  );
});
// However the bench ends, its processes end.
process.once("disconnect", () => process.exit(0));
say({ kind: "ready" });

async function obey(order: Order): Promise<Done> {
  const startedAt = now();
  if (order.kind === "pairs") await takePairs(order);
  const taken: Taken = order.kind === "pairs" ? { turns: [], gaveUp: 0 } : await takeTurns(order);
  return { tookMs: now() - startedAt, ...taken };
}

const nothing = async (): Promise<void> => {};

async function takePairs({ side, count }: Pairs): Promise<void> {
  for (let pair = 0; pair < count; pair += 1) {
    if (!(await sides[side].hold(nothing))) throw new Error("did not get a free lock");
  }
}

interface Taken {
  readonly turns: Turn[];
  gaveUp: number;
}

async function takeTurns(order: Turns): Promise<Taken> {
  const taken: Taken = { turns: [], gaveUp: 0 };
  const take = (waiter: string, workMs: number) => oneTurn(sides[order.side], { waiter: `${process.pid}.${waiter}`, workMs }, taken);
  const each = (waiter: (number: number) => Promise<void>) =>
    Promise.all(Array.from({ length: order.waiters }, (_, number) => waiter(number)));
  if (order.kind === "steady") {
    const until = now() + order.ms;
    await each(async (number) => {
      while (now() < until) await take(`${number}`, order.workMs);
    });
    return taken;
  }
  // Moments and lengths differ, as they do in life: tries in step with each other, or with the work, are an accident of a bench.
  const opener = order.opens ? take("opener", LATE_MS + order.ms + LATE_MS) : undefined;
  await each(async (number) => {
    await pause(LATE_MS + Math.random() * order.ms);
    await take(`${number}`, order.workMs * (0.5 + Math.random()));
  });
  await opener;
  return taken;
}

/** The order reaches one process before the other; the opener must be the first all the same, and nobody come after it. */
const LATE_MS = 10;

/** Asked again as often as the library gives up: who needs the lock needs it. */
async function oneTurn(lock: Side, { waiter, workMs }: { waiter: string; workMs: number }, taken: Taken): Promise<void> {
  const askedAt = now();
  let [startedAt, endedAt] = [0, 0];
  // The model works elsewhere: this process only waits for it.
  const work = async (): Promise<void> => {
    startedAt = now();
    await pause(workMs);
    endedAt = now();
  };
  while (!(await lock.hold(work))) taken.gaveUp += 1;
  taken.turns.push({ askedAt, startedAt, endedAt, waiter });
}

/** ms of the machine's monotonic clock, the same in all its processes. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
