import { createHash } from "node:crypto";
import { z } from "zod";
import type { Config } from "../src/config.ts";
import { Fault } from "../src/core/fault.ts";
import type { JobDefinition, JobOutcome } from "../src/core/job.ts";
import type { DocumentResult } from "../src/documents/analysis.ts";
import { chunkCharsFor } from "../src/documents/chunk.ts";
import { mayPass } from "../src/documents/page.ts";
import { groupByContent } from "../src/documents/same-content.ts";
import { analyseDocument } from "./analyse-document.ts";
import type { JobContext } from "./context.ts";
import { shortHash } from "./short-hash.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.string().min(1).max(4_096);

/** A look at the whole folder, one document of it, or a name in it that cannot be read and must be seen to fail. */
export const DocsPayload = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("scan"), instant: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) }),
  z.strictObject({ kind: z.literal("document"), sha256, files: z.array(file).min(1).max(1_000) }),
  z.strictObject({ kind: z.literal("refused"), file, reason: z.string().min(1).max(500) }),
]);
export type DocsPayload = z.infer<typeof DocsPayload>;
export type DocumentPayload = Extract<DocsPayload, { kind: "document" }>;

const HALF_A_DAY_MS = 43_200_000;

/** Analyses the municipal documents of a folder. A document is its content: the same bytes are analysed once. */
export const audierneDocs = (config: Config): JobDefinition<DocsPayload, JobContext, object> => ({
  name: "audierne-docs",
  payload: DocsPayload,
  policy: {
    // Public papers are in no hurry.
    slotWaitMs: config.DOCUMENTS_WAIT_S * 1_000,
    runMs: HALF_A_DAY_MS,
    priority: 10,
    attempts: 3,
    backoffMs: 30_000,
    concurrency: config.DOCUMENTS_CONCURRENCY,
  },
  jobId(payload) {
    if (payload.kind === "scan") return `scan-${payload.instant.replace(/\D/g, "")}`;
    if (payload.kind === "refused") return `refused-${shortHash([payload.file, payload.reason])}`;
    // The names belong to the id: a second name of known bytes is a job of its own, answered from the disk.
    return `document-${payload.sha256.slice(0, 16)}-${shortHash(payload.files)}`;
  },
  async run(payload, context) {
    if (payload.kind === "scan") return await scan(context);
    if (payload.kind === "refused") {
      await context.results.setUnread({ key: keyOfName(payload.file), files: [payload.file], reason: payload.reason });
      throw new Fault("unreadable-document", payload.reason);
    }
    return await analyseDocument(payload, context, chunkCharsFor(config.OLLAMA_NUM_CTX));
  },
});

const keyOfName = (name: string): string => createHash("sha256").update(name).digest("hex");

/** Enqueues every document that has no result yet, has got another name, or has a page that may be read now. */
async function scan(context: JobContext): Promise<JobOutcome<object>> {
  const items = await context.documents.list(context.signal);
  const counts = { documents: 0, enqueued: 0, unchanged: 0, refused: 0 };
  for (const [hash, files] of groupByContent(items)) {
    counts.documents += 1;
    const known = await context.results.get(hash);
    const isWhole = known !== undefined && !isToBeRead(known, context.now());
    if (isWhole && known.document.files.join("\n") === files.join("\n")) counts.unchanged += 1;
    else {
      const added = await context.enqueue("audierne-docs", { kind: "document", sha256: hash, files }, { again: true });
      if (added.kind === "added") counts.enqueued += 1;
    }
  }
  await context.results.keepUnread(new Set(items.map((item) => (item.kind === "refused" ? keyOfName(item.file) : item.sha256))));
  for (const item of items) {
    if (item.kind !== "refused") continue;
    counts.refused += 1;
    await context.enqueue("audierne-docs", { kind: "refused", file: item.file, reason: item.fault.message });
  }
  return { kind: "done", result: counts };
}

/** An engine that was ill reads such a page a day later; a page that makes it ill costs its time limit once a day, not at each scan. */
const UNREAD_AGAIN_MS = 86_400_000;

/** Whether it was made before scans were read, or has a page that may be read by now. What was answered and read is not asked again. */
function isToBeRead({ document: { reading }, production }: DocumentResult, now: Date): boolean {
  if (reading === undefined) return true;
  const isLeftOut = reading.some(({ unread }) => unread !== undefined && mayPass(unread));
  return isLeftOut && now.getTime() - Date.parse(production.at) >= UNREAD_AGAIN_MS;
}
