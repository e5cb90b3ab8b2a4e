import { CharterAnswer } from "../contributions/verdict.ts";
import { ChunkAnswer, ThemeContributions } from "../documents/analysis.ts";
import { answerCharter } from "./answer-charter.ts";
import { answerChunk } from "./answer-chunk.ts";
import { answerTheme } from "./answer-theme.ts";

interface Question {
  /** What the answer's shape is called, for the error that lists what can be asked. */
  readonly about: string;
  /** Top-level names of the shape, by which a question is recognised. */
  readonly properties: readonly string[];
  /** The delimited field of the user message that holds the text. */
  readonly field: string;
  answer(text: string): unknown;
}

const QUESTIONS: readonly Question[] = [
  { about: "a document chunk", properties: Object.keys(ChunkAnswer.shape), field: "document", answer: answerChunk },
  { about: "a charter check", properties: Object.keys(CharterAnswer.shape), field: "contribution", answer: answerCharter },
  { about: "test contributions", properties: Object.keys(ThemeContributions.shape), field: "theme", answer: answerTheme },
];

export type Reply = { readonly kind: "said"; readonly content: string } | { readonly kind: "refused"; readonly error: string };

/** What is said when no schema asks for an answer: a health check or a person with curl. */
const INTRODUCTION =
  "Je suis le modèle d'exercice d'Écluse, pas un modèle de langue : je ne sais qu'extraire des phrases, comparer une contribution à des listes de mots et remplir des textes d'exercice.";

/**
 * The answer to one chat request: the same request, the same answer.
 *
 * @param format    the request's `format`: a JSON Schema, or nothing
 * @param userText  all user messages
 */
export function replyTo(format: unknown, userText: string): Reply {
  if (format === undefined || format === null || format === "") return { kind: "said", content: INTRODUCTION };
  const asked = propertiesOf(format);
  const question = QUESTIONS.find(
    ({ properties }) => properties.length === asked.length && properties.every((name) => asked.includes(name)),
  );
  if (question === undefined) {
    const known = QUESTIONS.map(({ about, properties }) => `${about} {${properties.join(", ")}}`).join("; ");
    return { kind: "refused", error: `practice is no language model and knows only these questions: ${known}` };
  }
  const text = fieldOf(question.field, userText);
  if (text === undefined) return { kind: "refused", error: `practice finds no <${question.field}> field in the user message` };
  return { kind: "said", content: JSON.stringify(question.answer(text)) };
}

function propertiesOf(format: unknown): string[] {
  const properties = typeof format === "object" && format !== null && "properties" in format ? format.properties : undefined;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

/** The text between `<name>` and `</name>`, each on a line's end or start of its own, as `dataField` writes it. */
function fieldOf(name: string, text: string): string | undefined {
  const opening = `<${name}>\n`;
  const from = text.indexOf(opening);
  const to = text.indexOf(`\n</${name}>`, from + opening.length - 1);
  return from < 0 || to < 0 ? undefined : text.slice(from + opening.length, Math.max(to, from + opening.length));
}
