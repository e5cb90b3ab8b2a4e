import type { Walked } from "../cell.ts";
import { whole } from "../dialects/dialect.ts";
import { openaiDialect } from "../dialects/openai.ts";
import type { Question, Reply } from "../http.ts";
import type { Lab } from "../lab.ts";
import type { Plant } from "../plant.ts";
import type { Scene } from "../play.ts";
import { GOOD, isRight } from "../question.ts";
import type { Row } from "../row.ts";
import { onStage } from "./stage.ts";

/** What failoverbench looks at, in seconds of its own time. */
export interface Seen {
  readonly walked: Walked;
  readonly totalS: number;
  /** When each question reached the first provider, from the first one on. */
  readonly primaryAtS: readonly number[];
}

/** One scenario of failoverbench, methodology v0.1: the fault, and what is required and advised of a client. */
export interface Scenario {
  readonly id: string;
  readonly what: string;
  /** Times are seconds of the real scenario; `s` turns them into ms of this run. */
  upstream(question: Question, s: (seconds: number) => number): Reply;
  fallback?(question: Question): Reply;
  /** By how much its times may be divided at most: what is left of a limit must be enough for a slow machine. Absent: it does not wait. */
  readonly mostScale?: number;
  /** Our clock for the first word, in seconds. Absent: the one a person would set who reads the scenarios. */
  readonly firstS?: number;
  /** Past this it hangs. */
  readonly hardStopS: number;
  /** @returns what was not kept */
  required?(seen: Seen): string | undefined;
  advised?(seen: Seen): string | undefined;
  /** The verdict when nobody answered. "safe" unless an error is what is wanted. */
  readonly errorIs?: "pass";
  /** What is expected of us; "pass" unless given. */
  readonly expected?: string;
}

/** The limits that a person would set who reads the scenarios: see the decision page on the fault cells. */
const CLOCKS_S = { firstS: 10, stallS: 20 };
const OK_S = 10;

export function sceneOf(scenario: Scenario, asked: number): Scene {
  const { id, what, mostScale = 1, expected = "pass" } = scenario;
  const scale = Math.min(asked, mostScale);
  return {
    id,
    provider: "openai",
    what: `${what}${scale === 1 ? "" : ` (times divided by ${scale})`}`,
    expected,
    play: (lab, plant) => play(lab, scenario, scale, plant),
  };
}

async function play(lab: Lab, scenario: Scenario, scale: number, plant: Plant | undefined): Promise<string> {
  let isOver = false;
  const answer = (question: Question): Reply =>
    isOver ? whole(openaiDialect, GOOD) : scenario.upstream(question, (seconds) => (seconds * 1_000) / scale);
  const answerSecond = scenario.fallback === undefined ? {} : { answerSecond: scenario.fallback };
  const clocks: Row["clocks"] = { firstS: (scenario.firstS ?? CLOCKS_S.firstS) / scale, stallS: CLOCKS_S.stallS / scale };
  return await onStage(lab, { name: scenario.id, first: "openai", answer, ...answerSecond, clocks, pace: scale }, async (stage) => {
    const ask = stage.asker({ plant, hangsMs: (scenario.hardStopS * 1_000) / scale });
    const walked = await ask();
    const started = stage.first.questions[0]?.at ?? 0;
    const primaryAtS = stage.first.questions.map(({ at }) => ((at - started) * scale) / 1_000);
    const verdict = verdictOf(scenario, { walked, totalS: (walked.ms * scale) / 1_000, primaryAtS });
    isOver = true;
    const ok = await ask();
    return ok.outcome.kind === "answered" && ok.ms <= OK_S * 1_000 ? verdict : "fail (dead afterwards)";
  });
}

function verdictOf(scenario: Scenario, seen: Seen): string {
  const { outcome } = seen.walked;
  if (seen.totalS >= scenario.hardStopS) return `fail (hangs for ${Math.round(seen.totalS)} s)`;
  if (outcome.kind === "answered" && !isRight(outcome.result)) return "fail (a truncated or wrong answer presented as success)";
  const broken = scenario.required?.(seen);
  if (broken !== undefined) return `fail (${broken})`;
  if (outcome.kind !== "answered") return scenario.errorIs ?? `safe (${seen.walked.said})`;
  if (scenario.errorIs === "pass") return "partial (routed round a refusal)";
  const missed = scenario.advised?.(seen);
  return missed === undefined ? "pass" : `partial (${missed})`;
}
