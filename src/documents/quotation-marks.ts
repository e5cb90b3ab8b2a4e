import { findQuote, type QuotablePage } from "./quotes.ts";

const QUOTATION = /«\s*([^«»]*?)\s*»|“\s*([^“”]*?)\s*”|"([^"]*)"/g;

/**
 * A model's own sentence without quotation marks round words that the document does not have.
 *
 * A summary may name « Les Hirondelles »; what it puts in somebody's mouth must stand on a page to the letter, or it is not
 * shown as said.
 */
export function withoutInventedQuotes(text: string, pages: readonly QuotablePage[]): string {
  return text.replace(QUOTATION, (whole, ...groups: (string | undefined)[]) => {
    const words = groups.slice(0, 3).find((group) => group !== undefined) ?? "";
    return pages.some((page) => findQuote(words, page, "exact").kind === "found") ? whole : words;
  });
}
