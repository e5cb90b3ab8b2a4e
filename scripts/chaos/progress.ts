export interface Progress {
  /** Faults done, above 0, and to be done. */
  readonly done: number;
  readonly of: number;
  /** Since the first one, in ms. */
  readonly elapsedMs: number;
  readonly now: Date;
}

/** One line for who waits: how far it is, since when, and when the last fault comes if the rest goes as what was done so far. */
export function progressOf({ done, of, elapsedMs, now }: Progress): string {
  const leftMs = Math.max(0, ((of - done) * elapsedMs) / done);
  const endAt = new Date(now.getTime() + leftMs);
  return `${done} of ${of} faults in ${spoken(elapsedMs)}, about ${spoken(leftMs)} to go (until ${endAt.toTimeString().slice(0, 5)})`;
}

/** "45 s", "7 min 5 s", "1 h 3 min": nobody needs the seconds of an hour. */
function spoken(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
