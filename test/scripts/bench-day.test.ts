import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { type DaySeen, figuresOf } from "../../scripts/bench/day/measure.ts";
import type { Served } from "../../scripts/bench/day/record.ts";
import { type DayResult, targetsOf } from "../../scripts/bench/day/result.ts";
import { lengthOf, mostAtOnce, union, without } from "../../scripts/bench/day/spans.ts";
import { documentText } from "../../scripts/bench/day/texts.ts";
import { countsOf, type TownEvent, traceOf } from "../../scripts/bench/day/trace.ts";
import { splitIntoChunks } from "../../src/documents/chunk.ts";
import { tracked } from "../support/children.ts";
import { type Ran, ROOT } from "../support/command.ts";

const DAY = { seed: 2, load: 1, from: 0, hours: 24 } as const;
const atHour = (event: TownEvent): number => Math.floor(event.at / 3_600);

describe("the day of the town", () => {
  it("is the same for the same seed and load, and another one for others", () => {
    assert.deepEqual(traceOf(DAY), traceOf({ ...DAY }));
    assert.notDeepEqual(traceOf(DAY), traceOf({ ...DAY, seed: 3 }));
    const [usual, double] = [countsOf(traceOf(DAY)), countsOf(traceOf({ ...DAY, load: 2 }))];
    assert.ok(double.persons > 1.7 * usual.persons && double.batched > 1.7 * usual.batched && double.documents > 1.7 * usual.documents);
  });

  it("has documents every two hours, a batch each hour, a meeting of about 80 an hour and one restart of Ollama of 40 s", () => {
    const events = traceOf(DAY);
    const of = (kind: TownEvent["kind"]) => events.filter((event) => event.kind === kind);
    assert.deepEqual(
      of("documents").map((event) => event.at),
      Array.from({ length: 12 }, (_, number) => number * 7_200 + 1_200),
    );
    assert.deepEqual(
      of("batch").map(atHour),
      Array.from({ length: 24 }, (_, hour) => hour),
    );
    for (const hour of [19, 20]) {
      const count = of("person").filter((event) => atHour(event) === hour).length;
      assert.ok(count > 65 && count < 125, `${count} persons from ${hour}:00`);
    }
    assert.equal((of("ollama-starts")[0]?.at ?? 0) - (of("ollama-stops")[0]?.at ?? 0), 40);
    assert.ok(
      Math.max(...of("documents").flatMap((event) => (event.kind === "documents" ? event.documents.map((one) => one.chunks) : []))) > 30,
    );
  });

  it("is played part by part as in the whole: the same persons come in the same minute", () => {
    const evening = traceOf({ ...DAY, from: 18, hours: 2 });
    const whole = traceOf(DAY).filter((event) => event.at >= 18 * 3_600 && event.at < 20 * 3_600);
    assert.deepEqual(evening, whole);
  });

  it("has documents of as many questions as it says", () => {
    for (const chunks of [1, 2, 40]) {
      const pages = documentText({ id: "d-0-0", chunks }).split("\f");
      assert.equal(splitIntoChunks(pages.map((text, index) => ({ number: index + 1, text }))).length, chunks);
    }
  });
});

/** A day of two persons at a speed of 100: 10 ms are a second of town time. */
function smallDay(more: Partial<DaySeen> = {}, served: readonly Partial<Served>[] = []): DaySeen {
  const record = {
    served: served.map((one) => ({
      place: "ollama" as const,
      id: undefined,
      arrivedAt: 0,
      startedAt: 0,
      endedAt: 0,
      isAnswered: true,
      ...one,
    })),
    outages: [],
    arrived: () => assert.fail("nothing arrives here"),
  };
  return { record, leases: [], enqueuedAt: new Map(), documentOf: new Map(), failed: [], speed: 100, realS: 1, ...more };
}

describe("the figures of a day", () => {
  it("count a wait from the enqueue to the moment in which a model begins, and a person as local only when Ollama answered", () => {
    const enqueuedAt = new Map([
      ["p-1-0", 0],
      ["p-1-1", 100],
      ["p-1-2", 200],
    ]);
    const figures = figuresOf(
      smallDay({ enqueuedAt, failed: ["validation x: unknown"] }, [
        { id: "p-1-0", arrivedAt: 20, startedAt: 50, endedAt: 120 },
        { id: "p-1-1", place: "cloud", arrivedAt: 130, startedAt: 130, endedAt: 150 },
      ]),
    );
    assert.deepEqual([figures.calls, figures.localShare, figures.personLocalShare, figures.failures], [2, 0.5, 0.33333, 1]);
    assert.deepEqual(figures.waitS, { p50: 3, p95: 5, max: 5 });
  });

  it("find the time in which the model had nothing to do while somebody waited, and leave out when Ollama was not there", () => {
    const enqueuedAt = new Map([["p-1-0", 0]]);
    // Wanted for 1,000 ms: 600 busy with another call, 400 idle.
    const served = [
      { id: "b-1-0", arrivedAt: 0, startedAt: 0, endedAt: 600 },
      { id: "p-1-0", arrivedAt: 1_000, startedAt: 1_000, endedAt: 1_100 },
    ];
    const idle = figuresOf(smallDay({ enqueuedAt }, served));
    assert.equal(idle.slotIdleAsMeasured, 0.4);
    // So long a gap is no step of the program's: it is a wait, in town time.
    assert.equal(idle.slotIdleWhileWanted, 0.4);
    const day = smallDay({ enqueuedAt }, served);
    const down = figuresOf({ ...day, record: { ...day.record, outages: [[600, 1_000]] } });
    assert.equal(down.slotIdleAsMeasured, 0);
  });

  it("take 50 ms between two calls for 50 ms in the town, too, but not after a fault, where the program pauses", () => {
    const enqueuedAt = new Map([["p-1-0", 0]]);
    const after = (isAnswered: boolean) =>
      figuresOf(
        smallDay({ enqueuedAt }, [
          { id: "b-1-0", startedAt: 0, endedAt: 50, isAnswered },
          { id: "p-1-0", arrivedAt: 100, startedAt: 100, endedAt: 200 },
        ]),
      ).slotIdleWhileWanted;
    assert.deepEqual([after(true), after(false)], [Number((50 / 5_050).toFixed(4)), 0.5]);
  });

  it("find two requests at once, and do not take one after the other for it", () => {
    assert.equal(
      mostAtOnce([
        [0, 10],
        [10, 20],
        [5, 7],
      ]),
      2,
    );
    assert.equal(
      mostAtOnce([
        [0, 10],
        [10, 20],
      ]),
      1,
    );
    assert.deepEqual(
      union([
        [5, 7],
        [0, 6],
        [9, 9],
      ]),
      [[0, 7]],
    );
    assert.deepEqual(
      without(
        [
          [0, 10],
          [20, 30],
        ],
        [
          [2, 4],
          [8, 22],
        ],
      ),
      [
        [0, 2],
        [4, 8],
        [22, 30],
      ],
    );
    assert.equal(
      lengthOf([
        [0, 2],
        [4, 8],
      ]),
      6,
    );
  });

  it("keep a promise or not, each by itself", () => {
    const good = figuresOf(smallDay());
    const article = { ...good, personLocalShare: 0.79 };
    assert.ok(targetsOf({ article, ecluse: good }).every(({ pass }) => pass));
    const bad: DayResult["ecluse"] = {
      ...good,
      localShare: 0.998,
      personLocalShare: 0.99,
      waitS: { p50: 1, p95: 15.1, max: 20 },
      failures: 1,
      slotIdleWhileWanted: 0.031,
    };
    assert.ok(targetsOf({ article: { ...article, personLocalShare: 0.9 }, ecluse: bad }).every(({ pass }) => !pass));
  });
});

describe("the bench of a day", () => {
  let temporary = "";
  before(() => {
    temporary = mkdtempSync(join(tmpdir(), "ecluse-day-test-"));
  });
  after(() => rmSync(temporary, { recursive: true, force: true }));

  const start = (...args: string[]) =>
    tracked(
      spawn(process.execPath, [`${ROOT}scripts/bench-day.ts`, ...args], {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, TMPDIR: temporary },
      }),
    );

  async function run(...args: string[]): Promise<Ran> {
    const child = start(...args);
    const [out, err] = await Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, "close")]);
    return { code: child.exitCode, stdout: Buffer.concat(out as Buffer[]).toString(), stderr: Buffer.concat(err as Buffer[]).toString() };
  }

  /** What it left: its folders, and (on Linux) its processes, known by the folder in their environment. */
  function leftBehind(): readonly string[] {
    const pids = existsSync("/proc/self/environ") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
    return [...readdirSync(temporary), ...pids.filter((pid) => environmentOf(pid).includes(temporary))];
  }

  function environmentOf(pid: string): string {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8");
    } catch {
      return "";
    }
  }

  it("plays an hour of the public meeting under both policies: every call is answered, and ours keeps more of the persons at home", async () => {
    const { code, stdout, stderr } = await run("--json", "--hours", "1", "--from", "20", "--load", "0.4", "--speed", "300");
    assert.equal(code, 0, stderr);
    const { article, ecluse, trace, targets } = JSON.parse(stdout) as DayResult;
    const calls = trace.persons + trace.batched + trace.chunks;
    for (const day of [article, ecluse]) {
      assert.deepEqual([day.calls, day.persons, day.failures], [calls, trace.persons, 0]);
      assert.ok(day.waitS.p50 > 0 && day.waitS.p50 <= day.waitS.p95 && day.waitS.p95 <= day.waitS.max, stdout);
      assert.ok(day.slotIdleWhileWanted >= 0 && day.slotIdleWhileWanted <= day.slotIdleAsMeasured && day.slotIdleAsMeasured < 1, stdout);
    }
    assert.ok(article.personLocalShare < 0.95 && article.localShare < 1, "the article sends persons away");
    assert.ok(ecluse.personLocalShare > article.personLocalShare && ecluse.personLocalShare > 0.95, stdout);
    assert.equal(ecluse.mostAtOnce, 1);
    assert.deepEqual(targets, []);
    assert.deepEqual(leftBehind(), []);
  });

  it("stopped with Ctrl-C ends at once with its workers, its Redis and its folders, and gives no figure", async () => {
    const child = start("--json", "--hours", "2", "--speed", "20");
    const stdout = child.stdout.toArray();
    let said = "";
    for await (const line of createInterface({ input: child.stderr })) {
      said += `${line}\n`;
      if (line.includes("ecluse: 18:00, the workers are ready")) child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "close");
    assert.deepEqual([child.exitCode, await stdout], [1, []]);
    assert.match(said, /interrupted/);
    assert.deepEqual(leftBehind(), []);
  });

  it("says what is wrong with an argument, and plays nothing", async () => {
    for (const args of [["--load", "0"], ["--hours", "6", "--from", "20"], ["--fast"]]) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.ok(stderr.includes(args.at(-2) ?? "") || stderr.includes(args[0] ?? ""), stderr);
    }
    const help = await run("--help");
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    assert.match(help.stdout, /--seed/);
  });
});
