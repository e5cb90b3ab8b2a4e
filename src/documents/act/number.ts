import type { ActKind } from "../analysis.ts";
import { actesIdOf } from "./actes-id.ts";
import { type ActEvidence, headOf, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** "n°", and what OCR makes of it. */
export const NUMBER_SIGN = "(?:n\\s?[°*\"']s?|no\\.?|numero)\\s*:?\\s*";
/** Letters, then figures in groups: "PM2031-014", "P-PM2031-014", "041-27", "DG/AB/2031-004", "29-2031-05-14-00012". */
const TOKEN =
  "(?:[a-z]{1,5}\\s?[-/_.]\\s?){0,5}(?:[a-z]{1,5}\\s?)?[\\doqil|]*\\d[\\doqil|]*(?:\\s?[-/_]\\s?[\\doqil|]*\\d[\\doqil|]*){0,5}(?:\\*\\d{2})?(?![\\d])";

const ARRETE = "a\\s?r\\s?r\\s?e\\s?t\\s?e";
/** What may stand between the word and the number: "du maire", "municipal permanent", "préfectoral conjoint". */
const WHOSE = "(?:\\s+(?:du\\s+maire|municipal|prefectoral|inter-?prefectoral|permanent|temporaire|conjoint|reglementaire|de\\s+[a-z]+))*";
/** An act that is cited has an article or a verb before it; OCR reads "l'arrêté" as "larrêté" and "Parrêté", which is no word of its own. */
const CITED = /(?:\b(?:vu|cet|la|les|des|du|de|present|susdit|precedent|par|abroge\w*|modifi\w*)\s+|l')$/;

const FORMS: Readonly<Record<string, RegExp>> = {
  arrete: new RegExp(`(?<![a-z'])(?:${ARRETE}|decision)${WHOSE}\\s*,?\\s*${NUMBER_SIGN}(${TOKEN})`, "g"),
  deliberation: new RegExp(`(?<![a-z'])deliberation(?:\\s+du\\s+conseil\\s+municipal)?\\s*:?\\s*${NUMBER_SIGN}(${TOKEN})`, "g"),
  reference: new RegExp(`(?<![a-z])(?:n(?:otre|os|/)\\s?)?ref(?:erences?)?s?\\.?\\s*:\\s*(${TOKEN})`, "g"),
  dossier: new RegExp(`(?<![a-z'])dossier\\s*${NUMBER_SIGN}(${TOKEN})`, "g"),
  alone: new RegExp(`^[^a-z0-9\\n]{0,4}${NUMBER_SIGN}(${TOKEN})[^a-z0-9\\n]{0,4}$`, "gm"),
  // Of a whole town's shape, alone on its line but for a scanner's specks.
  bare: /^(?:[^a-z0-9\n°]|(?<![a-z0-9])[a-z]{1,3}(?![a-z0-9])){0,40}((?<![a-z0-9])(?:[a-z]{1,2}\s?-\s?)?[a-z]{2,5}\s?(?:19|20)[\doqil]{2}\s?-\s?[\doqil]{2,4})[^a-z0-9\n]{0,4}$/gm,
  heading: /^[^a-z0-9\n]{0,4}(\d{2,4}-\d{2,4})\s*[:-]\s+[a-z]/gm,
  annexed: new RegExp(
    `annexe\\s+(?:n°\\s?\\d+\\s+)?(?:a|de)\\s+(?:la\\s+deliberation|l'${ARRETE})${WHOSE}\\s*${NUMBER_SIGN}(${TOKEN})`,
    "g",
  ),
  // Recueil des actes administratifs: "service - 29-2031-11-21-00018 - title".
  recueil: /(?<![\d-])(\d{2}-\d{4}-\d{2}-\d{2}-\d{5})(?![\d-])/g,
  cerfa: /(?:n\s?°|cerfa)[\s:n°]{0,6}(\d{5}\s?\*\s?\d{2})(?!\d)/g,
  issue: /(?:(?<![a-z0-9])(?:n\s?[°*]|numero)\s?|#\s?)(\d{1,4})(?![\d/*-]|\s?[-/]\s?\d)/g,
  inquiry: /(?<![a-z0-9])(e\s?\d{6,8}\s?\/\s?\d{2})(?!\d)/g,
};

/** The forms in which each kind prints its own number; the first that is met decides. */
const FORMS_OF: Readonly<Partial<Record<ActKind, readonly string[]>>> = {
  arrete: ["bare", "arrete", "recueil", "alone", "reference"],
  deliberation: ["deliberation", "heading", "alone", "bare"],
  convocation: ["reference"],
  avis: ["reference", "arrete"],
  "bulletin-municipal": ["issue"],
  formulaire: ["cerfa"],
  rapport: ["inquiry", "dossier", "reference"],
  "compte-rendu": ["reference"],
  autre: ["annexed", "arrete", "deliberation", "cerfa", "reference"],
};

/** Under a page's last lines or over its first ones the act repeats its number. */
const EDGE_LINES = 3;

/**
 * The number of the act itself, never that of an act it cites, repeals or carries out.
 *
 * @param kind  "autre" when nothing said what it is
 * @returns     as printed, without spaces, dashes made plain, misread noughts and ones mended; undefined when none is stated
 */
export function numberOf(sheets: readonly Sheet[], kind: ActKind): Stated<string> | undefined {
  const head = headOf(sheets);
  const forms = (FORMS_OF[kind] ?? []).flatMap((name) => FORMS[name] ?? []);
  const places = head === undefined ? [] : [head, ...sheets.flatMap(edgesOf)];
  for (const form of forms) {
    // A report repeats its number on each page, and its cover is as often mistyped as not.
    const found = kind === "rapport" ? mostFrequent(sheets, form) : places.flatMap((place) => numbersIn(place, form))[0];
    if (found !== undefined) return found;
  }
  return kind === "arrete" || kind === "deliberation" ? numberOfStamp(sheets) : undefined;
}

function numbersIn(sheet: Sheet, form: RegExp): readonly Stated<string>[] {
  return [...sheet.plain.matchAll(form)].flatMap((match) => {
    const token = match[1] ?? "";
    if (CITED.test(sheet.plain.slice(Math.max(0, match.index - 20), match.index))) return [];
    // Where the sign ends and the number begins; the evidence keeps the words before it.
    const start = match.index + match[0].lastIndexOf(token);
    return [{ value: spelled(sheet.printed.slice(start, start + token.length)), evidence: evidenceOf(sheet, match) }];
  });
}

const evidenceOf = (sheet: Sheet, match: RegExpExecArray): ActEvidence => quoteAt(sheet, match.index, match.index + match[0].length);

function edgesOf({ page, printed, plain }: Sheet): readonly Sheet[] {
  const ends = [...plain.matchAll(/\n|$/g)].map((end) => end.index);
  const first = ends[EDGE_LINES - 1] ?? plain.length;
  const last = ends.length > EDGE_LINES * 2 ? (ends[ends.length - 1 - EDGE_LINES] ?? 0) : plain.length;
  return [
    { page, printed: printed.slice(0, first), plain: plain.slice(0, first) },
    { page, printed: printed.slice(last), plain: plain.slice(last) },
  ];
}

/** "P - PM2O31–OO3" is P-PM2031-003: after the letters come figures, whatever OCR took them for. */
export function spelled(printed: string): string {
  const tight = printed.replace(/\s+/g, "").replace(/[\u2010-\u2015\u2212_]/g, "-");
  return tight.replace(/[0-9][0-9OoQIl|]*|[OoQIl|]+(?=[0-9])/g, (figures) => figures.replace(/[OoQ]/g, "0").replace(/[Il|]/g, "1"));
}

function mostFrequent(sheets: readonly Sheet[], form: RegExp): Stated<string> | undefined {
  const all = sheets.flatMap((sheet) => numbersIn(sheet, form));
  const times = ({ value }: Stated<string>) => all.filter((other) => other.value === value).length;
  return all.toSorted((a, b) => times(b) - times(a))[0];
}

/** The stamp of the transmission repeats the number; people type it in their own way, so it comes last. */
function numberOfStamp(sheets: readonly Sheet[]): Stated<string> | undefined {
  const stamp = actesIdOf(sheets);
  return stamp === undefined ? undefined : { value: spelled(stamp.number), evidence: stamp.evidence };
}
