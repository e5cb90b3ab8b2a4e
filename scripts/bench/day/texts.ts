import type { CharterAnswer } from "../../../src/contributions/verdict.ts";
import type { ChunkAnswer } from "../../../src/documents/analysis.ts";
import type { TownDocument } from "./trace.ts";

/** Each text of this town names what it belongs to, so that the stand-in models know whose question they got. */
const markOf = (id: string): string => `réf. ${id}`;
const MARK = /réf\. ([pbd]-\d+-\d+)/;

/** Whose question this is, or undefined for one that nobody of the town asked (a probe, a load). */
export const idIn = (prompt: string): string | undefined => MARK.exec(prompt)?.[1];

export const contributionOf = (id: string) => ({
  id,
  title: `Éclairage de la rue du port (${markOf(id)})`,
  body: `Les lampadaires de la rue du port restent éteints le soir et les enfants rentrent de l'école dans le noir. Je propose de les rallumer jusqu'à vingt-deux heures, dossier ${markOf(id)}.`,
});

const PARAGRAPH =
  "Le conseil municipal, après en avoir délibéré, décide de reprendre l'enrobé de la rue, de refaire les trottoirs et de replanter les arbres de la place, selon le calendrier présenté en séance.";

const PAGE_CHARS = 3_000;
/** So many of these pages, with their marks, fill a chunk, and no further one fits in. */
const PAGES_A_CHUNK = 3;

/** A document of exactly so many chunks: pages of paragraphs that all differ, with a form feed between them. */
export function documentText({ id, chunks }: TownDocument): string {
  let number = 0;
  const paragraph = (): string => {
    number += 1;
    return `Article ${number} (${markOf(id)}). ${PARAGRAPH}`;
  };
  const page = (): string => {
    let text = "";
    while (text.length < PAGE_CHARS) text += `${paragraph()}\n\n`;
    return text;
  };
  return Array.from({ length: chunks * PAGES_A_CHUNK }, page).join("\f");
}

const CHARTER: CharterAnswer = {
  is_valid: true,
  category: "logement",
  violations: [],
  encouraged_aspects: ["proposition-concrete"],
  reasoning: "La contribution décrit un fait et propose une mesure concrète, sans viser personne.",
  confidence: 0.95,
};

/** Without themes: the number of questions of a day is the same whoever answers them. */
const CHUNK: ChunkAnswer = {
  kind: "deliberation",
  summary: "Le conseil municipal décide de refaire une rue et sa place, selon le calendrier présenté en séance.",
  themes: [],
  claims: [],
};

/** The same answer each time, of the shape that was asked for. */
export const answerTo = (id: string | undefined): string => {
  if (id === undefined) return "oui";
  return JSON.stringify(id.startsWith("d-") ? CHUNK : CHARTER);
};
