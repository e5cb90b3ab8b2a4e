import { CATEGORIES, type Category } from "../contributions/categories.ts";
import type { SkipReason } from "../core/attempt.ts";
import type { FaultKind } from "../core/fault.ts";
import type { Site } from "../core/provider.ts";
import type { ActKind } from "./analysis.ts";
import type { UnreadReason } from "./page.ts";

/** What councillors read: every word of ours in the reports, in French. */
export const KIND_NAMES: Readonly<Record<ActKind, string>> = {
  arrete: "Arrêté",
  deliberation: "Délibération",
  convocation: "Convocation",
  "ordre-du-jour": "Ordre du jour",
  "bulletin-municipal": "Bulletin municipal",
  rapport: "Rapport",
  formulaire: "Formulaire",
  avis: "Avis",
  programme: "Programme",
  plan: "Plan ou carte",
  "compte-rendu": "Compte rendu",
  transcription: "Transcription",
  notes: "Notes",
  autre: "Document",
};

const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  economie: "Économie",
  logement: "Logement",
  culture: "Culture",
  ecologie: "Écologie",
  associations: "Associations",
  jeunesse: "Jeunesse",
  "alimentation-bien-etre-soins": "Alimentation, bien-être et soins",
};

export const categoryTitle = (category: Category): { readonly name: string; readonly meaning: string } => ({
  name: CATEGORY_NAMES[category],
  meaning: CATEGORIES[category],
});

const SKIP_REASONS: Readonly<Record<SkipReason, string>> = {
  "no-key": "pas interrogé : aucune clé n’est réglée",
  "egress-refused": "pas interrogé : la commune n’autorise pas l’envoi de ces textes hors de son serveur",
  "outside-eu": "pas interrogé : il est hors de l’Union européenne",
  "cooling-down": "pas interrogé : il était en panne ou demandait d’attendre",
};

const FAULT_REASONS: Readonly<Record<FaultKind, string>> = {
  unreachable: "injoignable",
  "timed-out": "n’a pas répondu à temps",
  "server-error": "a eu une panne",
  busy: "était occupé",
  "rate-limited": "a refusé : trop de demandes",
  "quota-exhausted": "a refusé : crédit ou quota épuisé",
  unauthorized: "a refusé la clé d’accès",
  "model-missing": "n’a pas le modèle demandé",
  misconfigured: "est mal réglé",
  "prompt-too-long": "a trouvé le texte trop long",
  refused: "n’a pas voulu répondre à ce texte",
  truncated: "a donné une réponse incomplète",
  "invalid-answer": "a donné une réponse inutilisable",
  "invalid-payload": "a reçu une demande mal formée",
  "unreadable-document": "n’a pas pu lire le document",
  "document-changed": "interrompu : le document a changé",
  "lease-lost": "interrompu : le tour de passage a été perdu",
  cancelled: "interrompu",
  "redis-unavailable": "interrompu : la file d’attente ne répondait plus",
  "egress-breach": "arrêté : l’envoi n’était pas permis",
  unknown: "a échoué pour une raison inconnue",
};

/** Why a page is not read, in the words that follow "page 3 : non lue,". */
const UNREAD_WORDS: Readonly<Record<UnreadReason, string>> = {
  "unreadable-document": "l’image n’a pas pu être dessinée",
  refused: "la reconnaissance de caractères a refusé l’image",
  "prompt-too-long": "l’image est trop grande pour la reconnaissance de caractères",
  "timed-out": "la reconnaissance de caractères n’a pas abouti à temps",
  "server-error": "la reconnaissance de caractères s’est arrêtée avant la fin",
  truncated: "la reconnaissance de caractères a donné une réponse incomplète",
  "invalid-answer": "la reconnaissance de caractères a donné une réponse inutilisable",
};
export const unreadWords = (reason: UnreadReason): string => UNREAD_WORDS[reason];

export const skipReason = (why: SkipReason): string => SKIP_REASONS[why];
export const faultReason = (fault: FaultKind): string => FAULT_REASONS[fault];

const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  ollama: "Ollama",
  openai: "OpenAI",
  claude: "Claude (Anthropic)",
  mistral: "Mistral",
  gemini: "Gemini (Google)",
  tesseract: "Tesseract",
  "google-vision": "Google Vision",
};
export const providerName = (name: string): string => PROVIDER_NAMES[name] ?? name;

/** Made when first used, like the calendars below: together they take 9 MB, and an idle worker needs none. */
const countries = whenUsed(() => new Intl.DisplayNames("fr", { type: "region", fallback: "code" }));

/** Where a text was worked on, as a councillor would say it. */
export function siteName(site: Site): string {
  if (site.kind === "local") return "sur le serveur local, sans sortie du texte";
  return `chez un prestataire externe (${/^[A-Z]{2}$/.test(site.country) ? countries().of(site.country) : site.country})`;
}

const NARROW = "\u202F";
const NO_BREAK = "\u00A0";

/** French no-break spaces where a plain one stands; adds none, so that an address or a time stays what it is. Never for quotes. */
export const typography = (text: string): string =>
  text
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, NARROW)
    .replace(/ (?=[;!?])/g, NARROW)
    .replace(/ (?=[:»%€])/g, NO_BREAK)
    .replace(/(?<=[«]) /g, NO_BREAK)
    .replace(/(?<=\b(?:n|N)°) /g, NO_BREAK)
    .replaceAll("'", "’");

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("fr-FR")}${NO_BREAK}${count < 2 ? one : many}`;

const dayFormat = whenUsed(() => new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" }));
const monthFormat = whenUsed(() => new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", month: "long", year: "numeric" }));
const instantFormat = whenUsed(() => new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", dateStyle: "long", timeStyle: "short" }));

/** "2026-03-01" as "1er mars 2026", "2026-03" as "mars 2026"; anything else, an impossible date too, as it is. */
export function frenchDate(value: string): string {
  if (!/^\d{4}-\d{2}(-\d{2})?$/.test(value)) return typography(value);
  const day = new Date(`${value.length === 7 ? `${value}-01` : value}T00:00:00Z`);
  // JavaScript takes 31 February for 3 March.
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(value)) return value;
  return (value.length === 7 ? monthFormat() : dayFormat()).format(day).replace(/^1 /, "1er ");
}

const LENGTHS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  D: ["jour", "jours"],
  W: ["semaine", "semaines"],
  M: ["mois", "mois"],
  Y: ["an", "ans"],
  H: ["heure", "heures"],
};

/** "2026-03-01/2026-03-09" as "du 1er mars 2026 au 9 mars 2026", "P2M" as "2 mois"; a single date as `frenchDate`. */
export function frenchDeadline(value: string): string {
  const [from = "", to] = value.split("/");
  if (to !== undefined) return `du ${frenchDate(from)} au ${frenchDate(to)}`;
  const [, count, unit = ""] = /^PT?(\d+)([DWMYH])$/.exec(value) ?? [];
  const words = LENGTHS[unit];
  return count === undefined || words === undefined ? frenchDate(value) : plural(Number(count), ...words);
}

export const frenchInstant = (iso: string): string => `${instantFormat().format(new Date(iso))} (heure de Paris)`;

/** "12 500 €", "12,50 €". */
export const frenchEuros = (euros: number): string =>
  `${euros.toLocaleString("fr-FR", { minimumFractionDigits: Number.isInteger(euros) ? 0 : 2, maximumFractionDigits: 2 })}${NO_BREAK}€`;

/** "1,4 Mo". */
export function frenchSize(bytes: number): string {
  const format = (value: number, unit: string): string =>
    `${value.toLocaleString("fr-FR", { maximumFractionDigits: 1 })}${NO_BREAK}${unit}`;
  if (bytes < 1_000) return format(bytes, bytes < 2 ? "octet" : "octets");
  return bytes < 1_000_000 ? format(Math.round(bytes / 1_000), "Ko") : format(bytes / 1_000_000, "Mo");
}

/** "1, 3 à 5 et 8". */
export function pageList(pages: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const page of pages.toSorted((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open !== undefined && page <= open.last + 1) open.last = page;
    else ranges.push({ first: page, last: page });
  }
  const words = ranges.flatMap(({ first, last }) =>
    last > first + 1 ? [`${first} à ${last}`] : last > first ? [`${first}`, `${last}`] : [`${first}`],
  );
  return new Intl.ListFormat("fr", { type: "conjunction" }).format(words);
}

function whenUsed<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
