import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isOurs, isProvablyDead, ownerName, ownerValue } from "../../src/lock/owner.ts";

/** Who a value in Redis stands for. */
export interface Owner {
  /** "ecluse": this program, on whatever machine; "foreign": anybody else. */
  readonly kind: "ecluse" | "foreign";
  /** A job's name and id; undefined for a foreign program. */
  readonly name: string | undefined;
  readonly host: string | undefined;
  readonly pid: number | undefined;
  /** As far as this host can prove it: its process is gone, or does not run (stopped by a signal or a debugger). */
  readonly state: "dead" | "stopped" | "running or unknown";
  /** What `redis-cli GET` shows, exactly. */
  readonly value: string;
}

export function ownerOf(value: string): Owner {
  const named = isOurs(value) ? /^(.*) \((.*), pid (\d+)\)$/.exec(ownerName(value)) : null;
  if (named === null) return { kind: "foreign", name: undefined, host: undefined, pid: undefined, state: "running or unknown", value };
  const [, name, host, pid] = named;
  return { kind: "ecluse", name, host, pid: Number(pid), state: stateOf(value, Number(pid)), value };
}

function stateOf(value: string, pid: number): Owner["state"] {
  if (isProvablyDead(value)) return "dead";
  return isOfThisHost(value) && isStopped(pid) ? "stopped" : "running or unknown";
}

/** A process number says something only on its own host, since its last start, and in its own container. */
const isOfThisHost = (value: string): boolean => {
  const placeOf = (one: string): string => one.split("|").slice(0, 4).join("|");
  return placeOf(value) === placeOf(ownerValue(""));
};

function isStopped(pid: number): boolean {
  try {
    if (process.platform !== "linux") return /^T/.test(execFileSync("ps", ["-o", "state=", "-p", `${pid}`], { encoding: "utf8" }).trim());
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of a program may hold anything, brackets too: the state comes after the last one.
    return /^[Tt]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}
