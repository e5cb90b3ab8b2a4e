import { UsageError } from "./command.ts";

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * The start of a period as a person writes it: "24h" or "7d" ago, a day ("2026-02-28": its midnight in `zone`), or an ISO
 * instant.
 *
 * @throws UsageError naming the option
 */
export function sinceOf(option: string, words: string | undefined, now: Date, zone: string): Date | undefined {
  return words === undefined ? undefined : instantOf(option, words, { now, zone, dayEnds: false });
}

/** The end of a period, written the same way: a day counts as a whole. The instant itself is outside. */
export function untilOf(option: string, words: string | undefined, now: Date, zone: string): Date | undefined {
  return words === undefined ? undefined : instantOf(option, words, { now, zone, dayEnds: true });
}

function instantOf(option: string, words: string, { now, zone, dayEnds }: { now: Date; zone: string; dayEnds: boolean }): Date {
  const ago = /^(\d{1,5})([mhdw])$/.exec(words);
  if (ago !== null) return new Date(now.getTime() - Number(ago[1]) * UNITS_MS[ago[2] as keyof typeof UNITS_MS]);
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(words);
  if (day !== null) {
    const midnight = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
    // JavaScript takes 30 February for 2 March.
    if (new Date(midnight).toISOString().startsWith(words)) return midnightIn(zone, midnight + (dayEnds ? UNITS_MS.d : 0));
  }
  const hasZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(words);
  const instant = new Date(hasZone ? words : Number.NaN);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new UsageError(`--${option} is a time such as 24h, 7d, 2026-02-28 or 2026-02-28T08:00:00Z`);
}

/** Midnight in `zone` of the day that begins at `utcMidnight` in UTC. */
function midnightIn(zone: string, utcMidnight: number): Date {
  // Twice: the first guess may lie on the other side of a change to summer time.
  const guess = utcMidnight - offsetMs(zone, utcMidnight);
  return new Date(utcMidnight - offsetMs(zone, guess));
}

/** What a clock in `zone` shows at `instant`, minus what one in UTC shows. */
function offsetMs(zone: string, instant: number): number {
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(instant);
  return Date.parse(`${shown.replace(" ", "T")}Z`) - Math.floor(instant / 1_000) * 1_000;
}
