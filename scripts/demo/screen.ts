import { createLogUpdate } from "log-update";
import { type Moment, picture } from "./picture.ts";
import type { SettledJob } from "./queue-view.ts";

/** Where a person sees what happens: always stderr. */
export interface Screen {
  say(message: string): void;
  settled(job: SettledJob, moment: Moment): void;
  show(moment: Moment): void;
  /** Takes the live picture away; what was said stays. */
  close(): void;
}

/** A live picture on a terminal; a line per settled job where nobody can watch it change. */
export const openScreen = (stream: NodeJS.WriteStream = process.stderr): Screen => (stream.isTTY ? live(stream) : plain(stream));

function live(stream: NodeJS.WriteStream): Screen {
  const update = createLogUpdate(stream);
  return {
    say: (message) => update.persist(message),
    settled(job) {
      if (job.end === "failed" || job.says.startsWith("no text")) update.persist(sentence(job));
    },
    show: (moment) =>
      update(
        picture(moment, stream.columns)
          .slice(0, Math.max(4, stream.rows - 1))
          .join("\n"),
      ),
    close() {
      update.clear();
      // Gives the cursor back.
      update.done();
    },
  };
}

/** Between two settled jobs a slow model may take minutes: a sign of life then, and never more often. */
const SIGN_OF_LIFE_MS = 15_000;

function plain(stream: NodeJS.WriteStream): Screen {
  let lastMs = 0;
  const say = (message: string) => void stream.write(`${message}\n`);
  return {
    say,
    settled(job, moment) {
      lastMs = moment.nowMs;
      say(`${stamp(moment)}  ${sentence(job)}${leftOf(moment)}`);
    },
    show(moment) {
      if (moment.nowMs - lastMs < SIGN_OF_LIFE_MS) return;
      lastMs = moment.nowMs;
      const { held, waiting } = moment.lock;
      const lock =
        held === undefined
          ? "the lock is free"
          : `${held.holder} has held the lock for ${Math.round((moment.nowMs - held.sinceMs) / 1_000)} s`;
      say(`${stamp(moment)}  ${moment.stalled ?? `${lock}, ${waiting.length} in line`}${leftOf(moment)}`);
    },
    close() {},
  };
}

const stamp = ({ nowMs }: Moment): string => `${(nowMs / 1_000).toFixed(1).padStart(6)} s`;

function leftOf({ queues, toCome }: Moment): string {
  const left = queues.reduce((sum, { running, waiting, postponed }) => sum + running.length + waiting + postponed, toCome);
  return `  (${left} left)`;
}

const SUBJECTS = { scan: "scan", document: "document", contribution: "contribution" } as const;

function sentence(job: SettledJob): string {
  const subject = `${SUBJECTS[job.kind]} ${job.name}`;
  return job.end === "done" ? `${subject}: ${job.says}` : `${subject}: FAILED, ${job.cause}: ${job.reason}`;
}
