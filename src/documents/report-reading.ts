import type { DocumentResult } from "./analysis.ts";
import { mayPass, type PageFlag, type PageReading, UNREAD_REASONS } from "./page.ts";
import { pageList, plural, typography, unreadWords } from "./report-words.ts";

/** What is peculiar about pages, in the words that follow "page 3:" and "pages 3 à 5:". */
const FLAG_WORDS: Readonly<Record<PageFlag, string>> = {
  "hidden-text": "texte caché (invisible, minuscule ou hors de la page), laissé de côté",
  "poor-ocr": "ancienne reconnaissance de caractères de mauvaise qualité",
  garbled: "texte du fichier illisible",
  "stamp-only": "le fichier n’a pour texte que le tampon",
  scan: "image sans texte",
  "large-picture": "grande image à côté du texte",
  rotated: "redressée pour être lue",
  imposed: "même feuille que la page précédente, lue une seule fois",
  "lost-ligatures": "lettres liées rétablies",
  empty: "vide",
};

/** The most important first. */
const SAID: readonly PageFlag[] = ["hidden-text", "poor-ocr", "garbled", "stamp-only", "rotated", "imposed", "lost-ligatures", "empty"];

/** A choice: the five acts that were looked at have 89 to 94. */
const SURE_CONFIDENCE = 80;

type Document = Pick<DocumentResult["document"], "reading" | "hasActiveContent">;

/** How the pages of a document were read, in a line for each way; none when nothing is known or all is plain. */
export function readingLines({ reading = [], hasActiveContent = false }: Document): readonly string[] {
  const ocr = reading.filter(({ source }) => source === "ocr");
  const both = reading.filter(({ source }) => source === "both");
  const plain = reading.filter(({ source }) => source === "text-layer");
  const lines = [
    ...(ocr.length === 0
      ? []
      : [`${pagesOf(ocr)} : lue${ocr.length > 1 ? "s" : ""} par reconnaissance de caractères (OCR)${sureness(ocr)}`]),
    ...(both.length === 0
      ? []
      : [`${pagesOf(both)} : texte du fichier, et texte d’une image lue par reconnaissance de caractères (OCR)${sureness(both)}`]),
    ...unreadLines(reading),
    ...(ocr.length + both.length > 0 && plain.length > 0 ? [`${pagesOf(plain)} : texte du fichier`] : []),
    ...SAID.flatMap((flag) => {
      const pages = reading.filter(({ flags }) => flags.includes(flag));
      return pages.length === 0 ? [] : [`${pagesOf(pages)} : ${FLAG_WORDS[flag]}`];
    }),
    ...(hasActiveContent ? ["Le fichier contient un programme ou un autre fichier : rien n’en a été exécuté ni ouvert"] : []),
  ];
  return lines.map(typography);
}

/** Pages whose OCR may have misread words: a quote from them should be looked up. */
export const unsurePages = ({ reading = [] }: Document): readonly number[] =>
  reading.filter(({ confidence }) => confidence !== null && confidence < SURE_CONFIDENCE).map(({ page }) => page);

/** Pages on which somebody put text that no reader sees. */
export const pagesWithHiddenText = ({ reading = [] }: Document): readonly number[] =>
  reading.filter(({ flags }) => flags.includes("hidden-text")).map(({ page }) => page);

/** Pages that have something on them which nobody could read: a blank one is read when it is known to be blank. */
export function unreadPages({
  pagesWithoutText,
  reading = [],
}: Pick<DocumentResult["document"], "pagesWithoutText" | "reading">): readonly number[] {
  const blank = new Set(reading.filter(({ flags }) => flags.includes("empty")).map(({ page }) => page));
  return pagesWithoutText.filter((page) => !blank.has(page));
}

/** Why pages were not read, each reason once with its pages. */
function unreadLines(reading: readonly PageReading[]): readonly string[] {
  return UNREAD_REASONS.flatMap((reason) => {
    const why = `${unreadWords(reason)}${mayPass(reason) ? " ; un nouvel essai suivra" : ""}`;
    const unread = reading.filter((page) => page.unread === reason);
    const whole = unread.filter(({ source }) => source === "none");
    const pictures = unread.filter(({ source }) => source !== "none");
    return [
      ...(whole.length === 0 ? [] : [`${pagesOf(whole)} : non lue${whole.length > 1 ? "s" : ""}, ${why}`]),
      ...(pictures.length === 0 ? [] : [`${pagesOf(pictures)} : texte du fichier lu, mais pas l’image, ${why}`]),
    ];
  });
}

/** What of a document is missing in its report, and why; none when every page was read or is blank. */
export function missingSentences(document: Pick<DocumentResult["document"], "pages" | "pagesWithoutText" | "reading">): readonly string[] {
  const { pages, reading = [] } = document;
  const unread = unreadPages(document);
  const why = unreadLines(reading);
  const explained = new Set(reading.flatMap(({ page, unread: reason }) => (reason === undefined ? [] : [page])));
  const plain = unread.filter((page) => !explained.has(page));
  const one = plain.length === 1;
  return unread.length + why.length === 0
    ? []
    : [
        ...(plain.length === 0
          ? []
          : [`${one ? "La page" : "Les pages"} ${pageList(plain)} (sur ${pages}) ${one ? "n’a" : "n’ont"} pas de texte lisible`]),
        ...why,
        "Ce qui s’y trouve manque dans ce rapport",
      ];
}

const pagesOf = (pages: readonly PageReading[]): string =>
  `${pages.length === 1 ? "Page" : "Pages"} ${pageList(pages.map(({ page }) => page))}`;

function sureness(pages: readonly PageReading[]): string {
  const known = pages.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  if (known.length === 0) return "";
  const mean = Math.round(known.reduce((sum, one) => sum + one, 0) / known.length);
  const unsure = known.filter((one) => one < SURE_CONFIDENCE).length;
  return `, sûre à ${mean} % en moyenne${unsure === 0 ? "" : ` ; ${plural(unsure, "page peu sûre", "pages peu sûres")}`}`;
}
