import { parentPort, workerData } from "node:worker_threads";
import { PasswordException, PDFParse } from "pdf-parse";
import { judgePages, type Readable } from "./readable.ts";
import { withoutLigatures } from "./text.ts";

/** What the thread is given. The buffer is moved, not copied. */
export interface ThreadTask {
  readonly content: Uint8Array;
  readonly maxPages: number;
  readonly maxChars: number;
}

/** What the thread says, in this order: "opened", a "page" each, "done"; or "refused" at any point, and then nothing more. */
export type ThreadMessage =
  | { readonly kind: "opened"; readonly total: number }
  | { readonly kind: "page"; readonly text: string }
  /** One judgement per page. Made here, because two million characters are too much for the main thread at once. */
  | { readonly kind: "done"; readonly judged: readonly Readable[] }
  | { readonly kind: "refused"; readonly why: "password" | "damaged" | "too-many-pages" | "too-long" };

const port = parentPort;
if (port !== null) await readPages(workerData as ThreadTask, (message) => port.postMessage(message));

async function readPages({ content, maxPages, maxChars }: ThreadTask, say: (message: ThreadMessage) => void): Promise<void> {
  const parser = new PDFParse({ data: content, verbosity: 0, isEvalSupported: false, enableXfa: false, disableFontFace: true });
  try {
    const total = await countPages(parser);
    if (total > maxPages) return say({ kind: "refused", why: "too-many-pages" });
    say({ kind: "opened", total });
    const texts: string[] = [];
    let chars = 0;
    for (let page = 1; page <= total; page += 1) {
      // Not `text` of the whole answer: it carries markers such as "-- 1 of 8 --", which make an empty scan look written.
      const read = await parser.getText({ partial: [page], pageJoiner: "" });
      const text = withoutLigatures((read.pages[0]?.text ?? "").toWellFormed());
      chars += text.length;
      // Counted here too, so that a page of a hundred million characters is never copied to the main thread.
      if (chars > maxChars) return say({ kind: "refused", why: "too-long" });
      texts.push(text);
      say({ kind: "page", text });
    }
    say({ kind: "done", judged: judgePages(texts) });
  } catch (error) {
    say({ kind: "refused", why: error instanceof PasswordException ? "password" : "damaged" });
  }
}

/** Asked before any page, because pdf-parse walks from 1 to a total that may be two thousand million. */
async function countPages(parser: PDFParse): Promise<number> {
  try {
    return (await parser.getInfo()).total;
  } catch (error) {
    if (error instanceof PasswordException) throw error;
    // Broken metadata or a broken outline is no reason to refuse the pages. If it was the file, this fails as well.
    return (await parser.getText({ partial: [1], pageJoiner: "" })).total;
  }
}
