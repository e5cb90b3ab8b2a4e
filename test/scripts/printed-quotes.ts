import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Summary } from "../../scripts/demo/summary.ts";
import { ocrChain } from "../../src/capabilities/ocr/chain.ts";
import { readConfig } from "../../src/config.ts";
import type { DocumentResult } from "../../src/documents/analysis.ts";
import { normaliseText } from "../../src/documents/fold.ts";
import { pagePictures } from "../../src/documents/page-pictures.ts";
import { readDocument } from "../../src/documents/read.ts";
import { readPages } from "../../src/documents/read-pages.ts";
import { maskSpeakers } from "../../src/documents/speakers.ts";

/** The quotes of one printed report that do not stand on the page it names: read from the HTML a person reads. */
async function quotesNotOnTheirPage(report: string, documents: string): Promise<Checked> {
  const result = JSON.parse(readFileSync(join(dirname(report), "resultat.json"), "utf8")) as DocumentResult;
  const { files, sha256 } = result.document;
  const pages = await pagesOf(documents, files, sha256);
  const html = readFileSync(report, "utf8");
  const proofs = proofsIn(html);
  // What the act says of itself is read off its pages by rules, whatever a model answered.
  const stated = proofsIn(/<section aria-labelledby="mentions">.*?<\/section>/s.exec(html)?.[0] ?? "").length;
  const astray = proofs.filter(([, quote = "", page]) => {
    const read = pages.find(({ number }) => number === Number(page))?.text ?? "";
    return !normaliseText(read).includes(normaliseText(decoded(quote)));
  });
  return {
    file: files[0] ?? "",
    printed: proofs.length - stated,
    found: foundIn(result),
    astray: astray.map(([, , page]) => `page ${page}`),
  };
}

const proofsIn = (html: string) => [...html.matchAll(/<blockquote><p>«\u00A0(.*?)\u00A0»<\/p><\/blockquote>.*?page (\d+)/gs)];

/** As the product reads them: a scan is read by OCR anew, and the same page gives the same text. */
async function pagesOf(documents: string, files: readonly string[], sha256: string) {
  const { signal } = new AbortController();
  const text = await readDocument(documents, { file: files[0] ?? "", sha256 }, { signal });
  const [engine] = ocrChain(readConfig({}));
  assert.ok(engine !== undefined);
  const by = { provider: engine.name, model: "", site: engine.site, attempts: [] };
  const read = await readPages(text.pages, text.format, {
    signal,
    pictures: () => pagePictures(documents, { files, sha256 }, signal),
    ocr: async (request) => ({ kind: "answered", result: await engine.call(request, { signal }), by }),
    once: (_, ask) => ask(),
  });
  assert.ok(read.kind === "read");
  const { texts } = maskSpeakers(read.pages.map((page) => page.text));
  return read.pages.map(({ number }, index) => ({ number, text: texts[index] ?? "" }));
}

interface Checked {
  readonly file: string;
  readonly printed: number;
  readonly found: number;
  /** Where a printed quote does not stand. */
  readonly astray: readonly string[];
}

/** Fewer than models gave: the same quote of two chunks is one. */
function foundIn({ act, claims, themes }: DocumentResult): number {
  const evidence = [act.number, act.date, act.title, ...claims].map((claim) => claim?.evidence);
  return [...evidence, ...themes.flatMap((theme) => theme.evidence)].filter((one) => one?.kind === "found").length;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const decoded = (html: string): string => html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? "");

/** Every quote printed in any report stands on its page, and every quote that was found is printed. */
export async function assertQuotesStand(summary: Summary, documents: string): Promise<void> {
  const checked = await Promise.all(summary.reports.slice(1).map((report) => quotesNotOnTheirPage(report, documents)));
  for (const { file, printed, found, astray } of checked) assert.deepEqual([file, printed, astray], [file, found, []]);
  assert.ok(checked.some(({ printed }) => printed > 0));
}
