import { existsSync } from "node:fs";
import { chainOf, httpUrl, text, whole, wholeOrAuto } from "./config-shapes.ts";

export const OCR_NAMES = ["tesseract", "google-vision"] as const;
export type OcrName = (typeof OCR_NAMES)[number];

/** The settings of who reads scans; `src/config.ts` has the others. */
export const OCR_SETTINGS = {
  OCR_CHAIN: {
    group: "Scans",
    about: "Who reads scanned pages, in order. EGRESS_DOCUMENTS says whether a page may leave.",
    shape: chainOf(OCR_NAMES),
    fallback: "tesseract,google-vision",
  },
  TESSERACT_BIN: {
    group: "Scans",
    about: "auto: the installed Tesseract, else the one that comes with the packages; packaged: always that one; or a path.",
    // Said at the start, and not page by page.
    shape: text.refine(
      (path) => path === "auto" || path === "packaged" || existsSync(path),
      "is neither auto nor packaged nor a program that is there",
    ),
    fallback: "auto",
  },
  OCR_PARALLEL: {
    group: "Scans",
    about: "Pages read at a time on this machine; auto: one less than it has processors.",
    shape: wholeOrAuto(1, 64),
    fallback: "auto",
  },
  OCR_CALL_S: {
    group: "Scans",
    about: "Seconds Tesseract may take for one page, which it reads behind all other work.",
    shape: whole(1, 3_600),
    fallback: "300",
  },
  GOOGLE_VISION_API_KEY: {
    group: "Scans",
    about: "Key of Google Cloud Vision (United States), which is asked only when Tesseract cannot read a page.",
    shape: text,
    isSecret: true,
  },
  GOOGLE_VISION_BASE_URL: {
    group: "Scans",
    about: "Address of Vision's API; https://eu-vision.googleapis.com stays in the EU, and any other is outside it.",
    shape: httpUrl,
    fallback: "https://vision.googleapis.com",
  },
} as const;
