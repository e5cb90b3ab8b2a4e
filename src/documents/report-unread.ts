import { typography } from "./report-words.ts";

/**
 * Why a file could not be read, in the words of the program and in those of a councillor, with what to do; "{}" is a figure or a
 * code. The whole sentence or none: half a resemblance would be a guess.
 */
const REASONS: readonly (readonly [english: string, french: string])[] = [
  [
    "it is a link, and links are not followed: put the file itself, or the folder itself, in the documents folder",
    "C’est un lien (un raccourci), et les liens ne sont pas suivis. Déposer le fichier lui-même, ou le dossier lui-même, dans le dossier des documents.",
  ],
  [
    "it is a pipe, a socket, a device or a folder, not a file: remove it from the documents folder or give it another name",
    "Ce n’est pas un fichier, mais un dossier ou un élément du système. L’enlever du dossier des documents, ou lui donner un autre nom.",
  ],
  [
    "the file is empty (0 bytes): copy it into the documents folder again",
    "Le fichier est vide. Le copier de nouveau dans le dossier des documents.",
  ],
  [
    "the file is larger than {} MB: split it, or scan it again with a lower resolution",
    "Le fichier dépasse {}\u00A0Mo. Le diviser, ou le numériser de nouveau avec une résolution plus basse.",
  ],
  [
    "this is not the name of a file inside the documents folder: nothing was opened",
    "Ce nom n’est pas celui d’un fichier du dossier des documents : rien n’a été ouvert. Donner un autre nom au fichier.",
  ],
  ["the disk could not give the file ({}): copy it again", "Le disque n’a pas pu donner le fichier (code {}). Le copier de nouveau."],
  [
    "it may not be read: give the user this program runs as the right to read it",
    "Le programme n’a pas le droit de le lire. Demander à la personne qui gère le serveur d’en donner le droit.",
  ],
  [
    "its name is not in UTF-8: give the file another name",
    "Son nom contient des caractères que le programme ne peut pas lire. Donner un autre nom au fichier.",
  ],
  [
    "it is no longer there: put it back, or wait for the next scan",
    "Le fichier n’est plus là. Le remettre, ou attendre le prochain passage : il quittera alors cette liste.",
  ],
  [
    "it could not be opened ({}): check the disk and the name",
    "Le fichier n’a pas pu être ouvert (code {}). Faire vérifier le disque, et le nom du fichier.",
  ],
  [
    "only .pdf, .md, .markdown and .txt files are read",
    "Seuls les fichiers .pdf, .md, .markdown et .txt sont lus. Exporter ce document en PDF.",
  ],
  [
    "it is named like a text and holds something else (a picture, a program …): remove it or rename it",
    "Il porte un nom de fichier texte et contient autre chose (une image, un programme…). L’enlever, ou le renommer.",
  ],
  [
    "the file holds more than {} characters: split it into smaller files",
    "Le texte dépasse {} caractères. Le diviser en plusieurs fichiers.",
  ],
  [
    "this is not a PDF, whatever its name says: export it as PDF again, or remove it",
    "Malgré son nom, ce n’est pas un PDF. L’exporter de nouveau en PDF, ou l’enlever.",
  ],
  [
    "the PDF is cut off before its end: copy it into the documents folder again",
    "La fin du PDF manque : la copie a sans doute été interrompue. Le copier de nouveau dans le dossier des documents.",
  ],
  [
    "the PDF asks for a password: export it again without a password",
    "Le PDF est protégé par un mot de passe. L’exporter de nouveau sans mot de passe.",
  ],
  [
    "the PDF is damaged: export it again from the program it came from",
    "Le PDF est abîmé. L’exporter de nouveau depuis le logiciel d’où il vient.",
  ],
  ["the PDF has more than {} pages: split it into smaller files", "Le PDF dépasse {} pages. Le diviser en plusieurs fichiers."],
  [
    "the PDF holds more than {} characters: split it into smaller files",
    "Le texte du PDF dépasse {} caractères. Le diviser en plusieurs fichiers.",
  ],
  [
    "the PDF has no page of this number: read it again from the beginning",
    "Le PDF n’a pas toutes ses pages. L’exporter de nouveau depuis le logiciel d’où il vient.",
  ],
  [
    "the PDF takes too much time to read: print it to a new PDF, or split it into smaller files",
    "Le PDF prend trop de temps à lire. L’imprimer dans un nouveau PDF, ou le diviser en plusieurs fichiers.",
  ],
  [
    "the PDF takes too much memory to read: print it to a new PDF, or split it into smaller files",
    "Le PDF demande trop de mémoire. L’imprimer dans un nouveau PDF, ou le diviser en plusieurs fichiers.",
  ],
  [
    "the PDF gives more than it was asked for: print it to a new PDF",
    "Le PDF se comporte de façon anormale. L’imprimer dans un nouveau PDF.",
  ],
];

/** The reason in French; undefined for one that is not known, such as that of an older program. */
export function frenchReason(reason: string): string | undefined {
  for (const [english, french] of REASONS) {
    const [before = "", after] = english.split("{}");
    if (after === undefined ? reason === english : isAround(reason, before, after)) {
      const value = after === undefined ? "" : reason.slice(before.length, reason.length - after.length);
      // Thousands are grouped as the French do.
      return typography(french.replace("{}", () => (/^\d+$/.test(value) ? Number(value).toLocaleString("fr-FR") : value)));
    }
  }
  return undefined;
}

const isAround = (reason: string, before: string, after: string): boolean =>
  reason.length > before.length + after.length && reason.startsWith(before) && reason.endsWith(after);
