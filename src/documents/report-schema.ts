import { z } from "zod";
import { DocumentResult } from "./analysis.ts";

/** Beside the list of reports: the shape of every `resultat.json`. */
export const SCHEMA_FILE = "resultat.schema.json";

/**
 * The JSON Schema (draft 2020-12) of `resultat.json`, made from the definition that the program itself checks with.
 *
 * Open to more fields: whoever checks by a copy of today must not refuse a result of tomorrow.
 */
export const resultSchema = (): string => `${JSON.stringify(z.toJSONSchema(DocumentResult, { io: "input" }), null, 2)}\n`;

/** A result as it was stored, or in one line where it is none; the line never has a text of the document. */
export type Stored = { readonly kind: "result"; readonly result: DocumentResult } | { readonly kind: "broken"; readonly why: string };

/** Fields that this program does not know are kept: a newer one wrote them. */
export function storedResult(value: unknown): Stored {
  const present = withNewWords(value);
  const parsed = DocumentResult.safeParse(present);
  if (parsed.success) return { kind: "result", result: present as DocumentResult };
  const [issue] = parsed.error.issues;
  const more = parsed.error.issues.length - 1;
  const where = issue === undefined || issue.path.length === 0 ? "the whole" : issue.path.join(".");
  return { kind: "broken", why: `${where}: ${issue?.code ?? "unknown"}${more > 0 ? `, and ${more} more` : ""}` };
}

/** Before scans were read, a document without a text needed OCR. */
function withNewWords(value: unknown): unknown {
  const isOld = typeof value === "object" && value !== null && "status" in value && value.status === "needs-ocr";
  return isOld ? { ...value, status: "no-text" } : value;
}
