import { CATEGORY_KEYS, type Category } from "../contributions/categories.ts";
import { ACT_KINDS, type ActKind, type DocumentResult } from "./analysis.ts";
import { type Html, html } from "./html.ts";
import { categoryTitle, KIND_NAMES, plural } from "./report-words.ts";

/** What one document is looked for by. */
export interface Traits {
  readonly categories: readonly Category[];
  readonly kind: ActKind;
  /** Of the act, when its date was found on a page. */
  readonly year: string | undefined;
}

export function traitsOf({ themes, act }: Pick<DocumentResult, "themes" | "act">): Traits {
  const date = act.date?.evidence.kind === "found" ? act.date.value : "";
  return {
    categories: CATEGORY_KEYS.filter((key) => themes.some(({ category }) => category === key)),
    kind: act.kind,
    year: /(?<!\d)((?:19|20)\d{2})(?!\d)/.exec(date)?.[1],
  };
}

interface Choice {
  readonly value: string;
  readonly name: string;
  readonly count: number;
}

interface Filter {
  /** Also the name of its attribute: `data-kind`. */
  readonly id: "category" | "kind" | "year";
  readonly title: string;
  readonly all: string;
  readonly choices: readonly Choice[];
}

const NO_YEAR = "none";

/** What can be chosen: only what at least one document has, each with how many have it. */
function filtersOf(all: readonly Traits[]): readonly Filter[] {
  const choice = (value: string, name: string, has: (traits: Traits) => boolean): readonly Choice[] => {
    const count = all.filter(has).length;
    return count === 0 ? [] : [{ value, name, count }];
  };
  const years = [...new Set(all.flatMap(({ year }) => (year === undefined ? [] : [year])))].sort((a, b) => Number(b) - Number(a));
  return [
    {
      id: "category",
      title: "Catégorie",
      all: "Toutes",
      choices: CATEGORY_KEYS.flatMap((key) => choice(key, categoryTitle(key).name, ({ categories }) => categories.includes(key))),
    },
    {
      id: "kind",
      title: "Nature",
      all: "Toutes",
      choices: ACT_KINDS.flatMap((key) => choice(key, KIND_NAMES[key], ({ kind }) => kind === key)),
    },
    {
      id: "year",
      title: "Année",
      all: "Toutes",
      choices: [
        ...years.flatMap((year) => choice(year, year, (traits) => traits.year === year)),
        ...choice(NO_YEAR, "Sans date", ({ year }) => year === undefined),
      ],
    },
  ];
}

/** Attributes of a document in the list, by which the sheet of `filterStyle` finds it. */
export const traitAttributes = ({ categories, kind, year }: Traits): Html =>
  html` data-category="${categories.join(" ")}" data-kind="${kind}" data-year="${year ?? NO_YEAR}"`;

/** Radio buttons, one group for each trait: they work without a script, with the keyboard, and for a screen reader. */
export const filtersHtml = (
  all: readonly Traits[],
): Html => html`<div class="filters" role="group" aria-label="Choisir parmi les documents">
${filtersOf(all).map(
  ({ id, title, all: everything, choices }) => html`<fieldset><legend>${title}</legend>
<label><input type="radio" name="${id}" id="${id}-all" checked> ${everything}</label>
${choices.map(({ value, name, count }) => html`<label><input type="radio" name="${id}" id="${id}-${value}"> ${name} <span class="count">(${count})</span></label>\n`)}</fieldset>
`,
)}</div>
`;

/** Hides what was not chosen. Its selectors are made of our own keys and of figures: nothing a document says gets into them. */
export const filterStyle = (all: readonly Traits[]): string =>
  filtersOf(all)
    .flatMap(({ id, choices }) =>
      choices.map(({ value }) => `main:has(#${id}-${value}:checked) .documents > li:not([data-${id}~="${value}"]) { display: none; }`),
    )
    .join("\n");

/** How many are shown is counted by the sheet itself: it says so of those that stand above it. */
export const shownHtml = (count: number): Html => html`<p class="shown note">Documents affichés, sur ${plural(count, "document")} : </p>
`;
