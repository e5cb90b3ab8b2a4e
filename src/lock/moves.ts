import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Command, type Redis } from "ioredis";
import { type Alarm, ringAt, silence } from "./alarm.ts";

type Name = "ask" | "renew" | "release" | "leave" | "status";
type CommandName = "evalsha" | "eval";

/**
 * Sends one of the Lua files beside this one.
 *
 * @param parts  of a call: number of keys, keys, arguments
 * @throws what Redis or ioredis says when it fails, or is not done in time
 */
export type Move<Reply> = (parts: readonly string[]) => Promise<Reply>;

export function moveOn<Reply>(redis: Redis, name: Name, read: (reply: unknown) => Reply): Move<Reply> {
  const { lua, sha } = scriptOf(name);
  const send = (commandName: CommandName, script: string, parts: readonly string[]): Promise<Reply> => {
    const command = new LockCommand(commandName, [script, ...parts], READABLE);
    return (redis.sendCommand(command) as Promise<unknown>).then(
      (reply) => {
        silence(command);
        return read(reply);
      },
      (cause: unknown) => {
        silence(command);
        // A Redis that was restarted has forgotten the script.
        if (commandName === "evalsha" && isUnknownScript(cause)) return send("eval", lua, parts);
        throw cause;
      },
    );
  };
  return (parts) => send("evalsha", sha, parts);
}

const READABLE = { replyEncoding: "utf8" } as const;

const isUnknownScript = (error: unknown): boolean => error instanceof Error && error.message.startsWith("NOSCRIPT");

/**
 * A command whose time (`commandTimeout` of the connection) is kept by an alarm: a timer of its own, as ioredis has it, costs as
 * much as the command.
 */
class LockCommand extends Command implements Alarm {
  dueAt = Number.POSITIVE_INFINITY;

  override setTimeout(ms: number): void {
    // Sent again after a broken connection, it has the rest of its time.
    if (this.dueAt < Number.POSITIVE_INFINITY) return;
    this.dueAt = performance.now() + ms;
    ringAt(this);
  }

  ring(): void {
    this.reject(new Error("Redis did not answer in time"));
  }
}

interface Script {
  readonly lua: string;
  readonly sha: string;
}

const known = new Map<Name, Script>();

function scriptOf(name: Name): Script {
  const read = known.get(name);
  if (read !== undefined) return read;
  const lua = readFileSync(new URL(`./${name}.lua`, import.meta.url), "utf8");
  const script = { lua, sha: createHash("sha1").update(lua).digest("hex") };
  known.set(name, script);
  return script;
}
