import type { AnsweredBy } from "../core/attempt.ts";
import type { DocumentResult } from "./analysis.ts";
import { printable } from "./clean-text.ts";
import { faultReason, frenchInstant, plural, providerName, siteName, skipReason, typography } from "./report-words.ts";

export interface Fact {
  readonly label: string;
  readonly values: readonly string[];
}

/** How a text came to be: who answered, where, when, who did not and why (AI Act, article 50; CRPA L.311-3-1). */
export function productionFacts({ status, production, quotes }: DocumentResult): readonly Fact[] {
  const { answers, readBy = [], promptVersion, at } = production;
  const passedOver = tally([...readBy, ...answers].flatMap(passedOverOf));
  return [
    { label: "Produit par", values: answers.length === 0 ? ["Aucun modèle n’a été interrogé."] : tally(answers.map(answererOf)) },
    ...(readBy.length === 0 ? [] : [{ label: "Pages numérisées lues par", values: tally(readBy.map(answererOf)) }]),
    { label: "Analyse commencée le", values: [frenchInstant(at)] },
    ...(answers.length === 0 ? [] : [{ label: "Version des consignes", values: [printable(promptVersion)] }]),
    ...(passedOver.length === 0 ? [] : [{ label: "Essayés avant, sans réponse", values: passedOver }]),
    ...(status === "analysed"
      ? [
          { label: "Citations vérifiées", values: [checkedWords(quotes)] },
          { label: "Relecture", values: ["Généré par IA, non relu\u00A0: aucune personne n’a vérifié ce texte."] },
        ]
      : []),
  ];
}

const checkedWords = ({ checked, found }: DocumentResult["quotes"]): string =>
  checked === 0
    ? "Aucune citation à vérifier."
    : `${found} sur ${checked} retrouvées dans le document. Une citation imprimée ici est toujours le texte de sa page.`;

const answererOf = ({ provider, model, site }: AnsweredBy): string =>
  printable(`${providerName(provider)}, modèle ${model}, ${siteName(site)}`);

const passedOverOf = ({ attempts }: AnsweredBy): readonly string[] =>
  attempts.flatMap((attempt) => {
    if (attempt.kind === "answered") return [];
    const why = attempt.kind === "skipped" ? skipReason(attempt.why) : faultReason(attempt.fault);
    return [printable(`${providerName(attempt.provider)}\u00A0: ${typography(why)}`)];
  });

/** Equal lines once, each with how often it was said, in order of first appearance. */
function tally(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${plural(count, "fois", "fois")})`));
}
