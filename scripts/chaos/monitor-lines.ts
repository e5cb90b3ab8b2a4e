/** What the watcher's one connection brings, in the order in which Redis did it. */
export type Seen =
  /** Answer to the question how the key is now, before anything else. */
  | { readonly kind: "now"; readonly value: string | undefined }
  /** The key was changed: "set", "del", "expired"; the command that did it is the next one. */
  | { readonly kind: "changed"; readonly how: string }
  /** @param from  address of the client, or "lua" for a command inside the script that is the last one before it */
  | { readonly kind: "command"; readonly from: string; readonly words: readonly string[] };

/** Said by the watcher: from then on, both the changes of the key and all commands, on one connection. */
export const greeting = (db: number, key: string): string =>
  ["HELLO 3", `SELECT ${db}`, `SUBSCRIBE __keyspace@${db}__:${key}`, `GET ${key}`, "MONITOR", ""].join("\r\n");

/**
 * Reads what Redis sends after the greeting.
 *
 * @returns takes pieces of the stream as they come, gives what is complete
 */
export function monitorReader(): (piece: string) => readonly Seen[] {
  let rest = "";
  let hello: string[] | undefined = [];
  let push: string[] | undefined;
  const read = (line: string): Seen | undefined => {
    if (hello !== undefined) {
      hello.push(line);
      // The second OK: SELECT's was the first, MONITOR's is this one, and GET's answer is just before it.
      if (line !== "+OK" || hello.filter((one) => one === "+OK").length < 2) return undefined;
      const value = hello.at(-2);
      hello = undefined;
      return { kind: "now", value: value === "_" ? undefined : value };
    }
    if (line === ">3") push = [];
    else if (push !== undefined) {
      push.push(line);
      // ">3 $7 message $n channel $n what"
      if (push.length < 6) return undefined;
      const how = push[5] ?? "";
      push = undefined;
      return { kind: "changed", how };
    } else return commandOf(line);
    return undefined;
  };
  return (piece) => {
    const lines = (rest + piece).split("\r\n");
    rest = lines.pop() ?? "";
    return lines.map(read).filter((seen) => seen !== undefined);
  };
}

/** `+1795567005.380545 [6 lua] "set" "lock" "a value" "nx"` */
function commandOf(line: string): Seen | undefined {
  const from = /^\+[\d.]+ \[\d+ (\S+)\] /.exec(line);
  if (from?.[1] === undefined) return undefined;
  const words = [...line.slice(from[0].length).matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) =>
    (word ?? "").replaceAll(/\\(["\\])/g, "$1"),
  );
  return { kind: "command", from: from[1], words };
}
