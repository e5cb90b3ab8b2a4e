import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";

/** Every way in which a text may hide in a file: as it is, escaped, encoded. The needles have no line ends in them. */
export function disguises(text: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(text, "utf8");
  const ascii = JSON.stringify(text).replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const found = new Map([
    ["plain", text],
    ["JSON", ascii.slice(1, -1)],
    ["JSON in JSON", JSON.stringify(ascii.slice(1, -1)).slice(1, -1)],
    ["URL", encodeURIComponent(text)],
    ["form", encodeURIComponent(text).replaceAll("%20", "+")],
    ["HTML", text.replaceAll("'", "&#39;")],
    ["hex", bytes.toString("hex")],
    // As Redis' own tools and logs write bytes.
    ["escaped bytes", [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join("")],
  ]);
  for (const shift of [0, 1, 2]) {
    // What stands before decides where the groups of three begin; the first and last group depend on the neighbours.
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    found.set(`base64 +${shift}`, encoded.slice(shift === 0 ? 0 : 4, -4));
  }
  return found;
}

/** Where a text is found in what was gathered, "place: disguise" each; upper and lower case count as the same. */
export function tracesOf(texts: readonly string[], gathered: ReadonlyMap<string, string>): readonly string[] {
  const traces: string[] = [];
  for (const [place, content] of gathered) {
    const folded = content.toLowerCase();
    for (const text of texts) {
      for (const [name, needle] of disguises(text)) if (folded.includes(needle.toLowerCase())) traces.push(`${place}: "${text}" ${name}`);
    }
  }
  return traces;
}

/** Every key of every database, read as what it is. */
export async function readRedis(connect: (db: number) => Redis): Promise<ReadonlyMap<string, string>> {
  const gathered = new Map<string, string>();
  for (let db = 0; db < 16; db += 1) {
    const redis = connect(db);
    for (const key of await allKeys(redis)) gathered.set(`Redis ${db} ${key}`, `${key}\n${JSON.stringify(await readKey(redis, key))}`);
  }
  return gathered;
}

async function allKeys(redis: Redis): Promise<readonly string[]> {
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const [next, some] = await redis.scan(cursor, "COUNT", 1_000);
    for (const key of some) keys.add(key);
    cursor = next;
  } while (cursor !== "0");
  return [...keys];
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return await redis.get(key);
    case "hash":
      return await redis.hgetall(key);
    case "list":
      return await redis.lrange(key, 0, -1);
    case "set":
      return await redis.smembers(key);
    case "zset":
      return await redis.zrange(key, "0", "-1", "WITHSCORES");
    case "stream":
      return await redis.xrange(key, "-", "+");
    default:
      throw new Error(`a key of type ${type} cannot be read here`);
  }
}

/** Every file below a folder, bytes read as UTF-8. */
export function readFolder(folder: string): ReadonlyMap<string, string> {
  const gathered = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) gathered.set(path.slice(folder.length + 1), readFileSync(path, "utf8"));
  }
  return gathered;
}
