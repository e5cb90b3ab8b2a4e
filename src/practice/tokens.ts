/**
 * A text in pieces of the size of tokens, about four characters of French each: an estimate, no real tokenizer.
 *
 * @returns pieces that give the text back when joined; no character is cut in two
 */
export const tokensOf = (text: string): string[] => text.match(/\s{0,8}[\p{L}\p{M}\p{N}]{1,5}|[^\p{L}\p{M}\p{N}]{1,3}/gsu) ?? [];
