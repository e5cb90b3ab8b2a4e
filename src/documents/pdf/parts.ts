import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What a child needs of the packages: found here, because it may not look through folders itself. */
export interface Parts {
  readonly folders: readonly string[];
  /** Where pdf.js lies. */
  readonly args: readonly string[];
  readonly addons: boolean;
}

/** The pdf.js and the canvas that pdf-parse brings, so that the version is the one it was made for. */
export function partsFor(what: "text" | "pictures"): Parts {
  const fromPdfParse = createRequire(createRequire(import.meta.url).resolve("pdf-parse"));
  const pdfJs = dirname(fromPdfParse.resolve("pdfjs-dist/package.json"));
  const folders = [fileURLToPath(new URL("..", import.meta.url)), pdfJs];
  // The canvas is compiled code, which lies in a package of its own beside it, with another name on each system.
  const canvas = () => dirname(dirname(fromPdfParse.resolve("@napi-rs/canvas/package.json")));
  const isForPictures = what === "pictures";
  return {
    folders: isForPictures ? [...folders, canvas()] : folders,
    args: [pathToFileURL(join(pdfJs, "legacy/build/pdf.mjs")).href],
    addons: isForPictures,
  };
}
