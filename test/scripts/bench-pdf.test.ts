import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isKept, type OursResult, type PdfBenchResult, shown, summaryOf } from "../../scripts/bench/pdf/result.ts";
import { runNode } from "../support/command.ts";

const ours: OursResult = { pages: 10, ms: 500, peakMb: 150, blockMs: 8, workerGrowthMb: 3 };
const plain = { pages: 10, ms: 250, peakMb: 200, blockMs: 120 };

const scans = { atOnce: 2, ecluse: 20, tesseract: null, ratio: null };

describe("npm run bench:pdf", () => {
  it("reads the same pages on both sides in one run, and says how long the program that asks was held up", async () => {
    const { code, stdout } = await runNode("scripts/bench-pdf.ts", ["--json", "--rounds", "1"]);
    const measured = JSON.parse(stdout) as PdfBenchResult;
    assert.ok(measured.documents >= 5 && measured.pages >= measured.documents, stdout);
    for (const side of [measured.ecluse, measured.pdfParse])
      assert.ok(side.pagesPerSecond > 0 && side.peakMb > 40 && side.blockMs >= 0, stdout);
    assert.ok(measured.ocr.ecluse > 0 && measured.ocr.atOnce >= 1, stdout);
    assert.equal(measured.ocr.tesseract === null, measured.ocr.ratio === null);
    assert.equal(code, isKept(measured) ? 0 : 1);
  });

  it("gives the middle speed, the most memory and the block of the calmest round", () => {
    const result = summaryOf(3, [ours, { ...ours, ms: 1_000, peakMb: 170 }, { ...ours, blockMs: 40 }], [plain], scans);
    assert.deepEqual(
      { ecluse: result.ecluse, ratio: result.ratio },
      { ecluse: { pagesPerSecond: 20, peakMb: 170, workerGrowthMb: 3, blockMs: 8 }, ratio: 0.5 },
    );
  });

  it("says whether the promise was kept", () => {
    assert.match(shown(summaryOf(3, [ours], [plain], scans)), /<= 30 kept/);
    assert.match(shown(summaryOf(3, [{ ...ours, blockMs: 31 }], [plain], scans)), /<= 30 NOT KEPT/);
  });

  it("says that there is no tesseract to compare with, or how fast it is", () => {
    assert.match(shown(summaryOf(3, [ours], [plain], scans)), /not installed/);
    assert.match(shown(summaryOf(3, [ours], [plain], { ...scans, tesseract: 25, ratio: 0.8 })), /25 +│ 20 \(0\.8\)/);
  });

  it("ends with 2 for a folder without PDFs and for a number of rounds that is none", async () => {
    for (const words of [
      ["--corpus", "src"],
      ["--corpus", "nowhere"],
      ["--rounds", "0"],
    ]) {
      const { code, stdout } = await runNode("scripts/bench-pdf.ts", words);
      assert.deepEqual([code, stdout], [2, ""]);
    }
  });
});
