import { type Box, IDENTITY, type Matrix } from "./geometry.ts";

/** How text is painted at one point of a page's program. Saved and restored as a whole, so nothing in it is changed in place. */
export interface State {
  readonly matrix: Matrix;
  /** What nothing is painted outside of. */
  readonly clip: Box;
  /** "#rrggbb"; `undefined` for a pattern. */
  readonly fill: string | undefined;
  /** 0 lets everything through, 1 nothing. */
  readonly alpha: number;
  /** 3 paints nothing. */
  readonly mode: number;
  readonly size: number;
  /** What the font measures its letters in, for letters of size 1: a thousandth, unless its letters are drawings of their own. */
  readonly unit: number;
  readonly stretch: number;
  readonly rise: number;
  readonly leading: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
}

export const COMMON_UNIT = 0.001;

export const firstState = (view: Box): State => ({
  matrix: IDENTITY,
  clip: view,
  fill: "#000000",
  alpha: 1,
  mode: 0,
  size: 0,
  unit: COMMON_UNIT,
  stretch: 1,
  rise: 0,
  leading: 0,
  charSpacing: 0,
  wordSpacing: 0,
});

/** What one operator that only sets something makes of the state; `undefined` for every other operator. */
export function changed(state: State, name: string, args: readonly unknown[]): State | undefined {
  const set = SETTERS[name];
  return set === undefined ? undefined : { ...state, ...set(args, state) };
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === "number" && Number.isFinite(value) ? value : otherwise);

const SETTERS: Readonly<Record<string, (args: readonly unknown[], state: State) => Partial<State>>> = {
  setFont: ([, size, unit], state) => ({ size: numberOf(size, state.size), unit: numberOf(unit, COMMON_UNIT) }),
  setTextRenderingMode: ([mode]) => ({ mode: numberOf(mode, 0) }),
  setHScale: ([percent]) => ({ stretch: numberOf(percent, 100) / 100 }),
  setTextRise: ([rise]) => ({ rise: numberOf(rise, 0) }),
  setLeading: ([leading]) => ({ leading: -numberOf(leading, 0) }),
  setCharSpacing: ([spacing]) => ({ charSpacing: numberOf(spacing, 0) }),
  setWordSpacing: ([spacing]) => ({ wordSpacing: numberOf(spacing, 0) }),
  setFillRGBColor: ([colour]) => ({ fill: typeof colour === "string" ? colour.toLowerCase() : undefined }),
  setFillColorN: () => ({ fill: undefined }),
  setFillTransparent: () => ({ fill: undefined }),
  setGState: ([entries], state) => ({ alpha: alphaOf(entries, state.alpha), size: fontSizeOf(entries, state.size) }),
};

const entryOf = (entries: unknown, key: string): unknown =>
  Array.isArray(entries) ? (entries as unknown[]).findLast((entry) => Array.isArray(entry) && entry[0] === key) : undefined;

function alphaOf(entries: unknown, otherwise: number): number {
  const entry = entryOf(entries, "ca");
  return Array.isArray(entry) ? numberOf(entry[1], otherwise) : otherwise;
}

function fontSizeOf(entries: unknown, otherwise: number): number {
  const entry = entryOf(entries, "Font");
  return Array.isArray(entry) && Array.isArray(entry[1]) ? numberOf(entry[1][1], otherwise) : otherwise;
}
