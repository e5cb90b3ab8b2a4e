import type { Row } from "../row.ts";
import { ANSWER_ROWS } from "./answers.ts";
import { WIRE_ROWS } from "./wire.ts";

export const ROWS: readonly Row[] = [...WIRE_ROWS, ...ANSWER_ROWS];
