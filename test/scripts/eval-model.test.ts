import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { describe, it } from "node:test";
import { hasFact, modelScore } from "../../scripts/eval/model-score.ts";
import type { LedgerEntry } from "../../src/core/ledger.ts";
import { startPractice } from "../../src/practice/server.ts";
import { placeFor } from "./place.ts";

const SCRIPT = "scripts/eval-documents.ts";

describe("npm run eval:documents -- --model", () => {
  it("measures whichever model answers: shape, quotes, facts and time, and says that the practice model is none", async (t) => {
    const practice = await startPractice();
    t.after(() => practice.close());
    const { run } = placeFor(t, { OLLAMA_HOST: practice.url });
    const { code, stdout, stderr } = await run(SCRIPT, "--model", "--limit", "2", "--json");
    const { secondsPerPage, ...score } = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.ok(secondsPerPage > 0 && secondsPerPage < 10, `${secondsPerPage}`);
    assert.match(stderr, /has no mistral:latest: practice:latest is asked instead/);
    const { answers, quotes, facts } = score;
    assert.deepEqual(score, {
      ...{ model: "practice:latest", practice: true, documents: 2, analysed: 2, withoutText: 0, failed: 0 },
      answers: { given: practice.stats().served, valid: practice.stats().served, share: 1 },
      unanswered: 0,
      quotes: { checked: quotes.checked, found: quotes.checked, share: 1 },
      facts: { stated: 6, found: facts.found, share: Math.round((facts.found / 6) * 1_000) / 1_000 },
      ...{ pages: 6, failures: [] },
    });
    assert.ok(answers.given >= 4 && quotes.checked > 20 && facts.found >= 4, stdout);
  });
  it("counts an answer that is none, and the question that was asked again", async (t) => {
    const practice = await startPractice();
    t.after(() => practice.close());
    practice.misbehave({ kind: "wrong-shape" });
    const { run } = placeFor(t, { OLLAMA_HOST: practice.url });
    const { stdout } = await run(SCRIPT, "--model", "--limit", "1", "--json");
    const { answers, analysed } = JSON.parse(stdout);
    assert.deepEqual([analysed, answers.given - answers.valid], [1, 1], stdout);
  });
  it("goes on where it was: what was answered before is kept and not asked again", async (t) => {
    const practice = await startPractice();
    t.after(() => practice.close());
    const { path, run } = placeFor(t, { OLLAMA_HOST: practice.url });
    mkdirSync(path("kept"));
    const words = ["--model", "--limit", "1", "--keep", path("kept"), "--json"];
    const first = await run(SCRIPT, ...words);
    const { served } = practice.stats();
    const second = await run(SCRIPT, ...words);
    assert.deepEqual([JSON.parse(second.stdout), practice.stats().served], [JSON.parse(first.stdout), served]);
  });
  it("ends with 2 and says what to do where no local model answers, or --limit is no number", async (t) => {
    const { run } = placeFor(t, { OLLAMA_HOST: "http://127.0.0.1:1" });
    const nobody = await run(SCRIPT, "--model", "--json");
    assert.deepEqual([nobody.code, nobody.stdout], [2, ""]);
    assert.match(nobody.stderr, /no Ollama answers at http:\/\/127\.0\.0\.1:1: start it/);
    const wrong = await run(SCRIPT, "--model", "--limit", "0");
    assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
    assert.match(wrong.stderr, /--limit must be a whole number from 1/);
  });
});

describe("what a model is worth", () => {
  const quoted = (text: string, page: number) => ({
    themes: [{ category: "ecologie", title: "t", keywords: [], evidence: [{ kind: "found", page, text, edits: 0 }] }] as const,
    claims: [],
    act: { kind: "autre", number: null, date: null, title: null } as const,
  });
  const FACT = { quote: "un forfait de 850 € par jour", page: 2 };

  it("has a fact when half of its words stand in one quote of its page", () => {
    assert.ok(hasFact(quoted("Le FORFAIT de 850 € est dû.", 2), FACT));
    assert.equal(hasFact(quoted("Le forfait est dû.", 2), FACT), false);
    assert.equal(hasFact(quoted("un forfait de 850 € par jour", 1), FACT), false);
  });
  it("is nothing and not 0 where nothing was counted; a document that failed has found none of its facts", () => {
    const truth = { file: "a.pdf", type: "arrete", date: null, number: null, pages: 1, text_layer: "text", facts: [FACT] } as const;
    const entry = { event: "faulted", fault: "timed-out", provider: "ollama" } as LedgerEntry;
    const score = modelScore({
      model: "m",
      cases: [{ truth: { ...truth, facts: [FACT] }, end: { kind: "failed", why: "too slow" } }],
      entries: [entry],
    });
    assert.deepEqual([score.answers.share, score.quotes.share, score.secondsPerPage, score.unanswered], [null, null, null, 1]);
    assert.deepEqual(
      [score.facts, score.failed, score.failures],
      [{ stated: 1, found: 0, share: 0 }, 1, [{ file: "a.pdf", what: "too slow" }]],
    );
  });
  it("does not count what Tesseract did as the model's answers", () => {
    const entry = { event: "answered", provider: "tesseract" } as LedgerEntry;
    const score = modelScore({ model: "m", cases: [], entries: [entry] });
    assert.equal(score.answers.given, 0);
  });
});
