import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Summary } from "../../scripts/demo/summary.ts";
import type { DocumentResult } from "../../src/documents/analysis.ts";
import { normaliseText } from "../../src/documents/fold.ts";
import { readDocument } from "../../src/documents/read.ts";

/** The quotes of one printed report that do not stand on the page it names: read from the HTML a person reads. */
async function quotesNotOnTheirPage(report: string, documents: string): Promise<Checked> {
  const result = JSON.parse(readFileSync(join(dirname(report), "resultat.json"), "utf8")) as DocumentResult;
  const { files, sha256 } = result.document;
  const text = await readDocument(documents, { file: files[0] ?? "", sha256 }, { signal: new AbortController().signal });
  const proofs = [...readFileSync(report, "utf8").matchAll(/<blockquote><p>«\u00A0(.*?)\u00A0»<\/p><\/blockquote>.*?page (\d+)/gs)];
  const astray = proofs.filter(([, quote = "", page]) => {
    const read = text.pages.find(({ number }) => number === Number(page))?.text ?? "";
    return !normaliseText(read).includes(normaliseText(decoded(quote)));
  });
  return { file: files[0] ?? "", printed: proofs.length, found: foundIn(result), astray: astray.map(([, , page]) => `page ${page}`) };
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
