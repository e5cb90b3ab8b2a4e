import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { dataField } from "../../src/capabilities/completion/contract.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { ChunkAnswer, ThemeContributions } from "../../src/documents/analysis.ts";
import { replyTo } from "../../src/practice/answer.ts";
import { answerCharter } from "../../src/practice/answer-charter.ts";
import { answerChunk } from "../../src/practice/answer-chunk.ts";
import { answerTheme } from "../../src/practice/answer-theme.ts";
import { datesIn } from "../../src/practice/dates.ts";
import { pagesOf, sentencesOf } from "../../src/practice/sentences.ts";
import { tokensOf } from "../../src/practice/tokens.ts";
import { wordsOf } from "../../src/practice/words.ts";
import { chunkChat } from "./asking.ts";
import { HOSTILE } from "./hostile.ts";
import { ODD_TEXTS, randomText } from "./random-text.ts";

const TEXTS = [...Array.from({ length: 300 }, (_, seed) => randomText(seed, 400)), ...ODD_TEXTS];

/** Every quote on the page it names, letter for letter, at most 300 characters; every day one of the calendar. */
function checkChunk(text: string): number {
  const answer = ChunkAnswer.parse(answerChunk(text));
  const { themes, claims } = answer;
  // What the project reserves for an answer: a longer one would be cut.
  assert.ok(tokensOf(JSON.stringify(answer)).length <= 2_048, "an answer is longer than what is reserved for it");
  const pages = pagesOf(text);
  for (const { quote, page } of [...themes, ...claims]) {
    assert.ok(quote.length <= 300, `a quote has ${quote.length} characters`);
    assert.match(quote, /[\p{L}\p{N}]/u);
    assert.ok(
      pages.some((each) => each.number === page && each.text.includes(quote)),
      "a quote is not on its page",
    );
  }
  for (const { about, value, quote } of claims.filter(({ about }) => ["date", "date-acte", "echeance"].includes(about))) {
    assert.equal(new Date(`${value}T00:00:00Z`).toISOString().slice(0, 10), value);
    assert.ok(
      datesIn(quote).some(({ iso }) => iso === value),
      `the quote of a ${about} does not hold its day`,
    );
  }
  return themes.length + claims.length;
}

describe("whatever text the practice model is given", () => {
  it("its answer about a document has the asked shape, and every quote stands on its page letter for letter", () => {
    const found = TEXTS.map(checkChunk).reduce((sum, each) => sum + each, 0);
    assert.ok(found > 2_000, `only ${found} quotes were checked: the texts prove nothing`);
  });
  it("its answers about a contribution and a theme have the asked shape, and rejection and violations go together", () => {
    for (const text of TEXTS) {
      const verdict = CharterAnswer.parse(answerCharter(text));
      assert.equal(verdict.is_valid, verdict.violations.length === 0);
      ThemeContributions.parse(answerTheme(text));
    }
  });
  it("the same text gives the same answer", () => {
    for (const text of TEXTS.slice(0, 40)) {
      assert.deepEqual(answerChunk(text), answerChunk(text));
      assert.deepEqual(answerCharter(text), answerCharter(text));
    }
  });
  it("the text inside the delimited field is read whole, even one that tries to close it", () => {
    for (const text of TEXTS.slice(0, 100)) {
      const reply = replyTo(chunkChat("").format, `Voici le texte.\n${dataField("document", text)}\nFin.`);
      const expected = answerChunk(text.replaceAll(/<(?=\/?\s*document)/gi, "‹"));
      assert.deepEqual(reply, { kind: "said", content: JSON.stringify(expected) });
    }
  });
  it("sentences are pieces of the text in order, and tokens give the text back", () => {
    for (const text of TEXTS) {
      assert.equal(tokensOf(text).join(""), text);
      let from = 0;
      for (const sentence of sentencesOf(text)) {
        const at = text.indexOf(sentence, from);
        assert.ok(at >= 0);
        from = at + sentence.length;
      }
    }
  });
});

describe("100,000 characters made to stall a program", () => {
  // The patterns one by one, then whole answers, which split and count as well. A quadratic pattern takes seconds here.
  const acts = [
    [50, { sentencesOf, pagesOf, datesIn, tokensOf, wordsOf }],
    [250, { answerChunk, answerCharter, answerTheme }],
  ] as const;
  for (const [mostMs, named] of acts) {
    for (const [name, act] of Object.entries(named)) {
      it(`take ${name} less than ${mostMs} ms`, () => {
        for (const [piece, text] of HOSTILE) {
          // The best of several runs: another program on the machine is no fault of ours.
          let best = Number.POSITIVE_INFINITY;
          for (let run = 0; run < 6 && best >= mostMs; run++) {
            const startedMs = performance.now();
            act(text);
            best = Math.min(best, performance.now() - startedMs);
          }
          assert.ok(best < mostMs, `${piece} repeated takes ${Math.round(best)} ms`);
        }
      });
    }
  }
});

const SAMPLES = new URL("../../samples/documents/", import.meta.url);
const CORPUS = new URL("../../../shared/corpus/markdown/", import.meta.url);
for (const [what, folder] of [
  ["sample document", SAMPLES],
  ["corpus", CORPUS],
] as const) {
  describe(`the ${what} texts`, () => {
    const names = listOf(folder);
    it("are answered in the asked shape, with quotes that stand there", {
      skip: names.length === 0 ? `no text files in ${what}` : false,
    }, () => {
      for (const name of names) {
        const text = readFileSync(new URL(encodeURIComponent(name), folder), "utf8");
        for (let from = 0; from < text.length; from += 14_500) assert.ok(checkChunk(`[page 1]\n${text.slice(from, from + 15_000)}`) >= 0);
      }
    });
  });
}

function listOf(folder: URL): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(?:md|txt)$/.test(name));
  } catch {
    return []; // the corpus is not part of the repository
  }
}
