import type { ActKind } from "../analysis.ts";
import { actesIdOf } from "./actes-id.ts";
import { headOf, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** A line of the head that begins so. A few marks before it are a list's or a scanner's. */
const title = (words: string): RegExp => new RegExp(`^[^a-z0-9\\n]{0,6}(?:${words})`, "m");

interface TitleRule {
  readonly kind: ActKind;
  readonly pattern: RegExp;
  /** What must stand somewhere, too: the same words are in the titles of other documents. */
  readonly needs?: RegExp;
}

const RECITAL = /^[^a-z0-9\n]{0,6}(?:vu|considerant)\b/m;
const BLANK_TO_FILL =
  /[.…_]{5,}|[-—]{8,}|(?:i__){3}|je soussign|(?:cachet|signature)\s+(?:du|de la|de l')\s*(?:demandeur|mairie|pet)|\bprenoms?\s*:|\bnom\s*:/;

/** The title that stands highest on the first page decides; of two at one place, the first rule. */
const TITLES: readonly TitleRule[] = [
  {
    kind: "autre",
    pattern: title(
      "annexe\\b(?:\\s+(?:\\d|n°|a\\b)|\\s*$)|(?:\\d{1,2}\\s?[-.]\\s?)?reglement\\b|statuts\\b|liste\\s+d(?!es deliberations)|planning\\b|fiche\\b|depliant\\b|charte\\b",
    ),
  },
  {
    kind: "convocation",
    pattern:
      /objet\s*:\s*convocation|j'ai (?:l'|l)?\s?honneur de vous (?:convoquer|inviter|demander de (?:bien vouloir )?(?:participer|assister))|vous etes (?:convoque|invite)/,
  },
  { kind: "convocation", pattern: title("convocation\\b(?!\\s+(?:du\\s+\\d|envoyee|en date|le\\b|:))") },
  { kind: "ordre-du-jour", pattern: title("ordre du jour\\b") },
  { kind: "compte-rendu", pattern: /compte[- ]rendu (?:de|du) (?:la |l')?(?:reunion|seance|conseil|commission|atelier)/ },
  {
    kind: "compte-rendu",
    pattern: title("compte[- ]?rendu\\b|proces[- ]?verbal\\b|releve (?:de|des) (?:decisions|conclusions)|liste des deliberations"),
  },
  {
    kind: "deliberation",
    pattern:
      /membres (?:en exercice|presents|votants)|registre\s+des\s+deliberations|(?:conseil municipal|conseil communautaire|comite syndical)[^.\n]{0,60}\s+(?:reuni[est]?|assemble|convoque)\b/,
  },
  { kind: "deliberation", pattern: title("deliberation\\b") },
  {
    kind: "arrete",
    pattern:
      /(?<![a-z'])(?<!\b(?:un|cet|present|par|d)[' ]|\bl'|.\bl )a\s?r\s?r\s?e\s?t\s?e\s+(?:du maire|municipal|prefectoral|inter-?prefectoral|permanent|temporaire|conjoint|n\s?°|du \d)/,
    needs: RECITAL,
  },
  { kind: "arrete", pattern: title("a\\s?r\\s?r\\s?e\\s?t\\s?e\\b"), needs: RECITAL },
  { kind: "avis", pattern: title("alerte\\b|avis\\b(?!\\s+et\\b)|vigilance\\b|communique\\b|information aux? ") },
  { kind: "rapport", pattern: title("rapport\\b|conclusions et avis|note de (?:synthese|presentation)|etude\\b|diagnostic\\b") },
  { kind: "formulaire", pattern: /cerfa|ce formulaire/ },
  {
    kind: "formulaire",
    pattern: title("formulaire|demande\\s+d|declaration\\b|(?:bulletin|fiche|dossier) d'inscription|dossier de demande|autorisation d"),
    needs: BLANK_TO_FILL,
  },
  {
    kind: "bulletin-municipal",
    pattern:
      /(?:magazine|journal|bulletin|lettre|gazette)\s+(?:municipale?|communale?|d'informations?|de la (?:nouvelle )?(?:commune|ville|mairie)|de la commune)|\bissn\b/,
  },
  { kind: "programme", pattern: title("programme\\b|agenda\\b|animations\\b") },
  {
    kind: "plan",
    pattern: title(
      "plan (?:de |du |des |d')?(?:delimitation|situation|localisation|zonage|masse|reperage|cadastral|implantation|circulation)|carte (?:de|des|du|communale)\\b|zonage\\b|echelle\\b\\s*:?\\s*1\\s?/",
    ),
  },
];

/** What a document shows when its title was lost: a stamp over it, a page that a scanner did not see. */
const SIGNS: readonly TitleRule[] = [
  { kind: "deliberation", pattern: /ainsi (?:fait et )?delibere/ },
  {
    kind: "arrete",
    pattern: /^[^a-z0-9\n]{0,6}a\s?r\s?r\s?e\s?t\s?e(?:nt)?\b\s*[:.]?\s*$/m,
    needs: /^[^a-z0-9\n]{0,6}article\s+(?:1|i|premier|ler)\b/m,
  },
  {
    kind: "arrete",
    pattern: /le (?:maire|prefet)[^\n]{0,80}\n+[^a-z0-9\n]{0,6}vu\b/,
    needs: /^[^a-z0-9\n]{0,6}article\s+(?:1|i|premier|ler)\b/m,
  },
  {
    kind: "bulletin-municipal",
    pattern:
      /direct(?:eur|rice) de (?:la )?publication|depot legal|comite de redaction|bulletin municipal|(?:^|\n)[^a-z0-9\n]{0,6}(?:edito(?:rial)?|le mot du maire|ger ar maer)\b/,
  },
  { kind: "plan", pattern: /\bechelle\s*:?\s*1\s?\/\s?\d/ },
];

/** As many stamped turns to speak as no minutes have that only name a few hours. */
const MIN_TURNS = 5;
const TURN = /^\s*[[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s+[a-z]/gm;

/**
 * What kind of document it is, by its title and its form; never by its file's name.
 *
 * @returns undefined when the pages do not say. "autre" is said, too: a "règlement" is none of our kinds.
 */
export function kindOf(sheets: readonly Sheet[]): Stated<ActKind> | undefined {
  return transcriptionIn(sheets) ?? titleIn(sheets) ?? stampIn(sheets) ?? signIn(sheets);
}

function transcriptionIn(sheets: readonly Sheet[]): Stated<ActKind> | undefined {
  const turns = sheets.flatMap((sheet) => [...sheet.plain.matchAll(TURN)].map((turn) => quoteAt(sheet, turn.index, turn.index + 60)));
  const [first] = turns;
  return first === undefined || turns.length < MIN_TURNS ? undefined : { value: "transcription", evidence: first };
}

function titleIn(sheets: readonly Sheet[]): Stated<ActKind> | undefined {
  const head = headOf(sheets);
  if (head === undefined) return undefined;
  const found = TITLES.flatMap((rule) => matchOf(head, rule, sheets));
  return found.sort((a, b) => a.at - b.at)[0]?.stated;
}

function stampIn(sheets: readonly Sheet[]): Stated<ActKind> | undefined {
  const stamp = actesIdOf(sheets);
  return stamp?.nature === undefined ? undefined : { value: stamp.nature, evidence: stamp.evidence };
}

function signIn(sheets: readonly Sheet[]): Stated<ActKind> | undefined {
  return SIGNS.flatMap((rule) => sheets.flatMap((sheet) => matchOf(sheet, rule, sheets)))[0]?.stated;
}

function matchOf(place: Sheet, { kind, pattern, needs }: TitleRule, sheets: readonly Sheet[]) {
  const match = pattern.exec(place.plain);
  if (match === null || (needs !== undefined && !sheets.some(({ plain }) => needs.test(plain)))) return [];
  return [{ at: match.index, stated: { value: kind, evidence: quoteAt(place, match.index, match.index + match[0].length) } }];
}
