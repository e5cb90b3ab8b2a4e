import { judge } from "../page-flags.ts";
import { hasActiveContent } from "./active-content.ts";
import { loadPdfJs, openPdf, whyNotOpened } from "./open.ts";
import type { PdfDocument, PdfJs } from "./pdf-js.ts";
import type { TextMessage, TextTask } from "./protocol.ts";
import { type RawPage, readPage } from "./read-page.ts";
import { answerQuestions, say } from "./talk.ts";
import { withoutPictures } from "./without-pictures.ts";

/** pdf.js asks for this as it is loaded, to draw; nothing is drawn here. */
Object.assign(globalThis, { DOMMatrix: class {} });

answerQuestions(async (message, bytes) => {
  const task = message as TextTask;
  for await (const answer of readText(task, new Uint8Array(bytes ?? []))) say(answer);
});

async function* readText({ maxPages, maxChars }: TextTask, content: Uint8Array<ArrayBuffer>): AsyncGenerator<TextMessage> {
  const address = process.argv[2] ?? "";
  try {
    const isActive = hasActiveContent(Buffer.from(content.buffer));
    withoutPictures(Buffer.from(content.buffer));
    const pdfJs = await loadPdfJs(address);
    const document = await openPdf(pdfJs, address, content);
    if (document.numPages > maxPages) return yield { kind: "refused", why: "too-many-pages" };
    yield { kind: "opened", total: document.numPages };
    const pages: RawPage[] = [];
    let chars = 0;
    for await (const page of pagesOf(pdfJs, document)) {
      pages.push(page);
      chars += page.text.length;
      if (chars > maxChars) return yield { kind: "refused", why: "too-long" };
      yield { kind: "read" };
    }
    yield* judge(pages).map((page) => ({ kind: "page" as const, ...page }));
    yield { kind: "done", activeContent: isActive || (await document.hasJSActions()) };
  } catch (error) {
    yield { kind: "refused", why: whyNotOpened(error) };
  }
}

async function* pagesOf(pdfJs: PdfJs, document: PdfDocument): AsyncGenerator<RawPage> {
  for (let number = 1; number <= document.numPages; number += 1) yield await readPage(pdfJs, document, number);
}
