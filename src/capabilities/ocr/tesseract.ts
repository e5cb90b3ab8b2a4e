import type { Config } from "../../config.ts";
import { Fault } from "../../core/fault.ts";
import { askVendor } from "../wire.ts";
import { runChild } from "./child.ts";
import type { OcrAnswer, OcrProvider, OcrRequest } from "./contract.ts";
import { type Engine, findEngine, PACKAGED } from "./engine.ts";
import { readingOf } from "./layout.ts";
import { OCR_SLOT } from "./slot.ts";
import { readTsv } from "./tsv.ts";

/**
 * Tesseract on this machine: the installed program, else the one among the packages. Each page is read by a process of its own.
 *
 * @see docs/decisions/2026-11-25-ocr-engine.md
 */
export const tesseract = (config: Config): OcrProvider => {
  const callMs = config.OCR_CALL_S * 1000;
  let known: Engine | undefined;
  return {
    name: "tesseract",
    site: { kind: "local" },
    slots: [OCR_SLOT],
    callMs,
    // Nobody sends a bill for it; electricity is not counted.
    costEur: () => 0,
    call: (request, { signal: caller }) =>
      askVendor({
        ms: callMs,
        caller,
        load: async () => undefined,
        ask: async (_, signal) => {
          known ??= await findEngine(config.TESSERACT_BIN, signal);
          return await readPage(known, request, signal);
        },
        faultOf: (error) => Fault.from(error, "tesseract"),
      }),
  };
};

async function readPage(found: Engine, { png, dpi, languages: wanted }: OcrRequest, signal: AbortSignal): Promise<OcrAnswer> {
  if (!isPng(png)) throw new Fault("unreadable-document", "the page was not given to tesseract as a PNG");
  const { engine, languages } = chosen(found, wanted);
  const layout = readTsv(await runChild(engine.read(languages, dpi), png, signal));
  if (layout === undefined) throw new Fault("server-error", "tesseract sent no table of the page");
  return { ...readingOf(layout), model: `${engine.model} ${languages.join("+")}`, tokensIn: undefined, tokensOut: undefined };
}

/** Those of the wanted languages that are here; with none of them installed, the French among the packages. */
function chosen(found: Engine, wanted: readonly string[]): { readonly engine: Engine; readonly languages: readonly string[] } {
  for (const engine of [found, PACKAGED]) {
    const languages = wanted.filter((language) => engine.languages.includes(language));
    if (languages.length > 0) return { engine, languages };
  }
  const names = wanted.map((language) => `tesseract-ocr-${language}`).join(", ");
  throw new Fault("model-missing", `tesseract has none of the languages asked for: install one of ${names}`);
}

const PNG = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

const isPng = (bytes: Uint8Array): boolean => PNG.equals(bytes.subarray(0, PNG.length));
