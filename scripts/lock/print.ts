import { plain, table } from "../terminal.ts";
import type { HoldTime } from "./hold-time.ts";
import type { Owner } from "./holder.ts";
import type { KeyView, SlotView } from "./view.ts";

/** The state of all slots, for a person. */
export function statusText(slots: readonly SlotView[], hold: HoldTime | undefined): string {
  const text = slots.map(slotText).join("\n");
  if (slots.every(({ waiters }) => waiters.length === 0)) return text;
  return hold === undefined
    ? `${text}\nNo local call is in the ledger of this DATA_DIR yet: turns are guessed from what the holder has held so far.\n`
    : `${text}\nTurns are estimated from the last ${hold.calls} local calls in the ledger, ${seconds(hold.meanMs)} each.\n`;
}

function slotText({ slot, host, keys, waiters }: SlotView): string {
  const warnings = keys.flatMap(({ key, warnings: said }) => said.map((one) => `! ${key}: ${one}\n`));
  return [
    `${slot} (${plain(host)})\n`,
    table(
      ["key", "held by", "host", "pid", "since", "TTL left", "fence"],
      keys.map((key) => [key.key, ...holderCells(key), `${key.fence}`]),
      [5, 6],
    ),
    ...warnings,
    waiters.length === 0
      ? "Nobody waits.\n"
      : table(
          ["place", "waits", "host", "pid", "priority", "waited", "turn in about"],
          waiters.map(({ place, owner, priority, isAlive, waitedMs, turnInMs }) => [
            `${place}`,
            isAlive ? nameOf(owner) : `${nameOf(owner)} (not heard of lately: passed over)`,
            owner.host ?? "",
            `${owner.pid ?? ""}`,
            `${priority}`,
            seconds(waitedMs),
            turnInMs === null ? "unknown" : seconds(turnInMs),
          ]),
          [0, 4, 5, 6],
        ),
  ].join("");
}

function holderCells({ holder, heldMs, leftMs }: KeyView): readonly string[] {
  if (holder === null) return ["free", "", "", "", ""];
  const state = holder.state === "running or unknown" ? "" : ` (${holder.state})`;
  return [
    `${nameOf(holder)}${state}`,
    holder.host ?? "",
    `${holder.pid ?? ""}`,
    heldMs === null ? "unknown" : `${seconds(heldMs)} ago`,
    leftMs === null ? "no TTL" : seconds(leftMs),
  ];
}

/** A foreign value may be anything: as much of it as tells it from others. */
export const nameOf = (owner: Owner): string => plain(owner.name ?? `a foreign program: ${shortened(owner.value)}`);

const shortened = (value: string): string => (value.length <= 60 ? value : `${value.slice(0, 60)}…`);

/** "0.4 s", "12 s", "3 min 5 s" */
export function seconds(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A value as one word of a POSIX shell, to be copied. One with control characters needs bash, zsh or ksh. */
export function quoted(value: string): string {
  if (!/\p{Cc}/u.test(value)) return `'${value.replaceAll("'", "'\\''")}'`;
  const escaped = value.replace(/[\\']/g, "\\$&").replace(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `$'${escaped}'`;
}
