import type { Lab } from "./lab.ts";
import type { Plant } from "./plant.ts";
import type { Cell } from "./row.ts";

/** A cell that is more than a row: who is asked, by how many, what else happens meanwhile. */
export interface Scene {
  readonly id: string;
  readonly provider: string;
  readonly what: string;
  readonly expected: string;
  /** @returns what was observed */
  play(lab: Lab, plant?: Plant): Promise<string>;
}

export async function playScene(lab: Lab, scene: Scene, plant?: Plant): Promise<Cell> {
  const { id, provider, what, expected } = scene;
  const observed = await scene.play(lab, plant).catch((error: unknown) => `broke: ${error instanceof Error ? error.message : error}`);
  return { id, provider, what, expected, observed, pass: observed === expected };
}
