import type { Config } from "../../config.ts";
import type { OcrName } from "../../config-ocr.ts";
import type { Task } from "../../core/provider.ts";
import { acceptOcr, type OcrAnswer, type OcrProvider, type OcrRequest } from "./contract.ts";
import { googleVision } from "./google-vision.ts";
import { tesseract } from "./tesseract.ts";

/** Every engine there is: a new one is its own file and one name here. */
const PROVIDERS: Readonly<Record<OcrName, (config: Config) => OcrProvider>> = { tesseract, "google-vision": googleVision };

/** Who is asked, in the configured order; one without a key stays in its place, so that results can say it was passed over. */
export const ocrChain = (config: Config): readonly OcrProvider[] => config.OCR_CHAIN.map((name) => PROVIDERS[name](config));

/** The reading of one page, for the same walk that all questions take. */
export const ocrTask = (request: OcrRequest, chain: readonly OcrProvider[]): Task<OcrRequest, OcrAnswer, OcrAnswer> => ({
  capability: "ocr",
  dataClass: "document",
  chain,
  request,
  // Of the picture as base64, which is how it would leave.
  egressChars: ({ png }) => 4 * Math.ceil(png.length / 3),
  accept: acceptOcr,
  // There is no other way to ask for the same page.
  repair: (same) => same,
});
