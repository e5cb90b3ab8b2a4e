import { HIDDEN, type Letters, OFF, plainLetters } from "./letters.ts";

/** A piece of text as pdf.js gives it; the place is in points of the shown page, y downwards. */
export interface TextItem {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly endsLine: boolean;
}

/** Fewer are a raised letter of the smallest print or a stray mark of a layout program, not a sentence. */
export const MIN_HIDDEN = 3;
/** How far the two lists may part before a piece counts as not found. */
const MAX_SKIP = 1_000;

/**
 * Takes the letters nobody sees out of pdf.js's text.
 *
 * pdf.js tells the letters' colour and mode in one list and their words and lines in another; both have the same order.
 * A piece that is found in one list only counts as seen: the worse mistake is to lose the text of an act.
 *
 * @returns the items, those left empty taken out, and how many letters were hidden
 */
export function seenItems(items: readonly TextItem[], letters: Letters): { readonly items: readonly TextItem[]; readonly hidden: number } {
  if (letters.states.filter((state) => state === HIDDEN).length < MIN_HIDDEN) return { items, hidden: 0 };
  const statesOf = startMatching(onThePage(letters));
  let hidden = 0;
  const seen = items.flatMap((item) => {
    const states = statesOf(plainLetters(item.text));
    if (!states?.includes(HIDDEN)) return [item];
    const text = seenPart(item.text, states);
    hidden += states.filter((state) => state === HIDDEN).length;
    if (/\S/.test(text)) return [{ ...item, text }];
    // The end of its line stays: what follows does not belong to the line before.
    return item.endsLine ? [{ ...item, text: "" }] : [];
  });
  return { items: seen, hidden };
}

/** pdf.js gives no text for what lies beside the page. */
function onThePage({ text, states }: Letters): Pick<Letters, "text" | "states"> {
  if (!states.includes(OFF)) return { text, states };
  return {
    text: Array.from(states, (state, at) => (state === OFF ? "" : text[at])).join(""),
    states: states.filter((state) => state !== OFF),
  };
}

/** @returns a function that gives the states of the letters of the next piece; `undefined` when it is not found near by */
function startMatching({ text, states }: Pick<Letters, "text" | "states">): (piece: string) => Uint8Array | undefined {
  let at = 0;
  return (piece) => {
    const found = text.slice(at, at + MAX_SKIP + piece.length).indexOf(piece);
    if (found === -1 || piece === "") return undefined;
    const begin = at + found;
    at = begin + piece.length;
    return states.subarray(begin, at);
  };
}

function seenPart(text: string, states: Uint8Array): string {
  let at = 0;
  return Array.from(text)
    .filter((letter) => {
      const state = states[at];
      const { length } = plainLetters(letter);
      at += length;
      return length === 0 || state !== HIDDEN;
    })
    .join("");
}
