import { CATEGORIES, type Category } from "../contributions/categories.ts";
import { type CharterAnswer, VIOLATIONS, type Violation } from "../contributions/verdict.ts";
import { ENCOURAGED_CUES, type Encouraged, SIGNS, type Sign } from "./charter-vocabulary.ts";
import { topicsIn } from "./vocabulary.ts";
import { type Hit, hitsIn, type Word, wordsOf } from "./words.ts";

/**
 * Reads a contribution by its words, and says how little that is.
 *
 * Confidence above 0.85 is kept for what words alone settle; what needs a person's judgement stays between 0.6 and 0.85,
 * and a text in which nothing was recognised stays under 0.6. Accepting a violation is the worse mistake, so doubt lowers a yes.
 */
export function answerCharter(contribution: string): CharterAnswer {
  const reading = read(contribution);
  const findings = findingsIn(reading);
  const isValid = findings.length === 0;
  const place = placeOf(reading);
  const { confidence, because } = isValid ? confidenceInYes(reading) : confidenceInNo(findings);
  return {
    is_valid: isValid,
    category: place.category,
    violations: [...new Set(findings.map(({ violation }) => violation))],
    encouraged_aspects: isValid ? encouragedIn(reading) : [],
    reasoning: [
      "Modèle d'exercice (pas un modèle de langue) : il compare des mots à ses listes.",
      ...findings.map(({ violation, terms }) => `Règle « ${VIOLATIONS[violation]} » : ${terms}.`),
      place.because,
      because,
    ].join(" "),
    confidence,
  };
}

interface Reading {
  readonly text: string;
  readonly words: readonly Word[];
  readonly signs: readonly Hit<Sign>[];
  readonly topics: ReturnType<typeof topicsIn>;
}

function read(text: string): Reading {
  const words = wordsOf(text);
  return { text, words, signs: hitsIn(words, SIGNS), topics: topicsIn(text, words) };
}

const of = (reading: Reading, sign: Sign): Hit<Sign>[] => reading.signs.filter(({ label }) => label === sign);

interface Finding {
  readonly violation: Violation;
  readonly confidence: number;
  readonly terms: string;
}

function findingsIn(reading: Reading): Finding[] {
  return [attackIn(reading), spamIn(reading), elsewhereIn(reading), lieIn(reading)].filter((finding) => finding !== undefined);
}

/** Only the vocabulary's own spelling is repeated, never the text. */
const named = (hits: readonly Hit<unknown>[]): string =>
  [...new Set(hits.map(({ term }) => term))]
    .slice(0, 6)
    .map((term) => `« ${term} »`)
    .join(", ");

/** How many words may stand between a person and a harsh word: "les élus sont vraiment nuls". */
const NEAR_WORDS = 3;

function attackIn(reading: Reading): Finding | undefined {
  const discrimination = of(reading, "discrimination");
  if (discrimination.length > 0) return finding("attaque-personnelle", 0.9, discrimination);
  const insults = of(reading, "insult");
  if (insults.length > 0) return finding("attaque-personnelle", insults.length > 1 ? 0.93 : 0.88, insults);
  const people = new Set(of(reading, "person").map(({ first }) => first));
  const aimed = of(reading, "harsh").filter((harsh) => isNear(people, harsh));
  return aimed.length > 0 ? finding("attaque-personnelle", 0.7, aimed) : undefined;
}

function isNear(places: ReadonlySet<number>, { first, last }: Hit<unknown>): boolean {
  for (let at = first - NEAR_WORDS - 1; at <= last + NEAR_WORDS + 1; at++) if (places.has(at)) return true;
  return false;
}

const finding = (violation: Violation, confidence: number, hits: readonly Hit<unknown>[], more = ""): Finding => ({
  violation,
  confidence,
  terms: [named(hits), more].filter(Boolean).join(", "),
});

const LINK = /(?:https?:\/\/|www\.)\S/i;
const PRICE = /\d\s?(?:€|euros?(?!\p{L})|%)/iu;
const CALL = /(?<!\p{L})(?:appelez|contactez|téléphonez)[^.\n]{0,40}0[1-9](?:[ .-]?\d{2}){4}(?!\d)/iu;

function spamIn(reading: Reading): Finding | undefined {
  const promotion = of(reading, "promotion");
  const marks = [
    LINK.test(reading.text) ? "un lien" : "",
    CALL.test(reading.text) ? "un numéro à appeler" : "",
    promotion.length > 0 && PRICE.test(reading.text) ? "un prix" : "",
  ].filter(Boolean);
  const weight = promotion.length + marks.length;
  if (weight < 2) return undefined;
  return finding("spam-publicite", weight >= 3 ? 0.92 : 0.75, promotion, marks.join(", "));
}

/** Another place or a national matter, with no word of the town and hardly one of its subjects. */
function elsewhereIn(reading: Reading): Finding | undefined {
  const elsewhere = of(reading, "elsewhere");
  if (reading.words.length === 0) return { violation: "hors-sujet", confidence: 0.5, terms: "aucun mot à lire" };
  if (elsewhere.length === 0 || of(reading, "here").length > 0 || reading.topics.length > 2) return undefined;
  return finding("hors-sujet", elsewhere.length >= 2 && reading.topics.length === 0 ? 0.86 : 0.7, elsewhere);
}

/** Whether something is true does not stand in the text: always for a person to judge. */
function lieIn(reading: Reading): Finding | undefined {
  const lies = of(reading, "lie");
  return lies.length > 0 ? finding("informations-mensongeres", 0.65, lies) : undefined;
}

function confidenceInNo(findings: readonly Finding[]): { confidence: number; because: string } {
  const confidence = Math.max(...findings.map((each) => each.confidence));
  const because = confidence > 0.85 ? "Ces mots suffisent." : "Ces mots peuvent se comprendre autrement : une personne doit lire le texte.";
  return { confidence, because };
}

function confidenceInYes(reading: Reading): { confidence: number; because: string } {
  const doubts = [...of(reading, "insinuation"), ...of(reading, "instruction"), ...of(reading, "promotion"), ...of(reading, "harsh")];
  if (of(reading, "instruction").length > 0)
    return { confidence: 0.5, because: `Le texte s'adresse au modèle (${named(doubts)}) : à lire.` };
  if (reading.topics.length === 0) return { confidence: 0.45, because: "Aucun sujet reconnu : ce modèle ne peut rien recommander." };
  if (doubts.length > 0) return { confidence: 0.65, because: `Mots à lire dans leur contexte : ${named(doubts)}.` };
  if (isShouted(reading.text)) return { confidence: 0.65, because: "Texte presque tout en capitales : à lire." };
  if (LINK.test(reading.text)) return { confidence: 0.7, because: "Le texte contient un lien : à vérifier." };
  const isClear = reading.topics.length >= 3 && reading.words.length >= 20 && encouragedIn(reading).length > 0;
  return isClear
    ? { confidence: 0.9, because: "Aucun mot d'une règle, et un apport que la charte encourage." }
    : { confidence: 0.75, because: "Aucun mot d'une règle, mais trop peu de mots pour en être sûr." };
}

function isShouted(text: string): boolean {
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  const small = text.match(/\p{Ll}/gu)?.length ?? 0;
  return capitals >= 30 && capitals > small;
}

function encouragedIn(reading: Reading): Encouraged[] {
  const found = new Set(hitsIn(reading.words, ENCOURAGED_CUES).map(({ label }) => label));
  if (reading.text.includes("?")) found.add("question");
  return [...found];
}

/** The category named by most words; by nothing at all, "associations", said to be a guess. */
function placeOf({ topics }: Reading): { category: Category; because: string } {
  const byCategory = Map.groupBy(topics, ({ label }): Category => label.category);
  const [best] = [...byCategory].sort((a, b) => b[1].length - a[1].length);
  if (best === undefined) return { category: "associations", because: "Catégorie prise par défaut : aucun mot d'une catégorie." };
  return { category: best[0], because: `Catégorie d'après ${named(best[1])} (${CATEGORIES[best[0]]}).` };
}
