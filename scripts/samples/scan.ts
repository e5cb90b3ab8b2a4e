import { createCanvas, type ImageData, loadImage, type SKRSContext2D } from "@napi-rs/canvas";
import { PDFParse } from "pdf-parse";

/** Without it the letters come from whatever fonts the machine has, squeezed into Helvetica's widths. */
const FONTS = `${import.meta.dirname}/../../node_modules/pdfjs-dist/standard_fonts/`;

/** A4 at 200 dots per inch, the usual setting of a town hall's copier. */
const WIDTH = 1654;
const HEIGHT = 2339;
/** A sheet laid on the glass by hand is never straight. */
const TILT_DEGREES = -0.8;
/** Above 45 the noise alone makes the file larger than 250 KB; under 30 small letters break. */
const JPEG_QUALITY = 36;

/** Turns the first page of a PDF into what a copier makes of it: tilted, stamped, greyish, speckled, with no text behind it. */
export async function scanPage(pdf: Buffer): Promise<Buffer> {
  const parser = new PDFParse({ data: new Uint8Array(pdf), standardFontDataUrl: FONTS, disableFontFace: true });
  const { pages } = await parser.getScreenshot({ first: 1, desiredWidth: WIDTH, imageBuffer: true, imageDataUrl: false });
  await parser.destroy();
  const drawn = pages[0];
  if (drawn === undefined) throw new Error("the page to scan could not be drawn");

  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext("2d");
  context.fillStyle = "#f4f4f1";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.translate(WIDTH / 2, HEIGHT / 2);
  context.rotate((TILT_DEGREES * Math.PI) / 180);
  context.globalCompositeOperation = "multiply";
  context.drawImage(await loadImage(Buffer.from(drawn.data)), -WIDTH / 2, -HEIGHT / 2, WIDTH, HEIGHT);
  stamp(context);
  context.resetTransform();

  const picture = context.getImageData(0, 0, WIDTH, HEIGHT);
  roughen(picture);
  context.putImageData(picture, 0, 0);
  return canvas.encode("jpeg", JPEG_QUALITY);
}

/** A round rubber stamp, half over the signature, as they are. */
function stamp(context: SKRSContext2D): void {
  context.save();
  context.translate(250, 560);
  context.rotate(-0.25);
  context.strokeStyle = "#5a5a6e";
  for (const [radius, thickness] of [
    [112, 6],
    [74, 3],
  ] as const) {
    context.lineWidth = thickness;
    context.beginPath();
    context.arc(0, 0, radius, 0, 2 * Math.PI);
    context.stroke();
  }
  context.beginPath();
  context.moveTo(0, -48);
  context.lineTo(18, 40);
  context.lineTo(-18, 40);
  context.closePath();
  context.stroke();
  context.restore();
}

/** Grey, a little noise, and specks of dust: from a fixed seed, so the same page always gets the same dust. */
function roughen({ data }: ImageData): void {
  let seed = 20_260_216;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let at = 0; at < data.length; at += 4) {
    const grey = (data[at] ?? 0) * 0.3 + (data[at + 1] ?? 0) * 0.59 + (data[at + 2] ?? 0) * 0.11;
    const isDust = random() < 0.00015;
    data.fill(isDust ? 90 : grey + (random() - 0.5) * 14, at, at + 3);
  }
}
