import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { createCanvas } from "@napi-rs/canvas";
import { PDFParse } from "pdf-parse";
import type { OcrRequest } from "../../src/capabilities/ocr/contract.ts";
import { ROOT } from "./command.ts";

/** The scan among the samples, as a picture. 1240 pixels wide it is 150 dots per inch. */
export async function sampleScan(width = 1240): Promise<OcrRequest> {
  const parser = new PDFParse({ data: await readFile(`${ROOT}samples/documents/PM2026-018-signe.pdf`), verbosity: 0 });
  const { pages } = await parser.getScreenshot({ partial: [1], desiredWidth: width, imageDataUrl: false });
  await parser.destroy();
  const [page] = pages;
  if (page === undefined) throw new Error("the sample could not be drawn");
  return { png: page.data, width: page.width, height: Math.floor(page.height), languages: ["fra"] };
}

/** A sheet with nothing on it. */
export function blankScan(): OcrRequest {
  const canvas = createCanvas(620, 877);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, 620, 877);
  return { png: canvas.toBuffer("image/png"), width: 620, height: 877, languages: ["fra"] };
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
