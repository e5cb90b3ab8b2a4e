import { CATEGORIES, type Category, categoryNamed } from "../contributions/categories.ts";
import type { ThemeContributions } from "../documents/analysis.ts";
import { onOneLine } from "./sentences.ts";

/** Each exercise text begins with this, so that nobody can take one for a citizen's. */
export const EXERCISE_MARK = "[Texte d'exercice]";

/** Four texts about a theme, made from templates: two the charter welcomes, one subtle violation, one aggressive. */
export function answerTheme(theme: string): ThemeContributions {
  const about = aboutOf(theme);
  const contributions = TEMPLATES.map(({ sort, constat, idees }) => ({
    sort,
    constat_factuel: `${EXERCISE_MARK} ${constat(about)}`,
    idees_ameliorations: `${EXERCISE_MARK} ${idees(about)}`,
  }));
  return { contributions };
}

interface About {
  readonly title: string;
  /** What its category covers, in the platform's own words. */
  readonly field: string;
}

interface Template {
  readonly sort: ThemeContributions["contributions"][number]["sort"];
  readonly constat: (about: About) => string;
  readonly idees: (about: About) => string;
}

const TEMPLATES: readonly Template[] = [
  {
    sort: "valid",
    constat: ({ title, field }) =>
      `Sur le sujet « ${title} », les habitants de la commune manquent d'informations simples. Le document de la mairie est clair, mais peu de gens l'ont lu. Cela touche pourtant ce domaine : ${field}.`,
    idees: ({ title }) =>
      `Je propose d'organiser une réunion publique par an sur « ${title} » et d'afficher en mairie un bilan d'une page. Cela permettrait à chacun de suivre le projet et de poser ses questions.`,
  },
  {
    sort: "valid",
    constat: ({ title, field }) =>
      `J'habite le bourg et je suis de près le sujet « ${title} ». Des progrès ont été faits cette année, mais il reste un problème : les délais ne sont pas annoncés. Domaine concerné : ${field}.`,
    idees: ({ title }) =>
      `Pourquoi ne pas mettre en place un calendrier public pour « ${title} », avec trois dates par an ? Une visite sur place avec les habitants serait utile pour améliorer le projet avant la décision.`,
  },
  {
    sort: "subtle",
    constat: ({ title }) =>
      `Bien sûr, la commune présente « ${title} » comme une réussite. Mais chacun sait que les chiffres sont faux, et on peut se demander à qui profite ce dossier.`,
    idees: ({ title }) =>
      `Il faudrait peut-être que ceux qui ont préparé « ${title} » expliquent leurs petits arrangements avant d'en présenter d'autres aux habitants.`,
  },
  {
    sort: "aggressive",
    constat: ({ title }) =>
      `« ${title.toUpperCase()} », C'EST UNE HONTE ! LES ÉLUS DE CETTE COMMUNE SONT DES INCOMPÉTENTS, UNE BANDE D'INCAPABLES QUI SE MOQUENT DE NOUS !`,
    idees: () => "QU'ILS DÉGAGENT TOUS, CES BONS À RIEN ! DÉGAGEZ, ET LAISSEZ LA PLACE À DES GENS QUI TRAVAILLENT !",
  },
];

/** In code points, so that no character is cut in two. */
const MAX_TITLE_POINTS = 80;

/** Reads `title: …` and `category: …` lines, in French or English, or the same as JSON; else the first line is the title. */
function aboutOf(theme: string): About {
  const fields = fieldsOf(theme);
  const title = onOneLine(fields.get("title") ?? theme.split("\n").find((line) => line.trim() !== "") ?? "");
  return {
    title: title === "" ? "sujet sans titre" : [...title].slice(0, MAX_TITLE_POINTS).join(""),
    field: CATEGORIES[categoryNamed((fields.get("category") ?? "").slice(0, MAX_TITLE_POINTS)) ?? FALLBACK],
  };
}

const FALLBACK: Category = "associations";

const FIELD_NAMES: Readonly<Record<string, string>> = {
  title: "title",
  titre: "title",
  theme: "title",
  thème: "title",
  category: "category",
  categorie: "category",
  catégorie: "category",
};

function fieldsOf(theme: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of jsonEntries(theme) ?? lineEntries(theme)) {
    const field = FIELD_NAMES[name.trim().toLowerCase()];
    if (field !== undefined && !fields.has(field) && value.trim() !== "") fields.set(field, value.trim());
  }
  return fields;
}

function jsonEntries(theme: string): [string, string][] | undefined {
  if (!theme.trimStart().startsWith("{")) return undefined;
  try {
    const parsed = JSON.parse(theme) as unknown;
    if (typeof parsed !== "object" || parsed === null) return undefined;
    return Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  } catch {
    return undefined; // a theme that only looks like JSON is read line by line
  }
}

function lineEntries(theme: string): [string, string][] {
  return theme.split("\n").flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
}
