import type { Speech } from "./speech.ts";

/** What the server can be told to do wrong; the ids are those of the fault catalogue. */
export type Misbehaviour =
  /** An error body `{"error"}` at once, without waiting in line: O01, O03, O15. */
  | { readonly kind: "status"; readonly status: number; readonly error: string }
  /** A web page of a proxy instead of an answer: T14. */
  | { readonly kind: "page"; readonly status: number; readonly html: string }
  /** Not one byte: T09, O21. */
  | { readonly kind: "silent" }
  | { readonly kind: "hang"; readonly afterTokens: number }
  /** The socket is destroyed: T03. */
  | { readonly kind: "cut"; readonly afterTokens: number }
  /** The stream ends properly, without its `done:true`: O09. */
  | { readonly kind: "no-done"; readonly afterTokens?: number }
  /** An `{"error"}` line after a 200. */
  | { readonly kind: "error-line"; readonly afterTokens: number; readonly error: string }
  /** A line that is no JSON: T15. */
  | { readonly kind: "bad-line"; readonly afterTokens: number }
  /** Half an answer with `done_reason:"length"`: O10. */
  | { readonly kind: "length" }
  | { readonly kind: "empty" }
  /** Everything in `thinking`, nothing in `content`: O23. */
  | { readonly kind: "thinking-only" }
  | { readonly kind: "fenced" }
  | { readonly kind: "prose" }
  | { readonly kind: "wrong-shape" }
  | { readonly kind: "invented-category" }
  /** These words instead of an answer. */
  | { readonly kind: "says"; readonly content: string }
  /** The answer says that it was made elsewhere: O26. */
  | { readonly kind: "remote"; readonly host: string }
  /** The prompt was cut in silence, which shows only in this count: O11. */
  | { readonly kind: "prompt-cut"; readonly promptTokens: number }
  | { readonly kind: "slow"; readonly tokenDelayMs: number }
  /** A cold model: silence before the first token, O19. */
  | { readonly kind: "load"; readonly loadMs: number };

/** A speech with this misbehaviour in it. "status" and "page" never get as far as speaking. */
export function misbehave(speech: Speech, how: Misbehaviour): Speech {
  switch (how.kind) {
    case "silent":
      return { ...speech, ending: { kind: "hang" }, stopAfter: 0 };
    case "hang":
    case "cut":
    case "bad-line":
      return { ...speech, ending: { kind: how.kind }, stopAfter: how.afterTokens };
    case "no-done":
      return { ...speech, ending: { kind: "no-done" }, stopAfter: how.afterTokens ?? speech.stopAfter };
    case "error-line":
      return { ...speech, ending: { kind: "error-line", error: how.error }, stopAfter: how.afterTokens };
    case "length":
      return { ...speech, content: speech.content.slice(0, Math.ceil(speech.content.length / 2)), doneReason: "length" };
    case "thinking-only":
      return { ...speech, thinking: "Le texte parle d'une commune.", content: "" };
    case "remote":
      return { ...speech, remoteHost: how.host };
    case "prompt-cut":
      return { ...speech, promptTokens: how.promptTokens };
    case "slow":
      return { ...speech, tokenDelayMs: how.tokenDelayMs };
    case "load":
      return { ...speech, loadMs: how.loadMs };
    case "status":
    case "page":
      return speech;
    case "empty":
    case "fenced":
    case "prose":
    case "wrong-shape":
    case "invented-category":
    case "says":
      return { ...speech, content: otherWords(speech.content, how) };
  }
}

type OtherWords = Extract<Misbehaviour, { kind: "empty" | "fenced" | "prose" | "wrong-shape" | "invented-category" | "says" }>;

function otherWords(content: string, how: OtherWords): string {
  switch (how.kind) {
    case "empty":
      return "";
    case "fenced":
      return `\`\`\`json\n${content}\n\`\`\``;
    case "prose":
      return `Voici la réponse demandée :\n\n${content}\n\nJ'espère que cela vous aide.`;
    case "wrong-shape":
      return JSON.stringify({ answer: "oui", score: 3 });
    case "invented-category":
      return withInventedCategory(content);
    case "says":
      return how.content;
  }
}

/** Every "category" of an answer becomes one that nobody has. An answer without any gets one, which is wrong as well. */
function withInventedCategory(content: string): string {
  const replaced = content.replaceAll(/"category":"[^"]*"/g, '"category":"transports-spatiaux"');
  return replaced === content ? JSON.stringify({ category: "transports-spatiaux" }) : replaced;
}
