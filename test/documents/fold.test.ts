import assert from "node:assert/strict";
import { it } from "node:test";
import { fold } from "../../src/documents/fold.ts";

const SENTENCE = "Délibération n° 12 du conseil municipal : l’école,  les  quais et le « port ».\n";
const textOf = (chars: number): string => SENTENCE.repeat(Math.ceil(chars / SENTENCE.length)).slice(0, chars);

it("a page of 400,000 characters takes about eight times as long as one of 50,000, not a hundred times", () => {
  const took = (chars: number): number => {
    const text = textOf(chars);
    const times = [1, 2, 3].map(() => {
      const from = performance.now();
      fold(text);
      return performance.now() - from;
    });
    return Math.min(...times);
  };
  took(50_000);
  const ratio = took(400_000) / took(50_000);
  assert.ok(ratio < 40, `${ratio.toFixed(1)} times as long`);
});

it("a text that begins, ends and is full of spaces keeps one of each run between words, and none around them", () => {
  const { text, at } = fold("  Le   quai \n\n du\u00a0port  ");
  assert.equal(text, "le quai du port");
  assert.equal(at.length, text.length + 1);
});
