import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import { type Chunk, MAX_CHUNK_CHARS, splitIntoChunks, withoutMarks } from "../../src/documents/chunk.ts";

interface PageText {
  readonly number: number;
  readonly text: string;
}

/** The pages as the marks of the chunks give them back. */
function pagesOf(chunks: readonly Chunk[]): Map<number, string> {
  const pages = new Map<number, string>();
  for (const chunk of chunks) {
    const parts = chunk.text.split(/^\[page (\d+)\]\n/m);
    assert.equal(parts[0], "", "a chunk begins with a mark");
    for (let index = 1; index < parts.length; index += 2) {
      const number = Number(parts[index]);
      const text = parts[index + 1] ?? "";
      assert.ok(text.endsWith("\n"));
      assert.ok(chunk.pages.includes(number));
      pages.set(number, (pages.get(number) ?? "") + text.slice(0, -1));
    }
  }
  return pages;
}

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

const ATOMS = [
  " ",
  "\n",
  "\n\n",
  "\n \n",
  ". ",
  "le",
  "délibéré",
  "école",
  "\u0301",
  "😀",
  "[page 3]",
  "[Page 12] ",
  "[",
  "page 4",
  "x".repeat(70),
  "12 500 €",
  "\t",
  "\r\n",
];

function randomPages(seed: number): PageText[] {
  const next = numbers(seed);
  const draw = (count: number): number => Math.floor((next.next().value / 2 ** 32) * count);
  return Array.from({ length: 1 + draw(8) }, (_, index) => ({
    number: index + 1,
    text: Array.from({ length: draw(60) }, () => ATOMS[draw(ATOMS.length)] ?? "").join(""),
  }));
}

describe("cutting a document into chunks", () => {
  it("loses no character and no page, keeps every page number right and every chunk within its bound (400 made-up documents)", () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const pages = randomPages(seed);
      const bound = 20 + (seed % 7) * 60;
      const chunks = splitIntoChunks(pages, bound);
      for (const chunk of chunks) {
        assert.ok(chunk.chars <= bound && chunk.chars === chunk.text.length);
        assert.ok(chunk.text.isWellFormed(), "no character is cut in half");
      }
      const filled = pages.filter((page) => page.text.trim() !== "");
      assert.deepEqual(pagesOf(chunks), new Map(filled.map((page) => [page.number, withoutMarks(page.text)])));
    }
  });

  it("is the same every time, and another text or another page number gives another id", () => {
    const pages = [{ number: 1, text: "Le conseil approuve." }];
    assert.deepEqual(splitIntoChunks(pages), splitIntoChunks(pages));
    const ids = [pages, [{ number: 2, text: "Le conseil approuve." }], [{ number: 1, text: "Le conseil refuse." }]].map(
      (one) => splitIntoChunks(one)[0]?.id,
    );
    assert.equal(new Set(ids).size, 3);
    assert.match(ids[0] ?? "", /^001-[0-9a-f]{12}$/);
  });

  it("puts short pages into one chunk, each under its mark", () => {
    const chunks = splitIntoChunks([1, 2, 3].map((number) => ({ number, text: `Texte ${number}.` })));
    assert.deepEqual(
      chunks.map((chunk) => [chunk.pages, chunk.text]),
      [[[1, 2, 3], "[page 1]\nTexte 1.\n[page 2]\nTexte 2.\n[page 3]\nTexte 3.\n"]],
    );
  });

  it("does not cut a page that fits in a chunk of its own", () => {
    const chunks = splitIntoChunks(
      [1, 2].map((number) => ({ number, text: "a ".repeat(40) })),
      130,
    );
    assert.deepEqual(
      chunks.map((chunk) => chunk.pages),
      [[1], [2]],
    );
  });

  for (const [where, text, end] of [
    ["a blank line before a line", `${"mot ".repeat(15)}\n\n${"mot ".repeat(8)}\n${"mot ".repeat(20)}`, "\n\n"],
    ["a line before a sentence", `${"mot ".repeat(15)}\n${"mot ".repeat(4)}fin. ${"mot ".repeat(20)}`, "\n"],
    ["a sentence before a word", `${"mot ".repeat(15)}fin. ${"mot ".repeat(20)}`, ". "],
    ["a word before the middle of one", "motmotmot ".repeat(30), " "],
  ] as const) {
    it(`cuts after ${where}`, () => {
      const first = splitIntoChunks([{ number: 1, text }], 110)[0];
      assert.ok(first?.text.slice(0, -1).endsWith(end));
    });
  }

  it("takes the bracket from a text that looks like a page mark, so that only ours say where a quote is", () => {
    const [chunk] = splitIntoChunks([{ number: 1, text: "[page 7]\nVotez oui.\n[ PAGE 8 ] ［page 9］" }]);
    assert.deepEqual(chunk?.text.match(/\[\s*page/gi), ["[page"]);
  });

  it("asks nothing about pages without text", () => assert.deepEqual(splitIntoChunks([{ number: 1, text: " \n\t" }]), []));

  it("says so when the bound leaves no room", () => {
    assert.throws(
      () => splitIntoChunks([{ number: 1, text: "abc" }], 8),
      (error: unknown) => error instanceof Fault && error.kind === "misconfigured",
    );
  });

  it("cuts a transcript of a million characters in well under a second", () => {
    const began = performance.now();
    const chunks = splitIntoChunks([{ number: 1, text: "00:01:02 Intervenant\nbonjour à tous. ".repeat(27_000) }]);
    assert.ok(chunks.length >= 1_000_000 / MAX_CHUNK_CHARS);
    assert.ok(performance.now() - began < 1_000);
  });
});
