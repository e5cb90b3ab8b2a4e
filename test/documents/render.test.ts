import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { Fault } from "../../src/core/fault.ts";
import { LONG_SIDE, openPictures, renderPage } from "../../src/documents/render.ts";
import * as hostile from "../support/hostile-pdf.ts";
import { hugePicture, jpeg2000, withMediaBox } from "../support/hostile-pictures.ts";
import { frenchText, pdfOf, rawPage } from "../support/pdf.ts";
import { watchPdfChildren } from "../support/pdf-children.ts";

const PDFS = join(import.meta.dirname, "../../../shared/corpus/pdf");
const absent = existsSync(PDFS) ? false : "the corpus of real documents (../shared/corpus) is not on this machine";
/** A black square in the upper left corner of a page that is higher than wide. */
const square = rawPage({ dictionary: "", stream: "0 g 0 642 200 200 re f" });

/** Share of dark pixels in each quarter: upper left, upper right, lower left, lower right. */
async function darkness(png: Uint8Array): Promise<readonly number[]> {
  const picture = await loadImage(Buffer.from(png));
  const [width, height] = [Math.floor(picture.width / 2), Math.floor(picture.height / 2)];
  const context = createCanvas(picture.width, picture.height).getContext("2d");
  context.drawImage(picture, 0, 0);
  return [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([x = 0, y = 0]) => {
    const { data } = context.getImageData(x, y, width, height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 128) dark += 1;
    return dark / (width * height);
  });
}

describe("a page drawn as a picture", () => {
  it(`is ${LONG_SIDE} pixels on its longer side, in its own proportions, with its letters on it`, async (t) => {
    const { png, width, height, dpi } = await renderPage(await pdfOf([frenchText(200)]), { page: 1 }, { signal: t.signal });
    assert.deepEqual([width, height], [2009, LONG_SIDE]);
    // A page of 11 inches.
    assert.equal(dpi, LONG_SIDE / 11);
    const picture = await loadImage(Buffer.from(png));
    assert.deepEqual([picture.width, picture.height], [width, height]);
    assert.ok(Math.max(...(await darkness(png))) > 0.01);
  });

  it("is turned clockwise as asked, so that a table scanned lying down can be read", async (t) => {
    const pictures = await openPictures(square, { signal: t.signal });
    t.after(pictures.close);
    const corners: number[] = [];
    for (const turn of [0, 90, 180, 270] as const) {
      const { png, width, height } = await pictures.render({ page: 1, longSide: 400, turn }, t.signal);
      assert.equal(width > height, turn % 180 === 90);
      const quarters = await darkness(png);
      corners.push(quarters.indexOf(Math.max(...quarters)));
    }
    assert.deepEqual(corners, [0, 1, 3, 2]);
  });

  it("shows a picture in JPEG 2000, which is decoded by a part of pdf.js that must be found", async (t) => {
    const { png } = await renderPage(jpeg2000(), { page: 1, longSide: 400 }, { signal: t.signal });
    assert.deepEqual(
      (await darkness(png)).map((share) => share > 0.9),
      [true, false, false, false],
    );
  });

  it("is as large as asked even when its sheet is a kilometre, or a line, or upside down", async (t) => {
    for (const [box, size] of [
      ["0 0 3000000 2000000", [300, 200]],
      ["0 0 14400 1", [300, 1]],
      ["595 842 0 0", [212, 300]],
    ] as const) {
      const { width, height } = await renderPage(withMediaBox(box), { page: 1, longSide: 300 }, { signal: t.signal });
      assert.deepEqual([width, height], size);
    }
  });
});

describe("the process that draws pages", () => {
  it("draws all pages of a document, and is gone when it is closed", async (t) => {
    const children = watchPdfChildren(t);
    const pictures = await openPictures(await pdfOf(["un", "deux", "trois"]), { signal: t.signal });
    assert.equal(pictures.pages, 3);
    for (const page of [3, 1, 2]) await pictures.render({ page, longSide: 100 }, t.signal);
    await pictures.close();
    assert.deepEqual([children.started(), children.alive()], [1, 0]);
  });

  it("says that there is no such page", async (t) => {
    await assert.rejects(renderPage(square, { page: 2 }, { signal: t.signal }), { kind: "unreadable-document", message: /no page/ });
  });

  it("asks for a password to be taken away, and for a damaged file to be exported again", async (t) => {
    await assert.rejects(renderPage(await pdfOf(["x"], { userPassword: "sesame" }), { page: 1 }, { signal: t.signal }), /password/);
    await assert.rejects(renderPage(hostile.noise(), { page: 1 }, { signal: t.signal }), /damaged/);
  });

  it("is ended for too much time, too much memory, or because nobody waits", async (t) => {
    const children = watchPdfChildren(t);
    const [bomb, picture] = [hostile.billionLaughs(), hugePicture(40_000)];
    const { signal } = t;
    await assert.rejects(renderPage(bomb, { page: 1 }, { signal, limits: { totalMs: 1_500 } }), /too much time/);
    await assert.rejects(renderPage(picture, { page: 1 }, { signal, limits: { memoryBytes: 400 * 1024 * 1024 } }), /too much memory/);
    const controller = new AbortController();
    const why = new Fault("cancelled", "the job was cancelled");
    const running = children.nextRunning();
    const drawing = renderPage(bomb, { page: 1 }, { signal: controller.signal });
    await running;
    controller.abort(why);
    await assert.rejects(drawing, why);
    assert.deepEqual([children.started(), children.alive()], [3, 0]);
  });

  it("has the limits anew for each page", async (t) => {
    const pictures = await openPictures(await pdfOf(Array.from({ length: 12 }, (_, page) => frenchText(100, page))), {
      signal: t.signal,
      limits: { outputBytes: 60_000 },
    });
    t.after(pictures.close);
    let bytes = 0;
    for (let page = 1; page <= pictures.pages; page += 1) bytes += (await pictures.render({ page, longSide: 600 }, t.signal)).png.length;
    assert.ok(bytes > 60_000, `${bytes} bytes in all`);
  });
});

describe("the town's scans", { skip: absent }, () => {
  for (const file of ["29003_PPRMT_Arrete_prefectoral_20221206.pdf", "PM2025-257.pdf", "Fete_Science_Mer_2025_programme_web.pdf"]) {
    it(`are drawn with ink on them: ${file}`, async (t) => {
      const { png } = await renderPage(readFileSync(join(PDFS, file)), { page: 1, longSide: 1_000 }, { signal: t.signal });
      const quarters = await darkness(png);
      assert.ok(Math.max(...quarters) > 0.01 && Math.min(...quarters) < 0.9, quarters.join(" "));
    });
  }
});
