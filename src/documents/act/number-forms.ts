import type { ActKind } from "../analysis.ts";
import { ARRETE } from "./sheet.ts";

/** "n°", and what OCR makes of it. */
export const NUMBER_SIGN = "(?:n\\s?[°*\"']s?|no\\.?|numero)\\s*:?\\s*";

/** Figures, and the letters that OCR reads for them. An S is a five only before another figure or a dash. */
const FIGURES = "[\\doqil|]*\\d(?:[\\doqil|]|s(?=[\\d-]))*";
const YEAR = "(?:19|2[0o])(?:[\\doqil|]|s(?=[\\d-])){2}";
/** Between two groups; a dash that OCR lost leaves a gap behind letters and a year. */
const MARK = "(?:\\s?[-/_~]\\s?|\\.(?=\\d)|(?<=[a-z]\\s?20\\d{2})\\s(?=\\d{3}(?!\\d)))";
/** Letters of a service or of a sort of act, one or several; "n° du 3 mars" has none. */
const LETTERS = "(?!(?:du|de|des|en|le|la|et|au|n|ne)\\b)(?:[a-z]{1,6}\\s?[-/_.]\\s?){0,5}(?:(?:[a-z]\\s)?[a-z]{1,5}\\s?)?";
/** "-ST", "B", "bis". */
const TAIL = "(?:(?:(?:[-/_][a-z]{1,5}){1,3}|\\s?-?\\s?(?:bis|ter)|[a-z])(?![a-z\\d]))?(?!\\d)";
/** Letters, then figures in groups: "PM2031-014", "P-PM2031-014", "041-27", "DG/AB/2031-004", "29-2031-05-14-00012". */
const TOKEN = `${LETTERS}${FIGURES}(?:${MARK}${FIGURES}){0,5}(?:\\*\\d{2})?${TAIL}`;
/** One that nothing else looks like: a year and a number. */
const WITH_YEAR = `(?:\\d{2}-)?${LETTERS}${YEAR}${MARK}${FIGURES}(?:${MARK}${FIGURES}){0,3}${TAIL}`;
/** The same with letters before the year, as no day, period or telephone number has. */
const WITH_LETTERS = `(?:[a-z]{1,2}\\s?-\\s?)?[a-z]{1,5}\\s?[-_/]?\\s?${YEAR}${MARK}[\\doqil|]{2,4}${TAIL}`;

/** What may stand between the word and the number: "du maire", "municipal permanent", "préfectoral conjoint", "de circulation". */
export const WHOSE =
  "(?:\\s*(?:(?:du|de\\s+la|de)\\s+[a-z]+|(?:inter-?)?(?:municipal|prefectoral|departemental|ministeriel)|permanent|temporaire|conjoint|reglementaire|modificatif))*";
/** Something else that has a number, so that what follows is not the title's. */
export const OTHER = `(?:${ARRETE}|deliberation|decret|loi|reglement|convention|marche|permis|dossier|parcelle|lot|declaration)\\b`;

/** A crest's specks: marks and words of up to three letters. */
const SPECKS = "(?:[^a-z0-9\\n°]|(?<![a-z0-9])[a-z]{1,3}(?![a-z0-9])){0,40}";
const LINE_START = "^[^a-z0-9\\n]{0,4}";
const LINE_END = "[^a-z0-9\\n]{0,4}$";

/** How an act's own number is printed, by the name of the form. The first group is the number. */
export const FORMS: Readonly<Record<string, RegExp>> = {
  arrete: new RegExp(`(?<![a-z'])(?:${ARRETE}|decision)${WHOSE}\\s*,?\\s*${NUMBER_SIGN}(${TOKEN})`, "g"),
  // The sign was lost or misread, or stands behind what the act is about: then the number must be an unmistakable one.
  arreteUnsigned: new RegExp(
    `(?<![a-z'])(?:${ARRETE}|decision)${WHOSE}\\s*,?\\s*(?:n\\S{0,2}\\s|[^\\n\\d]{0,4}?)(?<![a-z])(${WITH_YEAR})`,
    "g",
  ),
  arreteAbout: new RegExp(`(?<![a-z'])${ARRETE}\\b(?:(?!${OTHER})[^\\n]){0,100}?(?<![a-z])${NUMBER_SIGN}(${WITH_YEAR})`, "g"),
  deliberation: new RegExp(
    `(?<![a-z'])(?:deliberation(?:\\s+du\\s+conseil\\s+municipal)?|dcm|delib\\.?)\\s*:?\\s*${NUMBER_SIGN}(${TOKEN})`,
    "g",
  ),
  deliberationUnsigned: new RegExp(`(?<![a-z'])deliberation\\s*:?\\s*[^\\n\\d]{0,4}?(?<![a-z])(${WITH_YEAR}|\\d{2,3}-\\d{2})(?!\\d)`, "g"),
  reference: new RegExp(`(?<![a-z])(?:n(?:otre|os|/)\\s?)?ref(?:erences?)?s?\\.?\\s*:\\s*(${TOKEN})`, "g"),
  dossier: new RegExp(`(?<![a-z'])dossier\\s*${NUMBER_SIGN}(${TOKEN})`, "g"),
  alone: new RegExp(`${LINE_START}${NUMBER_SIGN}(${TOKEN})${LINE_END}`, "gm"),
  bare: new RegExp(`^${SPECKS}(?<![a-z0-9])(${WITH_LETTERS})(?:${LINE_END}|(?=\\s+${ARRETE}\\b))`, "gm"),
  bareFigures: new RegExp(`${LINE_START}(${YEAR}(?:[-_/]\\d{1,3}){1,2})${LINE_END}`, "gm"),
  heading: new RegExp(`${LINE_START}(\\d{2,4}-\\d{2,4})\\s*[:-]\\s+[a-z]`, "gm"),
  point: new RegExp(`${LINE_START}${NUMBER_SIGN}(\\d{1,3})\\s*[:-]\\s*[a-z]`, "gm"),
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

/** The forms in which each kind prints its own number, the surest first. */
export const FORMS_OF: Readonly<Partial<Record<ActKind, readonly string[]>>> = {
  arrete: ["bare", "arrete", "arreteUnsigned", "recueil", "alone", "arreteAbout", "reference"],
  deliberation: ["deliberation", "heading", "alone", "deliberationUnsigned", "bare", "bareFigures", "point"],
  convocation: ["reference"],
  avis: ["reference", "arrete"],
  "bulletin-municipal": ["issue"],
  formulaire: ["cerfa"],
  rapport: ["inquiry", "dossier", "reference"],
  "compte-rendu": ["reference"],
  autre: ["annexed", "arrete", "arreteUnsigned", "deliberation", "cerfa", "reference"],
};
