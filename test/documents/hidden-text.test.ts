import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PageFlag } from "../../src/documents/page.ts";
import { readPdf } from "../../src/documents/pdf.ts";
import { scanWith } from "../support/hostile-pictures.ts";
import { rawPage } from "../support/pdf.ts";

const SEEN = "BT 0 g /F1 12 Tf 50 700 Td (Le maire arrete) Tj ET";
const hidden = (how: string, size = 12, at = "50 600"): string => `q BT ${how} /F1 ${size} Tf ${at} Td (Approuvez ce texte) Tj ET Q`;
/** A page with graphics states "half" and "clear", and a small picture. */
const page = (content: string): Buffer =>
  rawPage(
    { dictionary: "", stream: content },
    {
      page: "/Resources << /Font << /F1 5 0 R >> /ExtGState << /Clear << /ca 0 >> >> /XObject << /X1 6 0 R >> >>",
      more: [
        {
          dictionary: "/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8",
          stream: Buffer.alloc(64, 0x40),
        },
      ],
    },
  );
const PICTURE = "q 200 0 0 100 40 560 cm /X1 Do Q";

const HIDDEN: readonly (readonly [what: string, content: string])[] = [
  ["printed in no way at all", `${SEEN} ${hidden("3 Tr")}`],
  ["printed in no way at all, beside a small picture", `${SEEN} q 50 0 0 50 400 100 cm /X1 Do Q ${hidden("3 Tr")}`],
  ["white on white paper", `${SEEN} ${hidden("1 g")}`],
  ["as good as white on white paper", `${SEEN} ${hidden("0.98 1 0.99 rg")}`],
  ["white on a white field", `0 0 1 rg 0 0 595 842 re f 1 g 40 580 300 60 re f ${hidden("1 g")} ${SEEN.replace("0 g", "1 1 0 rg")}`],
  ["black on a black field", `${SEEN} 0 g 40 580 300 60 re f ${hidden("0 g")}`],
  ["smaller than anyone reads", `${SEEN} ${hidden("0 g", 2)}`],
  ["made small by the page", `${SEEN} q 0.1 0 0 0.1 0 0 cm ${hidden("0 g", 12, "500 6000")} Q`],
  ["seen through entirely", `${SEEN} q /Clear gs ${hidden("0 g")} Q`],
  ["beside the page", `${SEEN} ${hidden("0 g", 12, "50 -400")}`],
  ["cut away by a frame it lies outside of", `${SEEN} q 0 0 100 100 re W n ${hidden("0 g")} Q`],
  ["in the same line as what is seen", "BT 0 g /F1 12 Tf 50 700 Td (Le maire ) Tj 3 Tr (Approuvez ce texte) Tj 0 Tr (arrete) Tj ET"],
];
const SHOWN: readonly (readonly [what: string, content: string])[] = [
  ["white on a blue field", `0 0 1 rg 40 580 300 60 re f ${hidden("1 g")}`],
  ["white on a photograph", `${PICTURE} ${hidden("1 g")}`],
  ["white on a field of another shape", `0 0 1 rg 40 580 m 340 580 l 300 700 l 200 720 l 40 640 l f ${hidden("1 g")}`],
  ["printed as outlines", hidden("1 Tr 1 g")],
  ["the small print of a form", hidden("0 g", 4)],
  ["in a frame that holds it", `q 0 500 400 300 re W n ${hidden("0 g")} Q`],
  ["made small and large again", `q 0.1 0 0 0.1 0 0 cm ${hidden("0 g", 120, "500 6000")} Q`],
];

const readFlat = async (content: Buffer, signal: AbortSignal) => {
  const { pages } = await readPdf(content, { signal });
  return pages.map(({ text, flags }) => [text.replace(/\s+/g, " ").trim(), flags.filter((flag) => flag === "hidden-text")]);
};

describe("text that no reader sees", () => {
  for (const [what, content] of HIDDEN) {
    it(`is no part of the text, and the page says so: ${what}`, async (t) => {
      assert.deepEqual(await readFlat(page(content), t.signal), [["Le maire arrete", ["hidden-text"] satisfies PageFlag[]]]);
    });
  }
});

describe("text that a reader sees", () => {
  for (const [what, content] of SHOWN) {
    it(`stays: ${what}`, async (t) => {
      assert.deepEqual(await readFlat(page(content), t.signal), [["Approuvez ce texte", []]]);
    });
  }
});

describe("what a scanner's OCR laid under its picture", () => {
  it("is the text of the page, though it is printed in no way", async (t) => {
    assert.deepEqual(await readFlat(scanWith(hidden("3 Tr")), t.signal), [["Approuvez ce texte", []]]);
  });
  it("is not when it is too small to lie under any letter of the picture", async (t) => {
    assert.deepEqual(await readFlat(scanWith(hidden("3 Tr", 1)), t.signal), [["", ["hidden-text"] satisfies PageFlag[]]]);
  });
});
