import type { ActKind, ChunkAnswer, Claim, ClaimAbout, DocumentResult, Evidence } from "./analysis.ts";
import type { Chunk } from "./chunk.ts";
import { compareFigures } from "./figures.ts";
import { joinClaims, joinThemes } from "./join.ts";
import { withoutInventedQuotes } from "./quotation-marks.ts";
import { findQuote, type QuotablePage, quotablePage } from "./quotes.ts";

/** What the answers about a document's chunks say together. */
export type MergedAnalysis = Pick<DocumentResult, "act" | "stated" | "summary" | "themes" | "claims" | "quotes">;

export interface AnsweredDocument {
  readonly pages: readonly { readonly number: number; readonly text: string }[];
  readonly chunks: readonly Chunk[];
  /** One per chunk, in the same order. */
  readonly answers: readonly ChunkAnswer[];
}

/**
 * Puts the answers about a document's chunks together: every quote looked for in the document, doubles joined, pages corrected.
 *
 * Nothing a model wrote as a quote survives: a found one is replaced by what stands on the page, any other is dropped and its
 * claim marked. Words in quotation marks inside a summary or a value keep them only when they stand in the document. A page number outside the document is not kept.
 */
export function mergeAnswers({ pages, chunks, answers }: AnsweredDocument): MergedAnalysis {
  const quotable = pages.map((page) => quotablePage(page.number, page.text));
  const counted: Evidence[] = [];
  const prove = (item: { readonly quote: string; readonly page: number }, chunk: Chunk | undefined): Evidence => {
    const evidence = locate(item, chunk?.pages ?? [], quotable);
    counted.push(evidence);
    return evidence;
  };
  const phrase = (text: string): string => withoutInventedQuotes(text.replace(/\s+/g, " ").trim(), quotable);
  const themes = answers.flatMap((answer, index) =>
    answer.themes.map(({ category, title, keywords, ...item }) => ({
      category,
      title: phrase(title),
      keywords: keywords.map(phrase),
      evidence: [prove(item, chunks[index])],
    })),
  );
  const claims = answers.flatMap((answer, index) =>
    answer.claims.map((claim) => proved(claim.about, phrase(claim.value), prove(claim, chunks[index]))),
  );
  return {
    act: {
      kind: kindOf(answers.map((answer) => answer.kind)),
      number: best(claims, "numero"),
      date: best(claims, "date-acte"),
      title: best(claims, "titre"),
    },
    summary: answers.map((answer) => phrase(answer.summary)),
    themes: joinThemes(themes),
    claims: joinClaims(claims.filter((claim) => !ABOUT_THE_ACT.has(claim.about))),
    quotes: { checked: counted.length, found: counted.filter((evidence) => evidence.kind === "found").length },
  };
}

const ABOUT_THE_ACT: ReadonlySet<ClaimAbout> = new Set(["numero", "date-acte", "titre"]);

function proved(about: ClaimAbout, value: string, evidence: Evidence): Claim {
  const figures = evidence.kind === "found" ? compareFigures(about, value, evidence.text) : "no-figures";
  return { about, value, evidence, figures };
}

/**
 * Where a quote really stands: on the page it names, else on another page of its chunk, else anywhere, there only letter by letter.
 *
 * The model saw its chunk only, so a place elsewhere is a phrase that stands twice, and must be the same to the letter.
 */
function locate(
  { quote, page }: { readonly quote: string; readonly page: number },
  chunkPages: readonly number[],
  pages: readonly QuotablePage[],
): Evidence {
  const named = pages.filter((one) => one.number === page);
  const near = pages.filter((one) => one.number !== page && chunkPages.includes(one.number));
  const far = pages.filter((one) => one.number !== page && !chunkPages.includes(one.number));
  // A copy to the letter next door beats a resemblance on the page that was named.
  for (const [places, tolerance] of [
    [named, "exact"],
    [near, "exact"],
    [named, "close"],
    [near, "close"],
    [far, "exact"],
  ] as const) {
    for (const place of places) {
      const evidence = findQuote(quote, place, tolerance);
      if (evidence.kind === "found") return evidence;
    }
  }
  return { kind: "not-found", page: named.length > 0 ? page : null };
}

/**
 * The kind most chunks say, the first one counting for half of all besides itself: an arrêté says what it is on its first page,
 * and may have ten pages of plans after it. "autre" is no opinion.
 */
function kindOf(kinds: readonly ActKind[]): ActKind {
  const votes = new Map<ActKind, number>();
  kinds.forEach((kind, index) => {
    if (kind !== "autre") votes.set(kind, (votes.get(kind) ?? 0) + (index === 0 ? 1 + kinds.length / 2 : 1));
  });
  return [...votes].reduce<readonly [ActKind, number]>((most, vote) => (vote[1] > most[1] ? vote : most), ["autre", 0])[0];
}

/** Found before not found, figures that do not differ before those that do, then the earliest page, then the first said. */
function best(claims: readonly Claim[], about: ClaimAbout): Claim | null {
  const rank = (claim: Claim): number => (claim.evidence.kind === "found" ? 0 : 2) + (claim.figures === "differ" ? 1 : 0);
  const page = (claim: Claim): number => claim.evidence.page ?? Number.MAX_SAFE_INTEGER;
  return claims.filter((claim) => claim.about === about).sort((a, b) => rank(a) - rank(b) || page(a) - page(b))[0] ?? null;
}
