import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { tesseract } from "../../../src/capabilities/ocr/tesseract.ts";
import { readConfig } from "../../../src/config.ts";
import { openPictures, type PagePicture, renderPage } from "../../../src/documents/render.ts";
import { median, rounded } from "../numbers.ts";

/** Pages of scans per minute, as many at a time as there are processors. */
export interface ScansResult {
  /** Pages at a time. */
  readonly atOnce: number;
  /** Drawn from the PDF and read, as the worker does it. */
  readonly ecluse: number;
  /** The installed tesseract alone, on pictures that are there already; null where there is none. */
  readonly tesseract: number | null;
  /** ecluse / tesseract. */
  readonly ratio: number | null;
}

const SCAN = join(import.meta.dirname, "../../../samples/documents/PM2026-018-signe.pdf");
/** Per lane and side of a round. */
const PAGES = 4;

/** Both sides by turns on the scan among the samples: the same page, drawn anew each time on our side, as one document's pages are. */
export async function measureScans(rounds: number, signal: AbortSignal): Promise<ScansResult> {
  const content = readFileSync(SCAN);
  const drawn = await renderPage(content, { page: 1 }, { signal });
  const atOnce = availableParallelism();
  const [ours, theirs]: [number[], (number | null)[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await perMinute(atOnce, () => drawAndReadAll(content, signal)));
    theirs.push(await perMinute(atOnce, () => times(PAGES, () => plainTesseract(drawn, signal))).catch(noProgram));
  }
  const alone = theirs.every((one) => one !== null) ? rounded(median(theirs), 1) : null;
  const ecluse = rounded(median(ours), 1);
  return { atOnce, ecluse, tesseract: alone, ratio: alone === null ? null : rounded(ecluse / alone, 2) };
}

async function perMinute(lanes: number, lane: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: lanes }, lane));
  return ((lanes * PAGES) / (performance.now() - startedAt)) * 60_000;
}

async function times(count: number, work: () => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += 1) await work();
}

/** A document of so many pages: opened once, its pages drawn and read one after the other. */
async function drawAndReadAll(content: Uint8Array, signal: AbortSignal): Promise<void> {
  const engine = tesseract(readConfig({}));
  const pictures = await openPictures(content, { signal });
  try {
    await times(PAGES, async () => {
      const picture = await pictures.render({ page: 1 }, signal);
      const { text } = await engine.call({ ...picture, languages: ["fra"] }, { signal });
      if (!/circulation/.test(text)) throw new Error("the page was read wrong: no figure is given");
    });
  } finally {
    await pictures.close();
  }
}

/** One process per page and one thread each, as ours. */
function plainTesseract({ png }: PagePicture, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = ["stdin", "stdout", "-l", "fra", "--psm", "3", "tsv"];
    const child = execFile("tesseract", args, { env: { PATH: "/usr/local/bin:/usr/bin:/bin", OMP_THREAD_LIMIT: "1" }, signal }, (error) =>
      error === null ? resolve() : reject(error),
    );
    child.stdin?.on("error", () => {}).end(png);
  });
}

function noProgram(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}
