import Table from "cli-table3";
import type { DayFigures } from "./measure.ts";
import type { TraceAsk, TraceCounts } from "./trace.ts";

/** What `--json` prints. */
export interface DayResult {
  readonly article: DayFigures;
  readonly ecluse: DayFigures;
  readonly trace: TraceAsk & TraceCounts;
  readonly speed: number;
  /** Only the whole day at the usual load is held to them. */
  readonly targets: readonly Target[];
}

export interface Target {
  readonly name: string;
  readonly wanted: string;
  readonly measured: number;
  readonly pass: boolean;
}

type Days = Pick<DayResult, "article" | "ecluse">;

export function targetsOf({ article, ecluse }: Days): readonly Target[] {
  const sentAway = 1 - article.personLocalShare;
  const row = (name: string, wanted: string, measured: number, pass: boolean): Target => ({ name, wanted, measured, pass });
  return [
    row("article: persons' requests sent away", "0.18 to 0.25", Number(sentAway.toFixed(4)), sentAway >= 0.18 && sentAway <= 0.25),
    row("ecluse: calls kept local", ">= 0.999", ecluse.localShare, ecluse.localShare >= 0.999),
    row("ecluse: persons' requests kept local", ">= 0.995", ecluse.personLocalShare, ecluse.personLocalShare >= 0.995),
    row("ecluse: p95 wait of a person, s", "<= 15", ecluse.waitS.p95, ecluse.waitS.p95 <= 15),
    row("ecluse: failures", "0", ecluse.failures, ecluse.failures === 0),
    row("ecluse: slot idle while wanted", "<= 0.03", ecluse.slotIdleWhileWanted, ecluse.slotIdleWhileWanted <= 0.03),
  ];
}

/** For a person: both policies side by side, then what is promised. */
export function table({ article, ecluse, trace, speed, targets }: DayResult): string {
  const plain = { style: { head: [], border: [] } };
  const rows = new Table({ head: ["", "article", "écluse"], ...plain });
  const add = (name: string, read: (figures: DayFigures) => string | number) => rows.push([name, read(article), read(ecluse)]);
  add("calls", ({ calls }) => calls);
  add("of them kept local", ({ localShare }) => percent(localShare));
  add("persons' requests kept local", ({ personLocalShare }) => percent(personLocalShare));
  add("wait of a person, s: p50", ({ waitS }) => waitS.p50);
  add("wait of a person, s: p95", ({ waitS }) => waitS.p95);
  add("wait of a person, s: longest", ({ waitS }) => waitS.max);
  add("failures", ({ failures }) => failures);
  add("slot idle while wanted", ({ slotIdleWhileWanted }) => percent(slotIdleWhileWanted));
  add("the same by a stopwatch beside the compressed day", ({ slotIdleAsMeasured }) => percent(slotIdleAsMeasured));
  add("nothing to do at a time, ms: p50, p95", ({ gapMs }) => `${gapMs.p50}, ${gapMs.p95}`);
  add("requests at Ollama at once, most", ({ mostAtOnce }) => mostAtOnce);
  const { persons, batched, documents, chunks, from, hours, seed, load } = trace;
  const about = `${hours} h from ${from}:00, ${persons} persons, ${batched} in batches, ${documents} documents of ${chunks} chunks; seed ${seed}, load ${load}, ${speed} times as fast`;
  if (targets.length === 0) return `${about}\n${rows.toString()}\n`;
  const promised = new Table({ head: ["target", "wanted", "measured", ""], ...plain });
  for (const { name, wanted, measured, pass } of targets) promised.push([name, wanted, measured, pass ? "kept" : "NOT KEPT"]);
  return `${about}\n${rows.toString()}\n${promised.toString()}\n`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
