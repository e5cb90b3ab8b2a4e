import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { withBench } from "../../scripts/bench/bench.ts";
import { PLANTS, type Plant } from "../../scripts/faults/plant.ts";
import type { Cell } from "../../scripts/faults/row.ts";
import { playAll, playsOf } from "../../scripts/faults/run.ts";
import { tracked } from "../support/children.ts";
import { ROOT, run, runNode } from "../support/command.ts";

/** A few rows that a bug of each class must turn red, each of them at another provider. */
const CAUGHT_BY: Readonly<Record<Plant, readonly string[]>> = {
  retry: ["A08.once", "C04"],
  failover: ["A03", "M04"],
  repair: ["O10", "G09"],
  postpone: ["G01.alone", "A06.alone"],
  stop: ["A02", "C06"],
  cooldown: ["C12", "M08"],
  accept: ["A12.always", "O24"],
};

const numbered = (letter: string, numbers: string): readonly string[] => numbers.split(" ").map((number) => letter + number);
const CATALOGUE = [
  ...numbered("T", "01 02 03 04 05 06 07 08 09 12 14 15 17"),
  ...numbered("O", "01 02 03 04 06 07 09 10 11 12 13 14 15 16 18 19 20 21 23 24 26 27 28 29"),
  ...numbered("A", "01 02 03 04 05 06 08 09 11 12 13 14"),
  ...numbered("C", "01 03 04 06 07 08 09 10 12 13 16"),
  ...numbered("M", "01 03 04 06 07 08 10"),
  ...numbered("G", "01 03 04 05 06 09 10 11 12 13 14 16"),
  ...numbered("Q", "01 02 03 04 06 07 08 10 12"),
  ...numbered("L", "01 02 03 04 05 19"),
  ...numbered("S", "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16"),
];

const planted = (plant: Plant) => playsOf({ only: CAUGHT_BY[plant], plant, scale: 10 });

describe("npm run faults", { concurrency: 3 }, () => {
  it("passes every row of the catalogue, and has rows red at a planted bug of each class", async () => {
    const plants = PLANTS.flatMap((plant) => planted(plant));
    const names = PLANTS.flatMap((plant) => planted(plant).map(({ id }) => `${plant}: ${id}`));
    const cells = await withBench(
      () => {},
      (bench) => playAll(bench, [...plants, ...playsOf({ scale: 10 })], () => {}),
    );
    assert.deepEqual(
      names.filter((_, at) => cells[at]?.pass),
      [],
    );
    const real = cells.slice(plants.length);
    assert.ok(real.length > 290, `${real.length} cells`);
    assert.deepEqual(
      real.filter(({ pass }) => !pass),
      [],
    );
  });

  it("has a cell for every line of the catalogue that is about a provider, an answer or the lock", () => {
    const played = new Set(playsOf({ scale: 10 }).map(({ id }) => id.split(".")[0]));
    assert.deepEqual(
      CATALOGUE.filter((id) => !played.has(id)),
      [],
    );
  });

  it("prints one JSON document: who was asked, in which order, and how it ended, as expected and as observed", async () => {
    const { code, stdout } = await runNode("scripts/faults.ts", ["--json", "--only", "T03.once,S11,C16", "--provider", "openai"]);
    const { cells, scale } = JSON.parse(stdout) as { readonly cells: readonly Cell[]; readonly scale: number };
    assert.deepEqual(
      cells.map(({ id, provider, expected, observed, pass }) => [id, provider, expected, observed, pass]),
      [
        ["T03.once", "openai", "openai server-error, openai answered", "openai server-error, openai answered", true],
        ["C16", "openai", "16 answered, 0 lost", "16 answered, 0 lost", true],
        ["C16.refused", "openai", "16 answered, 0 lost", "16 answered, 0 lost", true],
        ["S11", "openai", "pass", "pass", true],
      ],
    );
    assert.equal(scale, 10);
    assert.equal(code, 0);
  });

  it("shows a red row with what was expected, last, and ends with 1", async () => {
    const { code, stdout } = await runNode("scripts/faults.ts", ["--only", "A01,A02", "--plant", "stop"]);
    assert.equal(code, 1);
    assert.match(stdout, /RED openai prompt-too-long, claude answered[\s\S]*instead of openai prompt-too-long, stop/);
    assert.match(stdout, /0 of 2 rows pass\n$/);
  });

  for (const [args, words] of [
    [["--only", "T99"], /no row of that id/],
    [["--provider", "somebody"], /--provider must be one of ollama, openai/],
    [["--plant", "weeds"], /--plant must be one of retry, failover/],
    [["--scale", "0"], /--scale must be a whole number from 1 to 20/],
    [["--nonsense"], /--nonsense/],
  ] as const) {
    it(`ends with 2 and says what is wrong with ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runNode("scripts/faults.ts", args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, words);
    });
  }

  it("leaves nothing behind when it is stopped: no folder, no redis-server", async () => {
    const home = mkdtempSync(join(tmpdir(), "ecluse-faults-"));
    const child = tracked(
      spawn(process.execPath, [`${ROOT}scripts/faults.ts`, "--only", "S06,S15", "--real-time"], {
        env: { PATH: process.env.PATH ?? "", TMPDIR: home },
        stdio: ["ignore", "ignore", "pipe"],
      }),
    );
    const ended = once(child, "exit") as Promise<[number | null]>;
    for await (const line of createInterface({ input: child.stderr })) if (line.endsWith("cells")) break;
    child.stderr.resume();
    child.kill("SIGINT");
    assert.deepEqual((await ended)[0], 1);
    assert.deepEqual(readdirSync(home), []);
    const { stdout } = await run("ps", ["-ax", "-o", "args"]);
    assert.equal(stdout.includes(home), false);
    rmSync(home, { recursive: true });
  });
});
