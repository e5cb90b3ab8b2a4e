import type { DocumentResult, TestContribution, Theme, ThemeContributions } from "./analysis.ts";
import { slugOf } from "./slug.ts";

/** Characters of the observation that the platform shows as a title. */
const TITLE_CHARS = 80;

export interface ThemeOrigin {
  /** SHA-256 of the document, for ids that no two documents share. */
  readonly sha256: string;
  /** Place of the theme in the result, from 1. */
  readonly themeNumber: number;
}

/**
 * One theme's test contributions as the records of a dataset: two that respect the charter, two that do not and say how.
 *
 * @param source  "practice" when no language model wrote them
 * @returns       four records; `page` is where the theme's quote was found, or null when it was found nowhere
 */
export function testContributions(
  theme: Theme,
  answer: ThemeContributions,
  source: TestContribution["source"],
  { sha256, themeNumber }: ThemeOrigin,
): readonly TestContribution[] {
  const page = theme.evidence.find((evidence) => evidence.kind === "found")?.page ?? null;
  return answer.contributions.map(({ sort, constat_factuel, idees_ameliorations }, index) => ({
    id: `doc-${sha256.slice(0, 8)}-t${String(themeNumber).padStart(2, "0")}-${index + 1}`,
    category: theme.category,
    constat_factuel,
    idees_ameliorations,
    title: titleOf(constat_factuel),
    body: `**Constat factuel:**\n${constat_factuel}\n\n**Vos idées d'améliorations:**\n${idees_ameliorations}`,
    source,
    theme: theme.title,
    page,
    expected_valid: sort === "valid",
    violations_injected: sort === "valid" ? null : [sort],
  }));
}

/** The result's dataset as JSONL: one record a line, nothing when there is none. */
export const datasetLines = (result: Pick<DocumentResult, "dataset">, split?: string): string =>
  result.dataset.map((record) => `${JSON.stringify(split === undefined ? record : { ...record, split })}\n`).join("");

/**
 * File name of a dataset: `audierne-{file}-{YYYYMMDD}.jsonl`.
 *
 * @param file  the document's name; only its stem counts, made safe for any file system
 * @param at    when it was made; the day is the one in Audierne
 */
export const datasetName = (file: string, at: Date): string => `audierne-${slugOf(file)}-${parisDay(at)}.jsonl`;

/** By code points, so that no character is cut in half. */
function titleOf(constat: string): string {
  const characters = [...constat];
  return characters.length <= TITLE_CHARS ? constat : `${characters.slice(0, TITLE_CHARS).join("")}...`;
}

/** Made when first used: the first calendar of a process takes 9 MB, and an idle worker needs none. */
const parisDay = (at: Date): string => {
  calendar ??= new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", year: "numeric", month: "2-digit", day: "2-digit" });
  return calendar.format(at).split("/").reverse().join("");
};
let calendar: Intl.DateTimeFormat | undefined;
