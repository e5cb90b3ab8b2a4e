import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { createCanvas } from "@napi-rs/canvas";
import { PDFParse } from "pdf-parse";
import PDFDocument from "pdfkit";
import type { OcrRequest } from "../../src/capabilities/ocr/contract.ts";
import { renderPage } from "../../src/documents/render.ts";
import { ROOT } from "./command.ts";

/** Across. */
const A4_INCHES = 8.27;

/** The scan among the samples, as a picture. 1240 pixels wide it is 150 dots per inch. */
export async function sampleScan(width = 1240): Promise<OcrRequest> {
  const parser = new PDFParse({ data: await readFile(`${ROOT}samples/documents/PM2026-018-signe.pdf`), verbosity: 0 });
  const { pages } = await parser.getScreenshot({ partial: [1], desiredWidth: width, imageDataUrl: false });
  await parser.destroy();
  const [page] = pages;
  if (page === undefined) throw new Error("the sample could not be drawn");
  return { png: page.data, width: page.width, height: Math.floor(page.height), dpi: page.width / A4_INCHES, languages: ["fra"] };
}

/** A sheet with nothing on it. */
export function blankScan(): OcrRequest {
  const canvas = createCanvas(620, 877);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, 620, 877);
  return { png: canvas.toBuffer("image/png"), width: 620, height: 877, dpi: 75, languages: ["fra"] };
}

/** A page of a magazine: the line again and again, beginning on a coloured, slanting ground and ending on white. */
export async function slopingScan(line: string, times: number): Promise<OcrRequest> {
  const document = new PDFDocument();
  document.polygon([0, 0], [160, 0], [40, 842], [0, 842]).fill("#ffff66");
  document.fontSize(11).fillColor("#333333");
  for (let index = 0; index < times; index += 1) document.text(line, 30, 136 + index * 20, { lineBreak: false });
  document.end();
  const picture = await renderPage(await buffer(document), { page: 1 }, { signal: new AbortController().signal });
  return { ...picture, languages: ["fra"] };
}

/** Every process this one starts during a test, as Node itself reports them. */
export function watchChildren(test: TestContext) {
  const started: ChildProcess[] = [];
  const waiting: ((child: ChildProcess) => void)[] = [];
  let most = 0;
  const note = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess };
    // Named before it is there.
    child.once("spawn", () => {
      started.push(child);
      most = Math.max(most, started.filter(isAlive).length);
      waiting.shift()?.(child);
    });
  };
  subscribe("child_process", note);
  test.after(() => unsubscribe("child_process", note));
  return {
    started,
    mostAtOnce: (): number => most,
    next: (): Promise<ChildProcess> => new Promise((resolve) => waiting.push(resolve)),
  };
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;
