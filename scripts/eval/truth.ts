import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ActKind } from "../../src/documents/analysis.ts";
import { UsageError } from "../command.ts";

const Truth = z.object({
  file: z.string().min(1),
  /** In the ground truth's own words; `KIND_OF` has ours. */
  type: z.string().min(1),
  date: z
    .string()
    .regex(/^\d{4}-\d{2}(-\d{2})?$/)
    .nullable(),
  number: z.string().min(1).nullable(),
  pages: z.int().min(1),
  /** "text", "none", "stamp-only", "garbled", "mixed", "poor-ocr"; another word counts as a text layer. */
  text_layer: z.string().min(1),
  facts: z.array(z.object({ quote: z.string().min(1), page: z.int().min(1), verified_with: z.string().optional() })),
});
export type Truth = z.infer<typeof Truth>;
export type Fact = Truth["facts"][number];
const GroundTruth = z.object({ documents: z.array(Truth).min(1) });

/** What people who looked at the documents wrote down. @throws UsageError when the file is none of that form */
export function readTruth(file: string): readonly Truth[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`the ground truth cannot be read (${error instanceof SyntaxError ? "no JSON" : codeOf(error)}): ${file}`);
  }
  const parsed = GroundTruth.safeParse(content);
  if (parsed.success) return parsed.data.documents;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${file} is no ground truth: ${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "unknown");

const KIND_OF: Readonly<Record<string, ActKind>> = {
  arrete: "arrete",
  "arrete-prefectoral": "arrete",
  deliberation: "deliberation",
  convocation: "convocation",
  "ordre-du-jour": "ordre-du-jour",
  bulletin: "bulletin-municipal",
  "bulletin-municipal": "bulletin-municipal",
  rapport: "rapport",
  "rapport-enquete-publique": "rapport",
  formulaire: "formulaire",
  avis: "avis",
  "alerte-meteo": "avis",
  programme: "programme",
  plan: "plan",
  carte: "plan",
  "compte-rendu": "compte-rendu",
  "proces-verbal": "compte-rendu",
  transcription: "transcription",
};

/** Our kind for the ground truth's type; what we have no kind for is "autre". */
export const kindOfType = (type: string): ActKind => KIND_OF[type] ?? "autre";

/** A page that is a picture: its quote may differ by a letter. */
export const isScanned = ({ text_layer }: Truth, { verified_with }: Fact): boolean =>
  ["none", "stamp-only", "garbled"].includes(text_layer) || verified_with?.startsWith("tesseract") === true;
