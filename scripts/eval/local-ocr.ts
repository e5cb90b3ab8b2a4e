import { acceptOcr, type OcrAnswer, type OcrRequest } from "../../src/capabilities/ocr/contract.ts";
import { tesseract } from "../../src/capabilities/ocr/tesseract.ts";
import { loadConfig } from "../../src/config.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";

/** Tesseract alone, as the chain asks it first: nothing of a corpus leaves this machine, and no Redis is needed. */
export function localOcr(signal: AbortSignal): (request: OcrRequest) => Promise<Outcome<OcrAnswer>> {
  const engine = tesseract(loadConfig());
  return async (request) => {
    try {
      const result = acceptOcr(await engine.call(request, { signal }));
      return { kind: "answered", result, by: { provider: engine.name, model: result.model, site: engine.site, attempts: [] } };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "failed", fault: Fault.from(error, "the OCR") };
    }
  };
}
