import type { Backdrop } from "./backdrop.ts";
import type { Point } from "./bare-pictures.ts";
import { type Box, holds, type Matrix, times } from "./geometry.ts";
import { COMMON_UNIT, type State } from "./state.ts";

/** Where text is painted: at the next letter, and at the beginning of the line. */
export interface TextLine {
  readonly matrix: Matrix;
  readonly start: Matrix;
}

/** Why a letter is not seen, or that it is. "off" are letters that pdf.js gives no text for either. */
export const SEEN = 0;
export const HIDDEN = 1;
export const OFF = 2;
/** Hidden unless a picture covers the page: then they are what a scanner's OCR laid under it. */
const UNDER_SCAN = 3;

/** All letters of a page in the order they are painted, spaces left out. */
export interface Letters {
  /** As `plainLetters` gives them. */
  readonly text: string;
  /** For each UTF-16 unit of the text: seen, hidden or off the page. */
  readonly states: Uint8Array;
  /** Where the letters stand that are seen, in points of the page. */
  readonly seenAt: readonly Point[];
}

/** Below this no one reads; the small print of forms has 5. In points. */
const MIN_SIZE = 3;
/** Spaces, and the marks that take no room. */
const WITHOUT_INK = /[\s\p{Cc}\p{Cf}]/gu;

interface Glyph {
  readonly unicode?: unknown;
  readonly width?: unknown;
  readonly isSpace?: unknown;
}

/** Collects the letters of a page. */
export function letterLine(view: Box, backdrop: Backdrop) {
  const texts: string[] = [];
  const states: number[] = [];
  const seenAt: Point[] = [];
  const note = (text: string, is: number, { x, y }: Place) => {
    texts.push(text);
    if (is === SEEN) seenAt.push([x, y]);
    for (let unit = 0; unit < text.length; unit += 1) states.push(is);
  };
  return {
    /** Paints glyphs and the gaps between them, and moves on behind them. */
    show(glyphs: unknown, state: State, line: TextLine): TextLine {
      let { matrix } = line;
      let seenAs: number | undefined;
      for (const glyph of Array.isArray(glyphs) ? (glyphs as unknown[]) : []) {
        const advance = advanceOf(glyph, state);
        const text = textOf(glyph);
        if (text !== "") {
          const place = placeOf(state, matrix, advance);
          // Looked at once for each run: nothing but the place changes within it.
          seenAs ??= runState(state, place, backdrop);
          note(text, whereIs(place, view, state) ?? seenAs, place);
        }
        matrix = times(matrix, [1, 0, 0, 1, advance, 0]);
      }
      return { matrix, start: line.start };
    },
    end: (isCovered: boolean): Letters => ({
      text: texts.join(""),
      seenAt,
      states: Uint8Array.from(states, (state) => (state === UNDER_SCAN ? (isCovered ? SEEN : HIDDEN) : state)),
    }),
  };
}

function whereIs(place: Place, view: Box, { clip }: State): number | undefined {
  if (isOff(place, view)) return OFF;
  return holds(clip, place.x, place.y, place.size) ? undefined : HIDDEN;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Height of the letters, in points of the page. */
  readonly size: number;
}

function placeOf(state: State, matrix: Matrix, advance: number): Place {
  const at = times(times(state.matrix, matrix), [state.size * state.stretch, 0, 0, state.size, 0, state.rise]);
  const scale = Math.hypot(at[0], at[1]) / (Math.abs(state.size * state.stretch) || 1);
  return { x: at[4], y: at[5], width: Math.abs(advance) * scale, size: Math.hypot(at[2], at[3]) };
}

function runState(state: State, { x, y, size }: Place, backdrop: Backdrop): number {
  // Drawn letters may be larger than their size says.
  if (size < MIN_SIZE && state.unit === COMMON_UNIT) return HIDDEN;
  if (state.mode === 3 || state.alpha === 0) return UNDER_SCAN;
  // Outlined letters (1, 2) have a second colour, and those of 4 and above are looked through.
  return state.mode === 0 && backdrop.hides(state.fill, x + size / 4, y + size / 4) ? UNDER_SCAN : SEEN;
}

/** As pdf.js decides it. */
const isOff = ({ x, y, width }: Place, view: Box): boolean => x + width < view[0] || x > view[2] || y < view[1] || y > view[3];

/** How far a glyph, or a gap given as a number, moves on; in the text's own measure. */
function advanceOf(glyph: unknown, state: State): number {
  if (typeof glyph === "number") return (-glyph / 1_000) * state.size * state.stretch;
  const { width, isSpace } = (glyph ?? {}) as Glyph;
  const own = typeof width === "number" && Number.isFinite(width) ? width * state.unit * state.size : 0;
  return (own + state.charSpacing + (isSpace === true ? state.wordSpacing : 0)) * state.stretch;
}

function textOf(glyph: unknown): string {
  const unicode = typeof glyph === "object" && glyph !== null ? (glyph as Glyph).unicode : undefined;
  return typeof unicode === "string" ? plainLetters(unicode) : "";
}

/** Letters as they are compared: without spaces, joined ones apart, accents behind their letter, so that a text is the sum of its letters. */
export const plainLetters = (text: string): string => text.normalize("NFKD").replace(WITHOUT_INK, "");
