import { styleText } from "node:util";
import type { LockState } from "./lock-view.ts";
import { CONTRIBUTIONS, type QueueState, type RunningJob } from "./queue-view.ts";

/** All that the terminal shows at one moment. */
export interface Moment {
  /** Since the start, in ms. */
  readonly nowMs: number;
  readonly lock: LockState;
  readonly queues: readonly QueueState[];
  /** Letters not sent in yet. */
  readonly toCome: number;
  /** Said when nothing has moved for a while. */
  readonly stalled: string | undefined;
  readonly lockCommand: string;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const onScreen: Paint = (style, text) => styleText(style, text, { stream: process.stderr });
const HEADINGS: Readonly<Record<string, string>> = { "audierne-docs": "documents", validation: "contributions" };
const BAR = 16;
/** Waiting calls shown by name; the others are counted. */
const SHOWN_WAITING = 3;
const LABEL = 14;

/** The picture of a moment, a line each, none wider than the terminal. */
export function picture(moment: Moment, columns: number, paint: Paint = onScreen): readonly string[] {
  const width = Math.max(40, columns - 1);
  const names = namesOf(moment.queues);
  const rows = [
    ...lockRows(moment, names),
    ...moment.queues.flatMap((queue) => ["", ...queueRows(queue, moment, width)]),
    "",
    ...(moment.stalled === undefined ? [] : [line(["yellow", moment.stalled])]),
    line(["dim", `${seconds(moment.nowMs)}   Ctrl-C ends the demo   ${moment.lockCommand}`]),
  ];
  return rows.map((row) => (typeof row === "string" ? row : painted(row, width, paint)));
}

/** Pieces of one line with their styles. */
type Row = readonly (readonly [Style | undefined, string])[];
const line = (...pieces: Row): Row => pieces;

/** Cut first, painted afterwards: a cut colour would run on. */
function painted(row: Row, width: number, paint: Paint): string {
  let left = width;
  let text = "";
  for (const [style, piece] of row) {
    const letters = [...piece];
    const shown = letters.length <= left ? piece : `${letters.slice(0, Math.max(0, left - 1)).join("")}…`;
    if (left > 0) text += style === undefined ? shown : paint(style, shown);
    left -= letters.length;
  }
  return text;
}

function lockRows({ lock, nowMs, queues }: Moment, names: ReadonlyMap<string, string>): readonly Row[] {
  const called = (holder: string) => names.get(holder) ?? plainHolder(holder);
  const waiting = lock.waiting.toSorted((a, b) => placeOf(a.holder) - placeOf(b.holder) || a.sinceMs - b.sinceMs);
  const more = waiting.length - SHOWN_WAITING;
  const { held } = lock;
  const idle = queues.some(({ running }) => running.length > 0) ? "nobody at this moment" : "nobody";
  return [
    held === undefined
      ? line(["bold", "lock held by".padEnd(LABEL)], ["dim", idle])
      : line(
          ["bold", "lock held by".padEnd(LABEL)],
          [held.isForeign ? "magenta" : "green", held.isForeign ? `another program: ${held.holder}` : called(held.holder)],
          ["dim", `  for ${tenths(nowMs - held.sinceMs)}`],
        ),
    ...[...waiting.slice(0, SHOWN_WAITING), ...Array<undefined>(Math.max(0, -more)).fill(undefined)].map((one, index) =>
      line(["bold", (index === 0 ? "in line" : "").padEnd(LABEL)], one === undefined ? [undefined, ""] : ["yellow", called(one.holder)], [
        "dim",
        one === undefined
          ? ""
          : `  for ${tenths(nowMs - one.sinceMs)}${index === SHOWN_WAITING - 1 && more > 0 ? `, and ${more} more` : ""}`,
      ]),
    ),
  ];
}

/** A person's contribution goes before a document. */
const placeOf = (holder: string): number => (holder.startsWith(`${CONTRIBUTIONS}.`) ? 0 : 1);
const plainHolder = (holder: string): string => holder.slice(holder.indexOf(".") + 1);

function namesOf(queues: readonly QueueState[]): ReadonlyMap<string, string> {
  return new Map(queues.flatMap(({ running }) => running.map((job) => [job.holder, titleOf(job)] as const)));
}

const titleOf = (job: RunningJob): string => (job.kind === "contribution" ? `contribution ${job.name}` : job.name);

function queueRows(queue: QueueState, moment: Moment, width: number): readonly Row[] {
  const toCome = queue.name === CONTRIBUTIONS ? moment.toCome : 0;
  const left = queue.running.length + queue.waiting + queue.postponed;
  const total = queue.done + queue.failed + left + toCome;
  const postponed = queue.postponed > 0 ? ` (${queue.postponed} put back)` : "";
  return [
    line(
      ["bold", (HEADINGS[queue.name] ?? queue.name).padEnd(LABEL)],
      ["green", bar(queue.done + queue.failed, total)],
      [undefined, `  ${queue.done} done`],
      queue.failed > 0 ? ["red", `, ${queue.failed} failed`] : [undefined, ""],
      [undefined, `, ${left} left${postponed}`],
      ["dim", toCome > 0 ? `, ${toCome} to come` : ""],
    ),
    ...queue.running.map((job) => jobRow(job, moment.lock, width)),
  ];
}

function bar(done: number, total: number): string {
  const full = total === 0 ? 0 : Math.floor((done / total) * BAR);
  return "█".repeat(full) + "░".repeat(BAR - full);
}

function jobRow(job: RunningJob, lock: LockState, width: number): Row {
  const doing = doingOf(job, lock);
  const room = Math.min(MOST_NAME, Math.max(16, width - 4 - DOING_WIDTH));
  return line([undefined, `  ${fitted(job.name, room)}  `], [doing.style, doing.text]);
}

const DOING_WIDTH = 36;
/** A name and what is done with it must stay within one glance. */
const MOST_NAME = 56;

function doingOf(job: RunningJob, lock: LockState): { readonly text: string; readonly style: Style } {
  const { progress } = job;
  const count = progress === undefined || job.kind === "contribution" ? "" : ` ${progress.done}/${progress.total} ${progress.unit}`;
  if (lock.held?.holder === job.holder) return { text: `asks the model${count}`, style: "green" };
  if (lock.waiting.some(({ holder }) => holder === job.holder)) return { text: `waits for the lock${count}`, style: "yellow" };
  return { text: `${progress?.doing ?? "starts"}${count}`, style: "cyan" };
}

function fitted(text: string, room: number): string {
  const letters = [...text.normalize("NFC")];
  return letters.length <= room ? letters.join("").padEnd(room) : `${letters.slice(0, room - 1).join("")}…`;
}

const tenths = (ms: number): string => `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;

function seconds(ms: number): string {
  const whole = Math.floor(ms / 1_000);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${`${whole % 60}`.padStart(2, "0")} s`;
}
