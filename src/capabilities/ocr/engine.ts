import { fileURLToPath } from "node:url";
import { Fault } from "../../core/fault.ts";
import { type Command, runChild } from "./child.ts";

/** A Tesseract that is here. */
export interface Engine {
  /** Name and version, as the ledger writes it down. */
  readonly model: string;
  /** As Tesseract names them. */
  readonly languages: readonly string[];
  /** Reads a PNG from its standard input and writes Tesseract's table to its standard output. */
  read(languages: readonly string[], dpi: number): Command;
}

/** Automatic layout, without asking which way is up: that guess is wrong too often (docs/decisions/2026-11-25-ocr-engine.md). */
const PAGE_MODE = "3";
/** Sauvola's: what is black is decided around each letter. By one level for the whole page, lines that begin on a coloured ground lose their beginnings. */
const THRESHOLDING = "2";

/** Tesseract takes no other: a file that says its page is a stamp or a wall is not to be believed. */
const DPI = { least: 70, most: 2_400 };
const believable = (dpi: number): string => String(Math.round(Math.min(DPI.most, Math.max(DPI.least, dpi))));

/** Where programs are, since the environment is not handed on. */
const FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"];

/**
 * The Tesseract to use: the installed one, or the one among the packages.
 *
 * @param wanted  "auto": the installed one if there is one; "packaged"; or the path of a program
 * @throws Fault "misconfigured" when the path leads to no Tesseract
 */
export async function findEngine(wanted: string, signal: AbortSignal): Promise<Engine> {
  if (wanted === "packaged") return PACKAGED;
  for (const program of wanted === "auto" ? FOLDERS.map((folder) => `${folder}/tesseract`) : [wanted]) {
    const engine = await installed(program, signal);
    if (engine !== undefined) return engine;
  }
  if (wanted === "auto") return PACKAGED;
  throw new Fault("misconfigured", "TESSERACT_BIN names no Tesseract: set its path, or auto");
}

async function installed(program: string, signal: AbortSignal): Promise<Engine | undefined> {
  const ask = async (word: string): Promise<string> => await runChild({ program, args: [word] }, new Uint8Array(), signal);
  try {
    const version = /^tesseract v?([\w.-]+)/.exec(await ask("--version"))?.[1];
    if (version === undefined) return undefined;
    // A headline, then one language per line.
    const languages = (await ask("--list-langs"))
      .split("\n")
      .slice(1)
      .filter((line) => /^[\w/-]+$/.test(line));
    return {
      model: `tesseract ${version}`,
      languages,
      read: (chosen, dpi) => ({
        program,
        args: [
          ...["stdin", "stdout", "-l", chosen.join("+"), "--psm", PAGE_MODE, "--dpi", believable(dpi)],
          ...["-c", `thresholding_method=${THRESHOLDING}`, "tsv"],
        ],
      }),
    };
  } catch (error) {
    // Given up is not "not there".
    signal.throwIfAborted();
    if (error instanceof Fault && (error.kind === "model-missing" || error.kind === "server-error")) return undefined;
    throw error;
  }
}

/** Tesseract as WebAssembly, with the French that npm has. It needs nothing installed and no network. */
export const PACKAGED: Engine = {
  model: "tesseract.js-core 7.0.0",
  languages: ["fra"],
  read: (_, dpi) => ({
    program: process.execPath,
    args: ["--no-warnings", fileURLToPath(new URL("packaged-reader.ts", import.meta.url)), PAGE_MODE, believable(dpi), THRESHOLDING],
  }),
};
