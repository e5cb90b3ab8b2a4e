import type { Passage } from "./passages.ts";

/** Under this a line is a heading ("Article 2 – Stationnement"); one that ends with a colon only opens the decisions ("DÉCIDE :"). */
const MIN_CHARS = 40;

const VERBS =
  "décide|arrête|approuve|adopte|autorise|fixe|accorde|désigne|sollicite|charge|donne|dit|précise|valide|vote|prescrit|interdit|mandate|émet|confie|décident|votent";
/** "- approuve l'avant-projet": an item of the list that follows "le conseil municipal décide". */
const OPENS_WITH_VERB = new RegExp(
  `^(?:[-–—•*]\\s{0,3}|\\d{1,2}[.)]\\s)(?:de\\s|d['’])?(?:${VERBS}|fixer|approuver|autoriser|accorder|adopter|désigner|solliciter)(?!\\p{L})`,
  "iu",
);
/** The council as subject and the verb near it. "arrêté" is a noun: accents count here, and capitals without accents are left out. */
const COUNCIL_DECIDES = new RegExp(`conseil\\s(?:municipal|communautaire)[^.]{0,120}?(?<!\\p{L})(?:${VERBS})(?!\\p{L})`, "iu");
const CAPITALS = /(?<!\p{L})(?:DÉCIDE|DECIDE|ARRÊTE|APPROUVE|ADOPTE|AUTORISE)(?!\p{L})/u;
/** Without a full stop it is the article's heading, and the sentence below says what is decided. */
const ARTICLE = /^[#*\s]{0,5}article\s{1,3}(?:\d{1,3}|premier|1er)(?![\p{L}\p{N}])/iu;
/** How an article's own sentence reads when its heading stands on another line. */
const RULES =
  /(?<!\p{L})(?:est|sont|sera|seront)\s(?:strictement\s|temporairement\s|formellement\s)?(?:interdit|autorisé|réglementé|réservé|abrogé|fixé|limité|fermé|ouvert|accordé|approuvé|soumis|considéré|institué|instauré)e?s?(?!\p{L})/iu;

/** A decision says so at its start. Composing accents of a hostile run of 100,000 combining marks would take seconds. */
const READ_CHARS = 1_000;

/** Whether a passage says that something was decided. Its recitals and headings never do. */
export function isDecision(passage: Passage): boolean {
  const text = readable(passage);
  const isArticle = ARTICLE.test(text) && /[.;:]$/.test(passage.text);
  const isOpener = text.endsWith(":");
  return isArticle || OPENS_WITH_VERB.test(text) || (!isOpener && (CAPITALS.test(text) || COUNCIL_DECIDES.test(text)));
}

/** Whether it reads like a rule ("est interdit"): in an act that is a decision, in a speech it is talk. */
export const isRule = (passage: Passage): boolean => RULES.test(readable(passage));

function readable({ text, isRecital }: Passage): string {
  if (isRecital || text.length < MIN_CHARS || text.startsWith("#")) return "";
  return text.slice(0, READ_CHARS).normalize("NFC");
}
