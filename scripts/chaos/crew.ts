import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../bench/bench.ts";
import type { History } from "./history.ts";
import { READY, type WorkerOrder } from "./same.ts";

/** The workers: each is started again when it ends, until `close`. */
export interface Crew {
  /** Settles when all of them are ready. @throws Error when one ended before */
  ready(): Promise<void>;
  /** The worker whose process this is, while it lives and nobody has killed it. */
  workerOf(pid: number | undefined): string | undefined;
  /** Those that are ready for work, with their processes: a worker that is killed while it starts shows nothing. */
  atWork(): readonly { readonly worker: string; readonly pid: number }[];
  kill(worker: string): void;
  /** Stops it for `ms`, unless too few would be left at work. @returns whether it was */
  stop(worker: string, ms: number): boolean;
  /** All go on. */
  resume(): void;
  close(): Promise<void>;
}

interface Member {
  readonly child: ChildProcess;
  readonly pid: number;
  isReady: boolean;
  isKilled: boolean;
  isStopped: boolean;
}

export interface CrewOrder {
  readonly bench: Bench;
  readonly history: History;
  /** Name -> what it is given. */
  readonly orders: Readonly<Record<string, WorkerOrder>>;
}

/** So many are left at work when others are stopped. */
const LEFT_AT_WORK = 2;

export function newCrew({ bench, history, orders }: CrewOrder): Crew {
  const members = new Map<string, Member>();
  let isClosing = false;
  const launch = (worker: string): Promise<void> => {
    const child = startProgram(bench, "worker.ts", orders[worker]);
    const pid = child.pid ?? 0;
    const member: Member = { child, pid, isReady: false, isKilled: false, isStopped: false };
    members.set(worker, member);
    history.add({ e: "worker-start", worker, pid });
    child.once("exit", () => {
      history.add({ e: "worker-exit", worker, pid, byItself: !member.isKilled && !isClosing && !bench.signal.aborted });
      if (isClosing || bench.signal.aborted) return;
      // One that cannot start must not be started a thousand times a second.
      if (member.isKilled) void launch(worker).catch(() => {});
      else void pause(500, undefined, { ref: false }).then(() => (isClosing ? undefined : launch(worker).catch(() => {})));
    });
    return readiness(child).then(() => {
      member.isReady = true;
    });
  };
  const started = Promise.all(Object.keys(orders).map(launch));
  started.catch(() => {});
  return {
    async ready() {
      await started;
    },
    workerOf: (pid) => [...members].find(([, member]) => member.pid === pid && !member.isKilled)?.[0],
    atWork: () => [...members].flatMap(([worker, { pid, isReady, isKilled }]) => (isReady && !isKilled ? [{ worker, pid }] : [])),
    kill(worker) {
      const member = members.get(worker);
      if (member === undefined) return;
      member.isKilled = true;
      member.child.kill("SIGKILL");
    },
    stop(worker, ms) {
      const member = members.get(worker);
      const atWork = [...members.values()].filter(({ isStopped }) => !isStopped).length;
      if (member === undefined || member.isStopped || atWork <= LEFT_AT_WORK) return false;
      member.isStopped = member.child.kill("SIGSTOP");
      void pause(ms, undefined, { ref: false }).then(() => resume(member));
      return member.isStopped;
    },
    resume: () => [...members.values()].forEach(resume),
    async close() {
      isClosing = true;
      await Promise.all([...members.values()].map(({ child }) => ended(child)));
    },
  };
}

function resume(member: Member): void {
  if (member.isStopped) member.child.kill("SIGCONT");
  member.isStopped = false;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Starts a program of this folder; it ends by itself when the bench does. What it says beside goes to a file of the bench's folder. */
export function startProgram(bench: Bench, file: string, order: unknown): ChildProcess {
  const folder = join(bench.dir, "log");
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, `${file}.log`), "a");
  const child = spawn(process.execPath, [join(import.meta.dirname, file), JSON.stringify(order)], { stdio: ["pipe", "pipe", log] });
  closeSync(log);
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  bench.own(child);
  return child;
}

/** @returns the line with which a program said that it is ready. @throws Error when it ended before */
export async function readiness(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("a program of the bench has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith(READY)) continue;
    child.stdout.resume();
    return line;
  }
  throw new Error("a program of the bench ended before it was ready");
}
