import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * The value of the key while we hold it: `ecluse|host|boot|pid namespace|pid|start|who|id`, readable with `redis-cli GET`, unique
 * per grant, and enough for another process of this host to prove that its holder is dead. The id says when it was asked for.
 *
 * @param askedAt  ms since 1970; 0 when nobody will ask
 */
export function ownerValue(who: string, askedAt = 0): string {
  count += 1;
  // A job asks for every page: its name is made plain once.
  if (who !== lastWho) [lastWho, lastMark] = [who, `${MARK}${plain(who)}|`];
  return `${lastMark}${askedAt}.${RUN}${count}`;
}

/** When a value of ours was asked for, in ms since 1970 by its machine's clock; undefined when it does not say. */
export function askedAtMs(value: string): number | undefined {
  return Number.parseInt(value.slice(value.lastIndexOf("|") + 1), 10) || undefined;
}

/** Whether a value was made by this very process. */
export const isOfThisProcess = (value: string): boolean => value.startsWith(MARK);

/** Whether a value was made by this program, on whatever machine: its holder wakes the next in line when it is done. */
export const isOurs = (value: string): boolean => value.split("|").length === 8 && value.startsWith("ecluse|");

/** Who holds it, for a person: "audierne-docs.doc-… (host, pid 12)", or the value itself when it is a foreign one. */
export function ownerName(value: string): string {
  const parts = value.split("|");
  return parts.length === 8 && parts[0] === "ecluse" ? `${parts[6]} (${parts[1]}, pid ${parts[4]})` : value;
}

/**
 * Whether the holder is provably dead: ours, of this host, this boot and this pid namespace, and its process is gone or
 * another one has its number. Anything that cannot be proved is alive: stealing from a living holder is the worse mistake,
 * a dead one only costs the rest of its TTL.
 */
export function isProvablyDead(value: string): boolean {
  const [mark, host, boot, namespace, pid, start] = value.split("|");
  const [, ourHost, ourBoot, ourNamespace] = PREFIX;
  if (mark !== "ecluse" || host !== ourHost || boot !== ourBoot || boot === "" || namespace !== ourNamespace) return false;
  const number = Number(pid);
  if (!Number.isSafeInteger(number) || number <= 0) return false;
  try {
    process.kill(number, 0);
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  const startedAt = startOf(number);
  return start !== "" && startedAt !== "" && startedAt !== start;
}

const plain = (text: string): string => text.replace(/[^\w.-]/g, "_").slice(0, 120);

/** Clock ticks from boot to the start of a process; "" where the system does not tell (macOS). A zombie counts as gone. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "zombie" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

/** The first eight letters tell this boot from another one of this machine. */
function bootId(): string {
  return longBootId().slice(0, 8);
}

function longBootId(): string {
  try {
    if (process.platform === "darwin") return execFileSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).trim();
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** Containers have their own numbers: a pid says nothing outside its namespace. */
function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    return "";
  }
}

const PREFIX = ["ecluse", plain(hostname()), bootId(), pidNamespace(), `${process.pid}`, startOf(process.pid)] as const;

/** How each value of this process begins; its waiters are called by that name. */
export const PROCESS = PREFIX.join("|");
const MARK = `${PROCESS}|`;
/** A pid and a start do not tell two copies of this file in one process apart, and some systems tell no start. */
const RUN = randomBytes(6).toString("base64url");
let count = 0;
let [lastWho, lastMark] = ["", `${MARK}|`];
