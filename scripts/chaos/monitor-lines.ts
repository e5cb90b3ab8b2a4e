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
  let read = helloReader(() => {
    read = changeReader();
  });
  return (piece) => {
    const lines = (rest + piece).split("\r\n");
    rest = lines.pop() ?? "";
    return lines.map((line) => read(line)).filter((seen) => seen !== undefined);
  };
}

type LineReader = (line: string) => Seen | undefined;

/** Up to the second OK: SELECT's was the first, MONITOR's is this one, and GET's answer is just before it. */
function helloReader(onEnd: () => void): LineReader {
  let oks = 0;
  let before = "_";
  return (line) => {
    const value = before === "_" ? undefined : before;
    before = line;
    if (line === "+OK") oks += 1;
    if (oks < 2) return undefined;
    onEnd();
    return { kind: "now", value };
  };
}

/** A change comes as a push of three parts: ">3 $7 message $n channel $n what". */
function changeReader(): LineReader {
  let push: string[] | undefined;
  return (line) => {
    if (push === undefined) {
      if (line !== ">3") return commandOf(line);
      push = [];
      return undefined;
    }
    push.push(line);
    if (push.length < 6) return undefined;
    push = undefined;
    return { kind: "changed", how: line };
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
