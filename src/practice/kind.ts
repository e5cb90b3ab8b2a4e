import type { ActKind } from "../documents/analysis.ts";
import { type Passage, says } from "./passages.ts";

/** Folded phrases (no accents, no plural s) by which a document says what it is. */
const CUES: readonly (readonly [kind: ActKind, phrases: string])[] = [
  [
    "deliberation",
    "extrait du registre des deliberation, deliberation n, deliberation no, apre en avoir delibere, deliberation du conseil municipal",
  ],
  [
    "arrete",
    "arrete, arrete du maire, arrete municipal, arrete prefectoral, arrete n, arrete no, portant reglementation, le present arrete, arrete portant",
  ],
  ["compte-rendu", "compte rendu, proce verbal du conseil, releve de decision, releve des decision"],
  ["convocation", "convocation, convocation du conseil municipal, vous etes convoque, honneur de vous convoquer, honneur de vous inviter"],
  ["ordre-du-jour", "ordre du jour"],
  ["bulletin-municipal", "bulletin municipal, bulletin d information, journal municipal, le mot du maire, le mot de la maire, edito"],
  ["formulaire", "formulaire, cerfa, cadre reserve, signature du demandeur"],
  ["programme", "programme, entree libre, tout public"],
  ["rapport", "rapport, rapport annuel, rapport de presentation"],
  ["avis", "avis au public, avis d enquete, avis de publicite, avis de marche"],
  ["plan", "plan de situation, plan de zonage, legende"],
];

/** Worth of a cue among the first lines, against 1 further down: a délibération cites arrêtés, and the other way round. */
const HEAD_WEIGHT = 4;
/** A word met often further down says what a text talks about, not what it is. */
const MAX_BODY_SCORE = 3;

/** What the text calls itself, by counting; "autre" when it says nothing. */
export function kindOf(passages: readonly Passage[]): ActKind {
  if (passages.filter(({ text }) => /^[#*\s]{0,5}\d{1,2}:\d{2}:\d{2}(?!\d)/.test(text)).length >= 2) return "transcription";
  const spoken = passages.filter(({ isRecital }) => !isRecital);
  // An agenda that lists "compte rendu des décisions" has said "ordre du jour" before.
  const [best] = CUES.map(([kind, phrases]) => ({ kind, ...scoreOf(spoken, phrases.split(", ")) })).sort(
    (a, b) => b.score - a.score || a.firstAt - b.firstAt,
  );
  // One mention in running text is no name: a bulletin that announces a rapport is none.
  if (best !== undefined && best.score >= 2) return best.kind;
  return passages.some(({ text }) => text.startsWith("#")) ? "notes" : "autre";
}

function scoreOf(passages: readonly Passage[], phrases: readonly string[]): { score: number; firstAt: number } {
  let head = 0;
  let firstAt = passages.length;
  let body = 0;
  for (const phrase of phrases) {
    const places = passages.filter((passage) => says(passage, phrase));
    // One common word ("programme", "rapport") in the middle of a line says nothing of what the text is.
    const isCommon = !phrase.includes(" ");
    const naming = places.find((passage) => isAlone(passage) || (passage.isHead && (!isCommon || opensWith(passage, phrase))));
    if (naming !== undefined) {
      head += HEAD_WEIGHT;
      firstAt = Math.min(firstAt, passages.indexOf(naming));
    } else if (!isCommon) {
      body += places.length;
    }
  }
  return { score: head + Math.min(body, MAX_BODY_SCORE), firstAt };
}

/** "ARRÊTE :" on a line of its own, wherever it stands. */
const isAlone = ({ words }: Passage): boolean => words.length === 1;

const opensWith = ({ words }: Passage, stem: string): boolean => words.slice(0, 3).some((word) => word.stem === stem);
