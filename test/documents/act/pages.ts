import { readAct } from "../../../src/documents/act/read-act.ts";

/** The facts of a document of these pages, as an OCR gives them. */
export const factsOf = (...texts: readonly string[]) =>
  readAct(texts.map((text, index) => ({ number: index + 1, text, source: "ocr", confidence: 91 })));

/** Of an order of the fictional town, with another head, foot or middle. */
export const order = ({
  head = "Arrêté du maire n° PM2031-042\nRéglementant le stationnement",
  body = "Article 1 : Le stationnement est interdit quai des Sardiniers.",
  foot = "Port-Kerelec, le 18 février 2031\nLe maire,\nAnne LE GOFF",
} = {}): string => `${head}

Le maire de la commune de Port-Kerelec,

Vu le code de la route, notamment ses articles R. 411-8 et R. 417-10,
Vu l'arrêté du maire n° PM2029-117 du 3 mars 2029 portant règlement du marché,
Considérant la fête du port du 8 mai 2031,

ARRÊTE

${body}
L'arrêté du maire n° PM2030-009 du 2 février 2030 est abrogé.

${foot}`;

export const minutesOf = ({
  head = "",
  opening = "Le dix-sept mai deux mille trente et un à dix-neuf heures",
  number = "Délibération n° 2031-034",
} = {}) =>
  `${head}
Membres en exercice : 15
Membres présents : 12
${opening}, le conseil municipal s’est réuni en séance
ordinaire, sous la présidence de Madame Anne LE GOFF, maire.
La convocation a été envoyée le 9 mai 2031.
${number}
Tarifs du camping municipal
Vu le code général des collectivités territoriales ;
Vu la délibération du conseil municipal n° 041-27 du 12/09/2027 fixant les tarifs,
Le conseil municipal, à l'unanimité, fixe la nuitée à 12,50 €.
Ainsi délibéré lesdits jour, mois et an.`;
