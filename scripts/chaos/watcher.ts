import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type History, instant } from "./history.ts";
import { greeting, monitorReader, type Seen } from "./monitor-lines.ts";
import { LOCK_DB, LOCK_KEY } from "./same.ts";

export interface Watcher {
  /** The value of the key, as far as Redis has told. */
  value(): string | undefined;
  /** Connects; settles when every change from now on is seen. Nobody else may be let in before. */
  watch(port: number, signal: AbortSignal): Promise<void>;
  /** Calls once, at the next grant. */
  onGrant(call: () => void): () => void;
  close(): void;
}

/**
 * Writes every change of the lock key into the history, with who did it.
 *
 * Redis tells a MONITOR what was tried, and a keyspace subscriber what was changed but not by whom. One RESP3 connection may be
 * both: then each change comes right before the command that made it, and a script's call right before the commands inside it.
 *
 * @param whoIs  the worker behind a client's address, or "outside"
 */
export function newWatcher(history: History, whoIs: (address: string) => string): Watcher {
  let value: string | undefined;
  let socket: Socket | undefined;
  const waiting = new Set<() => void>();
  const tell = (change: Change): void => {
    value = change.e === "lock-set" ? change.value : undefined;
    history.add(change, instant());
    if (change.e !== "lock-set") return;
    for (const call of [...waiting]) {
      waiting.delete(call);
      call();
    }
  };
  const attach = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const read = monitorReader();
      // A new one for each connection: the command of a last change may have gone down with Redis.
      const replay = replayer(tell, whoIs);
      socket = connect(port, "127.0.0.1", () => socket?.write(greeting(LOCK_DB, LOCK_KEY)));
      socket.setEncoding("utf8").on("error", reject);
      socket.on("close", () => reject(new Error("Redis closed the watcher's connection")));
      const now = (found: string | undefined): void => {
        // "-LOADING": it reads its file and answers nothing yet.
        if (found?.startsWith("-")) return void reject(new Error("Redis is not ready"));
        value = found;
        history.add({ e: "lock-found", value: found ?? null });
        resolve();
      };
      socket.on("data", (piece: string) => {
        for (const seen of read(piece)) {
          if (seen.kind === "now") now(seen.value);
          else replay(seen);
        }
      });
    });
  return {
    value: () => value,
    async watch(port, signal) {
      for (;;) {
        signal.throwIfAborted();
        const done = await Promise.race([attach(port).then(() => true), pause(1_000, false)]).catch(() => false);
        if (done) return;
        socket?.destroy();
        await pause(10);
      }
    },
    onGrant(call) {
      waiting.add(call);
      return () => waiting.delete(call);
    },
    close: () => socket?.destroy(),
  };
}

type Change = Parameters<History["add"]>[0] & { readonly e: "lock-set" | "lock-del" };
type Command = Extract<Seen, { kind: "command" }>;

/** Joins each change with the command that made it, which comes next, and that with the script it stands in. */
function replayer(tell: (change: Change) => void, whoIs: (address: string) => string): (seen: Exclude<Seen, { kind: "now" }>) => void {
  let script: { readonly by: string; readonly claim: string } | undefined;
  let changed: string | undefined;
  const onChange = (how: string): void => {
    if (how === "expired") tell({ e: "lock-del", how: "expired", by: "outside" });
    // A TTL that is set or taken away is no change of who holds the key.
    if (how === "set" || how === "del") changed = how;
  };
  const onCommand = (command: Command): void => {
    if (command.from !== "lua") script = scriptOf(command, whoIs);
    const who = script ?? { by: whoIs(command.from) };
    if (changed === "set") tell({ e: "lock-set", value: command.words[2] ?? "", ...who });
    if (changed === "del") tell({ e: "lock-del", how: "del", ...who });
    changed = undefined;
  };
  return (seen) => (seen.kind === "changed" ? onChange(seen.how) : onCommand(seen));
}

/** `evalsha hash 5 key1 … key5 first-argument` */
function scriptOf({ from, words }: Command, whoIs: (address: string) => string) {
  if (!/^eval(sha)?$/i.test(words[0] ?? "")) return undefined;
  return { by: whoIs(from), claim: words[3 + Number(words[2])] ?? "" };
}
