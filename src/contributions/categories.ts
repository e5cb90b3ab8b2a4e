/** The seven categories of the platform, exact keys, with what each covers. */
export const CATEGORIES = {
  economie: "commerce, tourisme, emploi, port, pêche",
  logement: "habitat, urbanisme, immobilier",
  culture: "patrimoine, événements, arts, musique",
  ecologie: "environnement, énergie, déchets, biodiversité",
  associations: "vie associative, clubs, bénévolat",
  jeunesse: "écoles, enfance, activités jeunes",
  "alimentation-bien-etre-soins": "alimentation, santé, bien-être, services médicaux",
} as const;

export type Category = keyof typeof CATEGORIES;
export const CATEGORY_KEYS = Object.keys(CATEGORIES) as [Category, ...Category[]];

/** Names met in real life. Anything else is not mapped: an invented category is an invalid answer, never silently the first one. */
const KNOWN_NAMES: Readonly<Record<string, Category>> = {
  environnement: "ecologie",
  ecole: "jeunesse",
  ecoles: "jeunesse",
  "ecole-jeunesse": "jeunesse",
  economies: "economie",
  association: "associations",
  urbanisme: "logement",
  "alimentation-bienetre-soin": "alimentation-bien-etre-soins",
  "alimentation-bienetre-soins": "alimentation-bien-etre-soins",
};

/** The category a person meant by `name`, or undefined when nobody can say. */
export function categoryNamed(name: string): Category | undefined {
  const key = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .trim()
    .replace(/[\s_]+/g, "-");
  if ((CATEGORY_KEYS as readonly string[]).includes(key)) return key as Category;
  return KNOWN_NAMES[key];
}
