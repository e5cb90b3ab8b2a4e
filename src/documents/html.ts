/** Text that is HTML already. Only `html` makes it, so what a document says can only become text. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | undefined | readonly (Html | undefined)[];

/** A template whose values are escaped unless they are `Html`; `undefined` is nothing. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: strings.reduce((markup, string, index) => `${markup}${markupOf(parts[index - 1])}${string}`),
});

function markupOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return "markup" in part ? part.markup : part.map((one) => one?.markup ?? "").join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
