import { fileURLToPath } from "node:url";
import type { PdfDocument, PdfJs } from "./pdf-js.ts";

/** pdf.js from the address the parent found it at: the child may not look through folders for it. */
export const loadPdfJs = async (address: string): Promise<PdfJs> => (await import(address)) as PdfJs;

/**
 * Opens a PDF with everything switched off that is not needed to read it.
 *
 * @param content  on an ArrayBuffer of its own; empty afterwards
 */
export function openPdf(pdfJs: PdfJs, address: string, content: Uint8Array): Promise<PdfDocument> {
  const folder = (name: string) => fileURLToPath(new URL(`../../${name}/`, address));
  return pdfJs.getDocument({
    data: content,
    verbosity: 0,
    isEvalSupported: false,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    cMapUrl: folder("cmaps"),
    cMapPacked: true,
    standardFontDataUrl: folder("standard_fonts"),
    wasmUrl: folder("wasm"),
  }).promise;
}

export const whyNotOpened = (error: unknown): "password" | "damaged" =>
  error instanceof Error && error.name === "PasswordException" ? "password" : "damaged";
