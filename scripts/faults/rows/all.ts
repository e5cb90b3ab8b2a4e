import type { Row } from "../row.ts";
import { ANSWER_ROWS } from "./answers.ts";
import { CLAUDE_ROWS } from "./claude.ts";
import { GEMINI_ROWS } from "./gemini.ts";
import { MISTRAL_ROWS } from "./mistral.ts";
import { OLLAMA_ROWS } from "./ollama.ts";
import { OLLAMA_ANSWER_ROWS } from "./ollama-answers.ts";
import { OPENAI_ROWS } from "./openai.ts";
import { WIRE_ROWS } from "./wire.ts";

/** In the order of the catalogue. */
export const ROWS: readonly Row[] = [
  ...WIRE_ROWS,
  ...OLLAMA_ROWS,
  ...OLLAMA_ANSWER_ROWS,
  ...OPENAI_ROWS,
  ...CLAUDE_ROWS,
  ...MISTRAL_ROWS,
  ...GEMINI_ROWS,
  ...ANSWER_ROWS,
];
