import { datesIn } from "./dates.ts";
import { NUMBER_SIGN } from "./number-forms.ts";
import { distinct, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** Plain words of each code's name, and how it is written. The longest first, or "code de la route" would end at "code de la". */
const CODES: readonly (readonly [words: string, name: string])[] = [
  ["general des collectivites territoriales", "code général des collectivités territoriales"],
  ["general de la propriete des personnes publiques", "code général de la propriété des personnes publiques"],
  ["general des impots", "code général des impôts"],
  ["general de la fonction publique", "code général de la fonction publique"],
  ["de la route", "code de la route"],
  ["de la voirie routiere", "code de la voirie routière"],
  ["de la sante publique", "code de la santé publique"],
  ["de la securite interieure", "code de la sécurité intérieure"],
  ["de la construction et de l'habitation", "code de la construction et de l'habitation"],
  ["de la commande publique", "code de la commande publique"],
  ["de la consommation", "code de la consommation"],
  ["de l'urbanisme", "code de l'urbanisme"],
  ["de l'environnement", "code de l'environnement"],
  ["de l'energie", "code de l'énergie"],
  ["de l'education", "code de l'éducation"],
  ["de l'expropriation", "code de l'expropriation"],
  ["de l'action sociale et des familles", "code de l'action sociale et des familles"],
  ["de justice administrative", "code de justice administrative"],
  ["de procedure penale", "code de procédure pénale"],
  ["des relations entre le public et l'administration", "code des relations entre le public et l'administration"],
  ["des transports", "code des transports"],
  ["des ports maritimes", "code des ports maritimes"],
  ["du patrimoine", "code du patrimoine"],
  ["du tourisme", "code du tourisme"],
  ["du travail", "code du travail"],
  ["du sport", "code du sport"],
  ["du commerce", "code de commerce"],
  ["de commerce", "code de commerce"],
  ["rural et de la peche maritime", "code rural et de la pêche maritime"],
  ["rural", "code rural et de la pêche maritime"],
  ["forestier", "code forestier"],
  ["electoral", "code électoral"],
  ["penal", "code pénal"],
  ["civil", "code civil"],
];
const spaced = (words: string): string => words.replace(/ /g, "\\s+").replace(/'/g, "'\\s*");
const CODE = `(?:code\\s+(${CODES.map(([words]) => spaced(words)).join("|")})|(cgct))`;

/** One way only to match a gap, or a long list without its code would be tried in all ways. */
const ARTICLE =
  "(?:[lrda](?:\\s?\\*)?(?:\\s?\\.)?\\s?)?\\d{1,4}(?:\\s?-\\s?\\d{1,3}){0,4}(?![\\d°])(?:\\s(?:bis|ter|quater|[b-h])(?![a-z]))?";
const FOLLOWING = "(?:\\s+et\\s+(?:suivants?\\b|ss?\\.))";
/** One, or from one to another, perhaps with those that follow. @param group  "(" to keep the parts, "(?:" within a longer pattern */
const articlePattern = (group: "(" | "(?:"): string =>
  `${group}${ARTICLE})(?:\\s*\\ba\\s*(?:l'\\s*)?(?:article\\s+)?${group}${ARTICLE}))?${group}${FOLLOWING})?`;
const LIST = `${articlePattern("(?:")}(?:\\s*(?:,|;|\\bet\\b|\\bou\\b|\\bde\\b)\\s*(?:(?:les|des|l'|aux?|de)\\s*)*(?:articles?\\s+)?${articlePattern("(?:")})*`;
const CODE_THEN_ARTICLES = new RegExp(
  `${CODE}(?:\\s*,)?\\s*(?:(?:et|pris)\\s+)?(?:notamment\\s*,?\\s*)?(?:(?:en|dans|par|a)\\s+)?(?:(?:ses|son|les|l'|aux?)\\s*)?(?:articles?|art\\.?)\\s*(${LIST})`,
  "g",
);
const ARTICLES_THEN_CODE = new RegExp(`(?:articles?|art\\.?)\\s+(${LIST})\\s+(?:du\\s+)?${CODE}`, "g");
const CODE_ALONE = new RegExp(CODE, "g");

/** A text with a number or a day: "loi n° 82-213 du 2 mars 1982", "arrêté préfectoral du 7 mars 2031". */
const TEXT = new RegExp(
  `(?<![a-z])(?:[lpv](?=arrete))?(loi|ordonnance|decret|circulaire|directive|reglement|arrete(?:\\s+(?:du\\s+maire|municipal|prefectoral|ministeriel|interministeriel))?|deliberation(?:\\s+du\\s+conseil\\s+(?:municipal|communautaire))?)(?:\\s+\\((?:ue|ce|cee)\\))?\\s*(?:${NUMBER_SIGN}([a-z]{0,5}-?[a-z]{0,4}\\s?\\d[\\d/-]*(?:\\s?/\\s?\\d+)?))?(?:\\s+modifiee?)?(?:\\s*,?\\s*(?:du|en\\s+date\\s+du)\\s+)?`,
  "g",
);
const MOST = 200;

/**
 * What the act rests on: articles of codes, laws, decrees, acts that it cites.
 *
 * @param own  the act's own number: its title is no reference
 * @returns each once, in one spelling ("code de la route, article R411-8", "loi n° 82-213 du 1982-03-02"), with the passage
 */
export function legalReferencesIn(sheets: readonly Sheet[], own: string | undefined): readonly Stated<string>[] {
  const found = sheets.flatMap((sheet) => [...codesIn(sheet), ...textsIn(sheet)].sort((a, b) => a.at - b.at));
  const isOwn = ({ value }: Stated<string>) => own !== undefined && value.endsWith(` n° ${own.toUpperCase()}`);
  const once = distinct(
    found.map(({ stated }) => stated).filter((stated) => !isOwn(stated)),
    MOST,
  );
  return once.filter(({ value }) => !once.some((other) => saysMore(other.value, value)));
}

const NUMBERED = /^(?<sort>\p{L}+)(?<by>.*) n° (?<number>\S+)(?: du (?<day>\S+))?$/u;

/** "arrêté du maire n° 7 du 2026-03-02" says all that "arrêté n° 7" says. Another day, or another's arrêté, is another text. */
function saysMore(long: string, short: string): boolean {
  const [a, b] = [NUMBERED.exec(long)?.groups, NUMBERED.exec(short)?.groups];
  if (a === undefined || b === undefined || long === short || a.sort !== b.sort || a.number !== b.number) return false;
  return (b.by === "" || b.by === a.by) && (b.day === undefined || b.day === a.day);
}

interface Found {
  readonly at: number;
  readonly stated: Stated<string>;
}

function codesIn(sheet: Sheet): readonly Found[] {
  const articles = [
    ...[...sheet.plain.matchAll(CODE_THEN_ARTICLES)].map((match) => ({ match, code: match[1] ?? match[2], list: match[3] })),
    ...[...sheet.plain.matchAll(ARTICLES_THEN_CODE)].map((match) => ({ match, code: match[2] ?? match[3], list: match[1] })),
  ];
  const covered = (at: number) => articles.some(({ match }) => at >= match.index && at < match.index + match[0].length);
  const alone = [...sheet.plain.matchAll(CODE_ALONE)]
    .filter(({ index }) => !covered(index))
    .map((match) => ({ match, code: match[1] ?? match[2], list: "" }));
  return [...articles, ...alone].flatMap(({ match, code = "", list = "" }) => {
    const evidence = quoteAt(sheet, match.index, match.index + match[0].length);
    const name = nameOf(code);
    const each = [...list.matchAll(new RegExp(articlePattern("("), "g"))].map((found) => `${name}, ${articlesOf(found)}`);
    return (each.length === 0 ? [name] : each).map((value) => ({ at: match.index, stated: { value, evidence } }));
  });
}

function textsIn(sheet: Sheet): readonly Found[] {
  const dates = datesIn(sheet.plain);
  return [...sheet.plain.matchAll(TEXT)].flatMap((match) => {
    const end = match.index + match[0].length;
    const date = /(?:du|date du)\s+$/.test(match[0]) ? dates.find(({ start }) => start === end) : undefined;
    const number = match[2];
    if (number === undefined && date === undefined) return [];
    const start = match.index + match[0].indexOf(match[1] ?? "");
    const printed = sheet.printed
      .slice(start, start + (match[1] ?? "").length)
      .replace(/\s+/g, " ")
      .toLowerCase();
    const value = `${printed}${number === undefined ? "" : ` n° ${number.replace(/\s/g, "").toUpperCase()}`}${date === undefined ? "" : ` du ${date.iso}`}`;
    return [{ at: match.index, stated: { value, evidence: quoteAt(sheet, start, date?.end ?? end) } }];
  });
}

const nameOf = (words: string): string => {
  const tidy = words.replace(/\s+/g, " ").replace(/' /g, "'");
  return CODES.find(([known]) => known === tidy || (tidy === "cgct" && known.startsWith("general des coll")))?.[1] ?? tidy;
};

/** "articles L2213-1 à L2213-6", "article R411-1 et suivants". */
function articlesOf([, from = "", to, following]: RegExpMatchArray): string {
  const one = to === undefined ? `article ${articleOf(from)}` : `articles ${articleOf(from)} à ${articleOf(to)}`;
  return following === undefined ? one : `${one} et suivants`;
}

/** "L. 2212 - 1" and "L2212-1" are one article. */
const articleOf = (article: string): string => article.replace(/[\s.*]/g, "").toUpperCase();
