import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import type { Answer, Done, Order, ProgramSettings } from "./order.ts";

/** A process that wants the lock. */
export interface Program {
  readonly pid: number;
  /** One order at a time. @throws Error when it fails or the process ends */
  obey(order: Order): Promise<Done>;
  stop(): Promise<void>;
}

/** Starts a process and waits until its code is loaded. It ends with the bench. */
export async function startProgram(bench: Bench, settings: ProgramSettings): Promise<Program> {
  bench.signal.throwIfAborted();
  const child = spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, "program.ts"), JSON.stringify(settings)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  bench.own(child);
  const answer = async (): Promise<Answer> => {
    const ended = new AbortController();
    const gone = () => ended.abort(new Error("a process of the bench ended by itself: no figure is given"));
    child.once("exit", gone);
    try {
      const [message] = (await once(child, "message", { signal: ended.signal })) as [Answer];
      return message;
    } catch (error) {
      throw ended.signal.aborted ? ended.signal.reason : error;
    } finally {
      child.off("exit", gone);
    }
  };
  await answer();
  return {
    pid: child.pid ?? 0,
    async obey(order) {
      const next = answer();
      child.send(order);
      const said = await next;
      if (said.kind !== "done")
        throw new Error(said.kind === "failed" ? `${order.side}: ${said.why}` : "a process of the bench started twice");
      return said;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** Gives the same order to all processes at once. */
export async function obeyTogether(programs: readonly Program[], order: Order): Promise<Done> {
  const all = await Promise.all(programs.map((program) => program.obey(order)));
  return {
    tookMs: Math.max(...all.map(({ tookMs }) => tookMs)),
    turns: all.flatMap(({ turns }) => turns),
    gaveUp: all.reduce((sum, { gaveUp }) => sum + gaveUp, 0),
  };
}
