import type { DocumentResult } from "./analysis.ts";
import { missingSentences, pagesWithHiddenText, unsurePages } from "./report-reading.ts";
import { pageList, plural, typography } from "./report-words.ts";

/** What a reader must know before the first word. The title says it; the colour only repeats it. */
export interface Notice {
  readonly tone: "practice" | "generated" | "caution";
  readonly title: string;
  readonly text: string;
}

export function noticesOf(result: DocumentResult): readonly Notice[] {
  return [practiceNotice, generatedNotice, hiddenNotice, unreadNotice, unsureNotice, unfoundNotice, maskedNotice].flatMap((notices) =>
    notices(result),
  );
}

/** What a reader of the list must know before the first title. */
export function indexNotices(results: readonly DocumentResult[]): readonly Notice[] {
  const practice = results.filter(({ production }) => production.practice).length;
  return [
    ...(practice === 0
      ? []
      : [notice("practice", PRACTICE_TITLE, `${plural(practice, "rapport sert", "rapports servent")} à essayer le programme.`)]),
    ...(results.some(({ status }) => status === "analysed")
      ? [notice("generated", GENERATED_TITLE, "Ces rapports ont été produits automatiquement. Seuls les documents d’origine font foi.")]
      : []),
  ];
}

const PRACTICE_TITLE = "Modèle d’entraînement : extraits, pas une analyse";
const GENERATED_TITLE = "Généré par IA, non relu";
const notice = (tone: Notice["tone"], title: string, text: string): Notice => ({ tone, title: typography(title), text: typography(text) });

function practiceNotice({ production }: DocumentResult): readonly Notice[] {
  if (!production.practice) return [];
  const text =
    "Ce rapport sert à essayer le programme. Tout ou partie de ses phrases sont des extraits choisis par des règles simples, sans modèle de langue.";
  return [notice("practice", PRACTICE_TITLE, text)];
}

// AI Act, article 50(4): a text that informs the public is labelled until a person has reviewed it.
function generatedNotice({ status }: DocumentResult): readonly Notice[] {
  if (status !== "analysed") return [];
  const text = "Ce texte a été produit automatiquement et n’a été relu par personne. Seul le document d’origine fait foi.";
  return [notice("generated", GENERATED_TITLE, text)];
}

function unreadNotice({ status, document }: DocumentResult): readonly Notice[] {
  const missing = missingSentences(document);
  if (status === "no-text") {
    const text = "Rien de son contenu ne figure ici. Cette page dit ce qu’il est et quoi faire.";
    return [notice("caution", "Document non résumé : il n’a pas de texte à lire", text)];
  }
  return missing.length === 0 ? [] : [notice("caution", "Document lu en partie", `${missing.join(". ")}.`)];
}

function unfoundNotice({ quotes }: DocumentResult): readonly Notice[] {
  const unfound = quotes.checked - quotes.found;
  if (unfound <= 0) return [];
  const text = `${plural(unfound, "citation n’a pas été retrouvée", "citations n’ont pas été retrouvées")} dans le document. Les éléments concernés sont signalés et ne sont pas prouvés.`;
  return [notice("caution", "Des éléments sont à vérifier", text)];
}

function maskedNotice({ document: { speakersMasked = 0 } }: DocumentResult): readonly Notice[] {
  if (speakersMasked === 0) return [];
  const text = `${speakersMasked === 1 ? "Le nom de la personne qui parle est remplacé" : `Les noms des ${speakersMasked} personnes qui parlent sont remplacés`} par « Intervenant_1 », « Intervenant_2 »… Ce n’est pas une anonymisation : ce qui est dit peut encore désigner quelqu’un.`;
  return [notice("generated", "Noms des intervenants masqués", text)];
}

// Whoever hides an order to the model in a document must not have it believed; that somebody tried is for a person to know.
function hiddenNotice({ document }: DocumentResult): readonly Notice[] {
  const pages = pagesWithHiddenText(document);
  if (pages.length === 0) return [];
  const text = `${pages.length === 1 ? "La page" : "Les pages"} ${pageList(pages)} ${pages.length === 1 ? "porte" : "portent"} un texte qu’aucun lecteur ne voit. Il a été laissé de côté ; demander au service d’où vient le fichier pourquoi il y est.`;
  return [notice("caution", "Texte caché dans le document", text)];
}

function unsureNotice({ document }: DocumentResult): readonly Notice[] {
  const pages = unsurePages(document);
  if (pages.length === 0) return [];
  const text = `${pages.length === 1 ? "La page" : "Les pages"} ${pageList(pages)} ${pages.length === 1 ? "est" : "sont"} difficile${pages.length === 1 ? "" : "s"} à lire par une machine : des mots et des chiffres ont pu être mal lus. Vérifier sur l’original.`;
  return [notice("caution", "Lecture peu sûre", text)];
}
