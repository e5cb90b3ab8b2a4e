import { loadPdfJs, openPdf, whyNotOpened } from "./open.ts";
import type { PdfDocument } from "./pdf-js.ts";
import type { PictureMessage, PictureTask } from "./protocol.ts";
import { answerQuestions, say } from "./talk.ts";

/** A page without a scale is measured in these. */
const POINTS_PER_INCH = 72;

let document: PdfDocument | undefined;

const tell = (message: PictureMessage, bytes?: Uint8Array): void => say(message, bytes);

answerQuestions(async (message, bytes) => {
  const task = message as PictureTask;
  try {
    await (task.kind === "open" ? open(new Uint8Array(bytes ?? [])) : render(task));
  } catch (error) {
    tell({ kind: "refused", why: whyNotOpened(error) });
  }
});

async function open(content: Uint8Array): Promise<void> {
  const address = process.argv[2] ?? "";
  document = await openPdf(await loadPdfJs(address), address, content);
  tell({ kind: "opened", total: document.numPages });
}

async function render({ page: number, longSide, turn }: Extract<PictureTask, { kind: "render" }>): Promise<void> {
  if (document === undefined || number < 1 || number > document.numPages) return tell({ kind: "refused", why: "no-such-page" });
  const page = await document.getPage(number);
  const rotation = (page.rotate + turn) % 360;
  const whole = page.getViewport({ scale: 1, rotation });
  const scale = longSide / Math.max(whole.width, whole.height);
  const viewport = page.getViewport({ scale, rotation });
  // A page may be a line: less than one pixel is no canvas.
  const [width, height] = [viewport.width, viewport.height].map((side) => Math.min(longSide, Math.max(1, Math.round(side)))) as [
    number,
    number,
  ];
  const { canvas, context } = document.canvasFactory.create(width, height);
  await page.render({ canvas, canvasContext: context, viewport, background: "#ffffff" }).promise;
  const png = await canvas.encode("png");
  page.cleanup();
  tell({ kind: "picture", width, height, dpi: scale * POINTS_PER_INCH }, png);
}
