/** Where somebody begins to speak: what stands before the name, the name, and what stands between it and what is said. */
export interface Turn {
  readonly before: string;
  readonly name: string;
}

/** The turns of a transcript, and the pattern that finds them again in each of its pages. */
export interface Turns {
  readonly pattern: RegExp;
  readonly all: readonly Turn[];
}

/** Labels that name a part and no person: their words are not looked for in what is said. */
export const ROLE =
  /\d|(?<!\p{L})(?:speaker|locuteur|locutrice|intervenante?s?|participante?s?|élue?s?|maire|adjointe?|conseill(?:er|ère)s?|présidente?|secrétaire|animat(?:eur|rice)|personne|public|salle|habitante?s?|inconnue?|voix|opposition|majorité)(?!\p{L})/iu;

/** Fewer lines of this kind are a timetable or a quotation, not a transcript. */
const MIN_TURNS = 3;
/** "00:12:45 Prénom Nom" as a line of its own, or "[00:12:45] Prénom Nom : ce qui est dit"; perhaps in bold. */
const TIMED =
  /^(?<before>[ \t>*_]*[[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}[\])]?[ \t*_]*(?:[-–—:|][ \t*_]*)?)(?<name>\p{L}[^\n:.!?]{0,70}?)(?<after>[ \t*_:]*$|[ \t*_]*:[ \t*_]+(?=\S))/gmu;
/** A timetable has hours and minutes, and names nothing twice. */
const WITH_SECONDS = /\d:\d{2}:\d{2}|[[(]\d/;

/** Lists have names before a colon as well: more is asked of lines without a time. */
const MIN_UNTIMED_TURNS = 6;
/** As many speakers as take turns, each at least twice. */
const MIN_SPEAKERS = 2;
/** Fewer words after the colon are a score, an office or a vote, not speech. */
const MIN_WORDS_SAID = 4;
const TITLE = "(?:M\\.|Mr\\.?|Mme\\.?|Mlle|Monsieur|Madame|Mademoiselle)[ \\t]+";
const WORD = "\\p{Lu}(?:[\\p{L}\\p{M}'’ʼ-]*\\p{L})";
const LINK = "(?:(?:de|du|des|la|le)[ \\t]+|d['’])?";
const NEXT = `[ \\t]+${LINK}${WORD}`;
/** "Prénom Nom : ce qui est dit", "Mme Nom : …", "M. NOM. – …", perhaps in bold. A single word has a title before it, or it is a heading. */
const UNTIMED = new RegExp(
  `^(?<before>[ \\t>*_#-]*(?:${TITLE})?)(?<name>(?<=${TITLE})${WORD}(?:${NEXT}){0,3}|${WORD}(?:${NEXT}){1,3})` +
    "(?<after>(?:,[ \\t][^\\n:,.]{1,40}|[ \\t]\\([^)\\n]{1,40}\\))?(?:[ \\t*_]*:[ \\t*_]*(?:(?=\\S)|$)|[ \\t*_]*\\.[ \\t*_]*[–—-][ \\t*_]+(?=\\S)))",
  "gmu",
);
/** Words of headings in minutes and acts, which are repeated as speakers are. */
const HEADING =
  /(?<!\p{L})(?:conseil|municipal|commun\p{L}*|membres?|présents?|absents?|excusés?|votants?|pouvoirs?|procurations?|votes?|pour|contre|abstentions?|nombre|total|résultats?|objet|date|lieu|heure|ordre|jour|article|annexe|code|ville|mairie|services?|commission|budget|délibération|arrêté|décision|département|région|préfecture|projet|point|question|réponse|rapport\p{L}*|rue|place|quai|port|plage|école|chapitre|section|fait|vu|considérant)(?!\p{L})/iu;

/** @returns undefined when the pages are no transcript, but an act, a list or a timetable */
export function turnsIn(texts: readonly string[]): Turns | undefined {
  return timedIn(texts) ?? untimedIn(texts);
}

function timedIn(texts: readonly string[]): Turns | undefined {
  const all = found(texts, TIMED);
  const isTalk = all.some(({ before }) => WITH_SECONDS.test(before)) || new Set(all.map(({ name }) => plain(name))).size < all.length;
  return all.length < MIN_TURNS || !isTalk ? undefined : { pattern: TIMED, all };
}

function untimedIn(texts: readonly string[]): Turns | undefined {
  const all = found(texts, UNTIMED).filter(({ name }) => isPerson(name));
  const times = Map.groupBy(all, ({ name }) => plain(name));
  const regulars = [...times.values()].filter((turns) => turns.length >= 2);
  const spoken = all.filter(({ said }) => said >= MIN_WORDS_SAID);
  const isTalk = all.length >= MIN_UNTIMED_TURNS && regulars.length >= MIN_SPEAKERS && spoken.length * 2 >= all.length;
  return isTalk ? { pattern: UNTIMED, all } : undefined;
}

/** Whether a label of this pattern names somebody; an office or a heading does not. */
export const isPerson = (label: string): boolean => !ROLE.test(label) && !HEADING.test(label);

function found(texts: readonly string[], pattern: RegExp): readonly (Turn & { readonly said: number })[] {
  return texts.flatMap((text) => {
    const matches = [...text.matchAll(pattern)];
    return matches.map(({ 0: all, index, groups }, at) => {
      const said = text.slice(index + all.length, matches[at + 1]?.index);
      return { before: groups?.before ?? "", name: groups?.name ?? "", said: said.match(/\p{L}+/gu)?.length ?? 0 };
    });
  });
}

/** A name without accents, capitals and marks: how names are compared. */
export const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/c['’ʼ]h/g, "ch")
    .replace(/\s+/g, " ")
    .trim();
