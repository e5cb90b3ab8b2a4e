import { setTimeout as pause } from "node:timers/promises";
import { whole } from "../dialects/dialect.ts";
import { openaiDialect } from "../dialects/openai.ts";
import type { Lab } from "../lab.ts";
import type { Plant } from "../plant.ts";
import type { Scene } from "../play.ts";
import { GOOD } from "../question.ts";
import { openaiError } from "../rows/openai.ts";
import { onStage, type Stage } from "./stage.ts";

const [OUTAGE_S, EVERY_S, REQUESTS, BACK_S] = [60, 4, 20, 30];
/** What is left of the 30 s after the longest pause of 20 s must be enough for a slow machine. */
const MOST_SCALE = 6;

/** S15: 503 for 60 s, then healthy; twenty requests, one each 4 s, and more until the first provider is used again. */
export function outage(asked: number): Scene {
  const scale = Math.min(asked, MOST_SCALE);
  return {
    id: "S15",
    provider: "openai",
    what: `503 for ${OUTAGE_S} s, then healthy; a request each ${EVERY_S} s${scale === 1 ? "" : ` (times divided by ${scale})`}`,
    expected: "pass",
    play: (lab, plant) => play(lab, scale, plant),
  };
}

async function play(lab: Lab, scale: number, plant: Plant | undefined): Promise<string> {
  const ms = (seconds: number): number => (seconds * 1_000) / scale;
  const startedAt = performance.now();
  const isDown = (): boolean => performance.now() - startedAt < ms(OUTAGE_S);
  const answer = () => (isDown() ? openaiError(503, "server_is_overloaded", "server_error") : whole(openaiDialect, GOOD));
  return await onStage(lab, { name: "S15", first: "openai", answer, pace: scale }, async (stage) => {
    const ask = stage.asker({ plant });
    let [lost, asked, askedInOutage] = [0, 0, 0];
    let backS: number | undefined;
    for (; asked < REQUESTS || (backS === undefined && performance.now() - startedAt < ms(OUTAGE_S + BACK_S)); asked += 1) {
      await pause(Math.max(0, startedAt + ms(asked * EVERY_S) - performance.now()), undefined, { signal: lab.signal });
      if (isDown()) askedInOutage += 1;
      const { said } = await ask();
      if (!said.endsWith("answered")) lost += 1;
      if (said.endsWith("openai answered")) backS ??= ((performance.now() - startedAt) * scale) / 1_000 - OUTAGE_S;
    }
    return verdict(stage, { lost, askedInOutage, backS, downUntil: startedAt + ms(OUTAGE_S) });
  });
}

interface Counts {
  readonly lost: number;
  readonly askedInOutage: number;
  readonly backS: number | undefined;
  readonly downUntil: number;
}

function verdict({ first }: Stage, { lost, askedInOutage, backS, downUntil }: Counts): string {
  const attempts = first.questions.filter(({ at }) => at < downUntil).length;
  if (lost > 0) return `fail (${lost} requests were not served)`;
  if (backS === undefined || backS > BACK_S) return `fail (not back on the first provider within ${BACK_S} s)`;
  return attempts <= askedInOutage ? "pass" : `partial (${attempts} attempts for ${askedInOutage} requests)`;
}
