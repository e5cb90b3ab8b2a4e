import type { Claim, ClaimAbout } from "./analysis.ts";

const MONTHS = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"];

/**
 * Whether the figures of a claim's value stand in its quote: a right quote under a wrong amount proves nothing.
 *
 * Thousands may be grouped otherwise ("12 500", "12.500"), cents may be left out when they are zero, a date may be in French or
 * in figures. Figures written in words are not compared.
 */
export function compareFigures(about: ClaimAbout, value: string, quote: string): Claim["figures"] {
  const iso = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(value.trim());
  const inQuote = figuresOf(quote);
  if (iso !== null) return compareDate(iso, quote, inQuote);
  const wanted = figuresOf(value);
  // In a sentence of the model's own, "deux" may have become 2; amounts, numbers and places are copied.
  if (wanted.length === 0 || inQuote.length === 0 || about === "decision") return "no-figures";
  return wanted.every((figure) => inQuote.includes(figure)) ? "agree" : "differ";
}

function compareDate([, year, month, day]: RegExpExecArray, quote: string, inQuote: readonly string[]): Claim["figures"] {
  const plain = quote.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const years = inQuote.filter((figure) => /^(?:19|20)\d{2}$/.test(figure));
  if (inQuote.length === 0) return "no-figures";
  const hasYear = years.length === 0 || years.includes(year ?? "") || inQuote.includes((year ?? "").slice(2));
  const hasMonth = plain.includes(MONTHS[Number(month) - 1] ?? "?") || inQuote.includes(String(Number(month)));
  const hasDay = day === undefined || inQuote.includes(String(Number(day)));
  // "du 3 au 10 avril deux mille vingt-six": what is written in figures must agree, the rest cannot be compared.
  return hasYear && hasMonth && hasDay ? "agree" : "differ";
}

/** Every number as one plain string: "12 500,00" and "12.500" are "12500", "03" is "3". */
function figuresOf(text: string): readonly string[] {
  const grouped = text.normalize("NFKC").replace(/(?<=(?<!\d)\d{1,3}(?:[ .]\d{3})*)[ .](?=\d{3}(?!\d))/g, "");
  return (grouped.match(/\d+(?:,\d+)?/g) ?? []).map((figure) => figure.replace(/,0+$/, "").replace(/^0+(?=\d)/, ""));
}
