import type { z } from "zod";
import { Fault } from "../../core/fault.ts";

/**
 * The fault of an answer that is JSON and has another shape.
 *
 * A word that is in no list of ours (an invented category, Q04) is never mapped to one. The model is asked once more; when it insists,
 * the text is a person's matter: the next company would be asked a question that has perhaps no answer in our lists.
 */
export function wrongShape(error: z.ZodError, value: unknown, isRepaired: boolean): Fault {
  const isInvented = error.issues.every(({ code, path }) => code === "invalid_value" && isWord(at(value, path)));
  const fields = describeIssues(error);
  return isInvented && isRepaired
    ? new Fault("refused", `the model insists on words that are in no list of ours: ${fields}; a person must look at the text`)
    : new Fault("invalid-answer", `the answer has not the asked shape: ${fields}`);
}

const isWord = (value: unknown): boolean => typeof value === "string" && /\p{L}/u.test(value);

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);

/** Field paths and codes only: zod's own messages can quote what was received. */
const describeIssues = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join(".") || "the whole"} (${issue.code})`)
    .join(", ");
