/** Something that rings once at an instant of the monotonic clock, unless it is silenced before. */
export interface Alarm {
  readonly dueAt: number;
  ring(): void;
}

/**
 * All alarms of the lock share one timer, which is left alone when an alarm is silenced: a call takes the lock, sets its renewal
 * and gives both back within the time that a timer of its own would cost.
 */
const alarms = new Set<Alarm>();
let timer: NodeJS.Timeout | undefined;
let firesAt = Number.POSITIVE_INFINITY;

/** @param ms  of real time, whatever clock a test brings: the server's clock does not wait for a test */
export function ringAfter(ms: number, ring: () => void): Alarm {
  const alarm = { dueAt: performance.now() + ms, ring };
  ringAt(alarm);
  return alarm;
}

export function ringAt(alarm: Alarm): void {
  // Without alarms the timer does not keep the process from its end.
  if (alarms.size === 0) timer?.ref();
  alarms.add(alarm);
  if (alarm.dueAt < firesAt) arm(alarm.dueAt);
}

export function silence(alarm: Alarm | undefined): void {
  if (alarm !== undefined && alarms.delete(alarm) && alarms.size === 0) timer?.unref();
}

function arm(dueAt: number): void {
  clearTimeout(timer);
  firesAt = dueAt;
  timer = setTimeout(fire, Math.max(1, Math.ceil(dueAt - performance.now())));
}

function fire(): void {
  timer = undefined;
  firesAt = Number.POSITIVE_INFINITY;
  const now = performance.now();
  for (const alarm of [...alarms].filter(({ dueAt }) => dueAt <= now)) {
    // One that rang before may have silenced it.
    if (alarms.delete(alarm)) alarm.ring();
  }
  let next = Number.POSITIVE_INFINITY;
  for (const { dueAt } of alarms) next = Math.min(next, dueAt);
  if (next < firesAt) arm(next);
}
