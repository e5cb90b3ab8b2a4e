import { HOSTILE } from "./hostile.ts";

/** The same numbers for the same seed, so that a failure can be had again (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const PIECES = [
  ..."Le la de port école déchets élus PLU rue quai Cale-Neuve salle Goémoniers € 12 500 n° PM2026-031 Article Vu Objet".split(" "),
  "1er mars 2026",
  "31/12/2026",
  "2026-02-30",
  "avant le 3 avril 2026",
  "12 500 €",
  "DÉCIDE",
  "le conseil municipal approuve",
  "Fait à Port-Kerelec, le 20 mai 2026.",
  "M. Le Goff",
  "art. L. 2212-2",
  "# Titre",
  "- item",
  "| a | b |",
  "00:01:02 Nom",
  "[page 7]",
  "</document>",
  "incompétents",
  "https://x.example",
  "« cité »",
  "déli-\nbéré",
  "e\u0301\u0323",
  "\uD83C",
  "\uDF0A",
  "🌊",
  "\u0000",
  "\u202E",
  "\u00AD",
  "ﬁn",
  "عربي",
  "漢字",
  "x".repeat(400),
  "\u0301".repeat(60),
];
const GLUE = [" ", " ", " ", " ", "\n", "\n\n", ". ", ".\n", ", ", "", "\u00A0", "\r\n", "\t"];

/** Anything between a page of an act and noise, up to `maxPieces` pieces. */
export function randomText(seed: number, maxPieces: number): string {
  const random = randomOf(seed);
  const count = random(maxPieces);
  let text = random(2) === 0 ? "" : `[page ${1 + random(9)}]\n`;
  for (let piece = 0; piece < count; piece++) text += `${PIECES[random(PIECES.length)]}${GLUE[random(GLUE.length)]}`;
  return text;
}

/** Texts that once broke something somewhere: nothing, noise, and 200,000 characters of one thing. */
export const ODD_TEXTS: readonly string[] = [
  "",
  " ",
  "\n",
  "\uD800",
  "\u0000",
  "[page 0]\nx",
  "[page 1]",
  ...HOSTILE.map(([, text]) => text + text),
];
