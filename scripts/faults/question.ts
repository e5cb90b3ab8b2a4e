import type { Completion, CompletionProvider, Prompt } from "../../src/capabilities/completion/contract.ts";
import { acceptCharter, charterPrompt, repairCharterPrompt } from "../../src/contributions/prompt.ts";
import type { CharterAnswer } from "../../src/contributions/verdict.ts";
import type { Task } from "../../src/core/provider.ts";

/** An invented letter. */
export const LETTER =
  "Bonjour, le lampadaire en bas de la rue du Môle ne s'allume plus depuis trois semaines. Serait-il possible de le réparer avant l'hiver ? Merci.";

/** Sixty words, so that a stream can break off after forty. */
const REASON =
  "La personne signale une panne précise de l'éclairage public, indique le lieu ainsi que la durée, puis formule une demande claire et polie adressée à la commune. Rien dans ce message ne vise quelqu'un, ne vend quoi que ce soit, ni ne sort du cadre local. Une intervention technique suffirait, et la saison froide rend ce souhait tout à fait raisonnable.";

/** The right answer; any other that is taken for an answer is wrong. */
export const RIGHT: CharterAnswer = {
  is_valid: true,
  category: "ecologie",
  violations: [],
  encouraged_aspects: ["proposition-concrete"],
  reasoning: REASON,
  confidence: 0.93,
};
export const GOOD = JSON.stringify(RIGHT);

/** The same answer with some fields changed. */
export const saying = (more: Readonly<Record<string, unknown>>): string => JSON.stringify({ ...RIGHT, ...more });

/** The question of every cell: the product's own about a contribution, with its own check of the answer. */
export const taskFor = (chain: readonly CompletionProvider[], letter = LETTER): Task<Prompt, Completion, CharterAnswer> => ({
  capability: "completion",
  dataClass: "contribution",
  chain,
  request: charterPrompt(letter, "Audierne-Esquibien"),
  egressChars: (prompt) => prompt.system.length + prompt.user.length,
  accept: (completion, asked) => acceptCharter(completion, letter, asked),
  repair: repairCharterPrompt,
});

export const isRight = (answer: CharterAnswer): boolean => JSON.stringify(answer) === GOOD;
