import type { Scene } from "../play.ts";
import { SCENARIOS } from "./failoverbench.ts";
import { LOCAL_SCENES } from "./local.ts";
import { LOCK_SCENES } from "./lock.ts";
import { outage } from "./outage.ts";
import { SIXTEEN } from "./sixteen.ts";
import { sceneOf } from "./wall.ts";

/** @param scale  by how much the times of S06, S07, S09 and S15 are divided */
export const scenesAt = (scale: number): readonly Scene[] => [
  ...LOCK_SCENES,
  ...LOCAL_SCENES,
  ...SIXTEEN,
  ...[...SCENARIOS.map((scenario) => sceneOf(scenario, scale)), outage(scale)].sort((a, b) => a.id.localeCompare(b.id)),
];
