/** Fewer words say nothing about their language, nor whether they were copied. */
const MIN_WORDS = 8;

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const inability =
  "i(?:['’]m| am) (?:sorry|unable|not able)|i (?:can(?:no|['’])t|can not|won['’]t|will not|must (?:refuse|decline)|apologi[sz]e)";
const ENGLISH = `(?:sorry|unfortunately)[,.]|${inability}|as an ai\\b`;
const UNABLE =
  "je ne (?:peux|puis) pas|je ne suis pas (?:en mesure|capable|autorisée?)|je (?:refuse|dois (?:refuser|décliner))|il m['’]est impossible";
const WORK =
  "(?:aider|assister|répondre|traiter|analyser|évaluer|rédiger|écrire|générer|produire|fournir|créer|résumer|satisfaire|donner suite|accéder)";
const OURS = "(?:demandes?|requête|contributions?|documents?|textes?|contenus?|propos|messages?|consignes?|instructions?|analyse|question)";
const APOLOGY = "(?:(?:je suis )?(?:vraiment |sincèrement )?désolée?[,.]? ?(?:mais )?)?";

/** Words that stand where an object was asked for: there, an apology is enough. */
const SENTENCE = new RegExp(
  `^(?:(?:je suis )?(?:vraiment |sincèrement )?désolée?(?!\\p{L})|${UNABLE}|je regrette|en tant qu(?:e |['’])(?:ia\\b|intelligence|assistant|modèle)|${ENGLISH})`,
  "iu",
);
/**
 * The beginning of a field. Here the model speaks of its own work: "je ne peux pas rédiger ce contenu". A citizen who cannot reach the
 * beach, or a reason that says "je ne peux pas valider ces insultes", is no refusal. In English any inability is one, since nothing
 * we ask for begins in English.
 */
const FIELD = new RegExp(
  `^(?:${APOLOGY}(?:${UNABLE})(?: d['’]| de | à | )(?:vous aider|${WORK}[^.!?,;]{0,25}?(?<!\\p{L})${OURS}(?!\\p{L}))|${ENGLISH})`,
  "iu",
);

/** Whether words without any object are a refusal (A11): one of their first sentences says that the model cannot or will not. */
export const isRefusal = (text: string): boolean =>
  text
    .slice(0, 600)
    .split(/(?<=[.!?:])\s+|\n+/)
    .some((sentence) => SENTENCE.test(sentence.trim()));

/** Whether a field of a well-formed answer is a refusal (Q10): its first sentence says that the model cannot do what was asked. */
export const isRefusalInField = (text: string): boolean => FIELD.test(text.slice(0, 300).trim());

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const FRENCH = setOf(
  "le la les l des du de d un une et est sont pas dans que qu qui pour sur au aux ce cette ces il elle ils ne n se s en par avec son sa ses leur plus être ont été mais ou où",
);
const BRETON = setOf("ar an al ur ul ha hag eo ez gant evit da ket zo eus war er en met pe hon deus bet");
const FOREIGN = setOf(
  "the of and is are was were this that these those with which to it its not for be has have by from should does would there their they as about",
);

/**
 * Whether a text is surely not in the asked language (Q06). Cheap and mild: a few common words decide, a short text is never judged,
 * and Breton is at home here.
 */
export function isForeign(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters >= 20 && latin < letters / 2) return true;
  const words = wordsOf(text);
  if (words.length < MIN_WORDS) return false;
  const count = (language: ReadonlySet<string>): number => words.filter((word) => language.has(word)).length;
  const [english, ours] = [count(FOREIGN), Math.max(count(FRENCH), count(BRETON))];
  return english >= 3 && english > 2 * ours;
}

/** Words in a row that two texts share by copying, hardly by chance. */
const RUN = 6;
/** So many copied words are an echo, however much else is said. */
const MANY = 20;

/**
 * @param given  what the model was given
 * @returns whether a text gives that back (Q08): 20 words of it, or nearly nothing else. Passages in quotation marks are quotes
 *          and not counted
 */
export function echoOf(given: readonly string[]): (text: string) => boolean {
  // Read only when a text is long enough to be judged, and once for all of them.
  let sources: readonly string[] | undefined;
  return (text) => {
    const words = wordsOf(text.replaceAll(/«[^»]*»|“[^”]*”|"[^"]*"/g, " | "));
    if (words.length < MIN_WORDS) return false;
    sources ??= given.map((source) => ` ${wordsOf(source).join(" ")} `);
    return sources.some((source) => isCopied(words, source));
  };
}

function isCopied(words: readonly string[], source: string): boolean {
  let [copied, upTo] = [0, 0];
  for (let at = 0; at + RUN <= words.length; at += 1) {
    if (!source.includes(` ${words.slice(at, at + RUN).join(" ")} `)) continue;
    copied += at + RUN - Math.max(at, upTo);
    upTo = at + RUN;
  }
  return copied >= MANY || copied >= words.length * 0.8;
}
