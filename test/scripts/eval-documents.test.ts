import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { likeness, stands } from "../../scripts/eval/quote.ts";
import { type Case, missedBy, scoreOf } from "../../scripts/eval/score.ts";
import type { Truth } from "../../scripts/eval/truth.ts";
import { readAct } from "../../src/documents/act/read-act.ts";
import { ROOT, runNode } from "../support/command.ts";
import { placeFor } from "./place.ts";

const TEXT = `Arrêté du maire n° PM2031-042
Le maire de la commune de Port-Kerelec,
Vu le code de la route,
ARRÊTE
Article 1 : Le stationnement est interdit sur le quai des Sardiniers pendant la fête du port, sauf pour les secours.
Port-Kerelec, le 18 février 2031`;

const truthOf = (change: Partial<Truth> = {}): Truth => ({
  file: "a.pdf",
  type: "arrete",
  date: "2031-02-18",
  number: "PM2031-042",
  pages: 1,
  text_layer: "text",
  facts: [{ quote: "interdit sur le quai des Sardiniers", page: 1 }],
  ...change,
});
const readOf = (text = TEXT): Case["read"] => {
  const pages = [{ number: 1, text, source: "text-layer", confidence: null } as const];
  return { kind: "read", pages, facts: readAct(pages) };
};

describe("whether a quote stands in a page's text", () => {
  it("minds no capitals, white space, curly marks or hyphens at a line's end", () => {
    assert.ok(stands("L’accès au quai – est libre", "l'acc\u00e8s  au\nQUAI - est li-\nbre"));
    assert.ok(stands("de Port-Kerelec", "de Port-\nKerelec"));
  });
  it("minds each letter of a text layer, and forgives one in ten of a scan", () => {
    const misread = "Le stationnement est interdlt sur le quai";
    assert.equal(stands("stationnement est interdit", misread), false);
    assert.equal(stands("stationnement est interdit", misread, 0.9), true);
    assert.equal(stands("stationnement est autorisé", misread, 0.9), false);
  });
  it("counts likeness as Python's difflib does", () => {
    assert.equal(likeness("abcd", "bcde"), 0.75);
    assert.equal(likeness("port", "fête"), 0.25);
    assert.equal(likeness("", ""), 1);
  });
});

describe("the score", () => {
  it("counts quotes by what the page is, and what is right only where it is stated", () => {
    const cases: Case[] = [
      { truth: truthOf(), read: readOf() },
      { truth: truthOf({ text_layer: "none", facts: [{ quote: "interdit sur le qual des Sardiniers", page: 1 }] }), read: readOf() },
      { truth: truthOf({ number: null, date: null, type: "depliant" }), read: readOf() },
    ];
    const score = scoreOf(cases, 1_000);
    assert.deepEqual(score.textLayer, { facts: 2, found: 2 });
    assert.deepEqual(score.scans, { facts: 1, found: 1 });
    assert.deepEqual(
      [score.number, score.date],
      [
        { stated: 2, right: 2 },
        { stated: 2, right: 2 },
      ],
    );
    assert.deepEqual(score.kind, { stated: 3, right: 2 });
    assert.deepEqual(score.invented, { number: 1, date: 1 });
    assert.equal(score.pagesPerSecond, 3);
    assert.deepEqual(missedBy(score), []);
  });
  it("misses its targets when one quote in ten is lost, a number wrong, a document crashes or nobody hears of it", () => {
    const wrong: Case = { truth: truthOf({ number: "PM2031-043", facts: [{ quote: "tout autre chose", page: 2 }] }), read: readOf() };
    const score = scoreOf(
      [wrong, { truth: truthOf(), read: { kind: "crashed", why: "TypeError" } }, { truth: truthOf(), read: { kind: "without-outcome" } }],
      1,
    );
    assert.equal(missedBy(score).length, 5);
    assert.ok(score.failures.some(({ what }) => what === "number: PM2031-042 was read, PM2031-043 is stated"));
    assert.ok(score.failures.some(({ what }) => what === "quote 1 is not in the text of page 2"));
  });
  it("never blames the quotes' text on anybody's screen", () => {
    const score = scoreOf([{ truth: truthOf({ facts: [{ quote: "un secret bien gardé", page: 1 }] }), read: readOf() }], 1);
    assert.equal(JSON.stringify(score).includes("secret"), false);
  });
});

describe("npm run eval:documents", () => {
  const SCRIPT = "scripts/eval-documents.ts";
  const SCAN = { text_layer: "none", pages: 1, date: "2026-02-16", number: "PM2026-018" } as const;
  const SCANNED = [{ quote: "La chaussée est rendue à la circulation chaque soir", page: 1 }];

  /** A corpus with one PDF that has its text, and the scan of the samples. */
  function corpusFor(test: TestContext, scan: Partial<Truth> = {}) {
    const place = placeFor(test);
    const pdf = join(place.folder, "pdf");
    mkdirSync(pdf);
    mkdirSync(place.path("kept"));
    copyFileSync(`${ROOT}samples/documents/PM2026-031.pdf`, join(pdf, "a.pdf"));
    copyFileSync(`${ROOT}samples/documents/PM2026-018-signe.pdf`, join(pdf, "b.pdf"));
    const text = truthOf({ pages: 2, date: "2026-05-20", number: "PM2026-031", facts: [{ quote: "quai des Goémoniers", page: 1 }] });
    const documents = [text, truthOf({ file: "b.pdf", ...SCAN, facts: SCANNED, ...scan })];
    writeFileSync(place.path("ground-truth.json"), JSON.stringify({ documents }));
    return place;
  }

  it("prints one JSON document with all it promises, and ends with 0 when every target is reached", async (t) => {
    const { folder, path, run } = corpusFor(t);
    const words = ["--corpus", folder, "--keep", path("kept"), "--json"];
    const { code, stdout, stderr } = await run(SCRIPT, ...words);
    const { pagesPerSecond, ...score } = JSON.parse(stdout);
    assert.ok(pagesPerSecond > 0);
    assert.deepEqual(
      [code, score, stderr],
      [
        0,
        {
          documents: 2,
          textLayer: { facts: 1, found: 1 },
          scans: { facts: 1, found: 1 },
          number: { stated: 2, right: 2 },
          date: { stated: 2, right: 2 },
          crashed: 0,
          withoutOutcome: 0,
          kind: { stated: 2, right: 2 },
          invented: { number: 0, date: 0 },
          byClass: { text: { documents: 1, facts: 1, found: 1 }, none: { documents: 1, facts: 1, found: 1 } },
          failures: [],
        },
        "",
      ],
    );
    const noEngine = path("no-engine");
    writeFileSync(noEngine, "");
    // No engine is there the second time: what was read is kept.
    const kept = await runNode(SCRIPT, words, { cwd: folder, env: { TESSERACT_BIN: noEngine } });
    assert.deepEqual({ ...JSON.parse(kept.stdout), pagesPerSecond: 0 }, { ...score, pagesPerSecond: 0 });
  });
  it("ends with 1 and says what is missed", async (t) => {
    const { folder, run } = corpusFor(t, { date: "2031-01-01", facts: [{ quote: "ce qui n'y est pas du tout", page: 1 }] });
    const { code, stderr } = await run(SCRIPT, "--corpus", folder, "--json");
    assert.equal(code, 1);
    assert.equal(
      stderr,
      "missed: quotes of scans: 0 of 1, at least 90 % are asked for\nmissed: dates: 1 of 2, at least 80 % are asked for\n",
    );
  });
  it("ends with 2 for a corpus or a ground truth that is none, and says which", async (t) => {
    const { folder, run } = corpusFor(t);
    writeFileSync(join(folder, "bad.json"), '{"documents":[{"file":1}]}');
    writeFileSync(join(folder, "other.json"), JSON.stringify({ documents: [truthOf({ file: "gone.pdf" })] }));
    const asked: readonly (readonly [words: readonly string[], said: RegExp])[] = [
      [["--ground-truth", join(folder, "nowhere.json")], /ground truth cannot be read \(ENOENT\)/],
      [["--corpus", join(folder, "nowhere")], /ground truth cannot be read \(ENOENT\)/],
      [["--corpus", folder, "--ground-truth", join(folder, "bad.json")], /is no ground truth: documents\.0\.file/],
      [["--corpus", folder, "--ground-truth", join(folder, "other.json")], /1 of 1 documents .* gone\.pdf/],
    ];
    for (const [words, said] of asked) {
      const { code, stdout, stderr } = await run(SCRIPT, ...words, "--json");
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
    }
  });
});
