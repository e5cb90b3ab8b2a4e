import { shareOf, whitePaper } from "./backdrop.ts";
import { bareShare } from "./bare-pictures.ts";
import { type Box, boxOf, IDENTITY, type Matrix, matrixOf, moved, numbersOf, shared, times, UNIT } from "./geometry.ts";
import { type Letters, letterLine, type TextLine } from "./letters.ts";
import { changed, firstState, type State } from "./state.ts";

/** What a page's program paints, as far as it says who can see its text. */
export interface Painted {
  readonly letters: Letters;
  /** Of the page, 0 to 1. */
  readonly pictureShare: number;
  /** Of the page, what pictures cover and no letter stands on. */
  readonly bareShare: number;
  /** Whether anything but letters is painted on it: a picture, a line, a surface that is not white. */
  readonly isDrawnOn: boolean;
}

/** One operator as pdf.js lists it, by its name; "setFont" has the font's unit behind its size. */
export type Operator = readonly [name: string, args: readonly unknown[]];

/**
 * Walks through a page's operators as a printer would, and notes for each letter whether a reader sees it.
 *
 * @param operators  in order
 * @param view       the part of the sheet that the page shows, in points
 */
export function paintedBy(operators: Iterable<Operator>, view: Box): Painted {
  const walk = startWalk(view);
  for (const [name, args] of operators) walk.step(name, args);
  return walk.end();
}

/** A scan fills the page, its margins sometimes left out; a photograph in a bulletin does not. */
export const COVERS = 0.6;

interface Walk {
  state: State;
  line: TextLine;
  readonly saved: State[];
  /** The next path is what nothing may be painted outside of from then on. */
  clipsNext: boolean;
  isDrawnOn: boolean;
  readonly pictures: Box[];
}

function startWalk(view: Box) {
  const walk: Walk = {
    state: firstState(view),
    line: { matrix: IDENTITY, start: IDENTITY },
    saved: [],
    clipsNext: false,
    isDrawnOn: false,
    pictures: [],
  };
  const backdrop = whitePaper();
  const letters = letterLine(view, backdrop);
  const paintPicture = (box: Box) => {
    walk.isDrawnOn = true;
    const visible = shared(moved(box, walk.state.matrix), walk.state.clip);
    walk.pictures.push(visible);
    backdrop.cover(visible, undefined);
  };
  return {
    step(name: string, args: readonly unknown[]) {
      const state = changed(walk.state, name, args);
      if (state !== undefined) walk.state = state;
      else if (name === "showText") walk.line = letters.show(args[0], walk.state, walk.line);
      else if (name === "constructPath") paintPath(walk, args, backdrop.cover);
      else if (PICTURES.has(name)) for (const box of boxesOf(name, args)) paintPicture(box);
      else if (name === "shadingFill") paintSurface(walk, walk.state.clip, undefined, backdrop.cover);
      else if (!moveText(walk, name, args)) moveState(walk, name, args);
    },
    end: (): Painted => {
      const pictureShare = shareOf(walk.pictures, view);
      const seen = letters.end(pictureShare >= COVERS);
      return { letters: seen, pictureShare, bareShare: bareShare(walk.pictures, seen.seenAt, view), isDrawnOn: walk.isDrawnOn };
    },
  };
}

type Cover = (box: Box, colour: string | undefined) => void;

function paintSurface(walk: Walk, box: Box, colour: string | undefined, cover: Cover): void {
  if (walk.state.alpha === 0) return;
  if (colour !== "#ffffff") walk.isDrawnOn = true;
  // Half seen through, it is neither its own colour nor the one below.
  cover(box, walk.state.alpha === 1 ? colour : undefined);
}

/** pdf.js's numbers of what may be done with a path: 22 to 27 fill it, 20 and 21 and 24 to 27 draw its line. */
const FILLS = { first: 22, last: 27 };
const STROKES = new Set([20, 21, 24, 25, 26, 27]);

function paintPath(walk: Walk, [operator, data, extent]: readonly unknown[], cover: Cover): void {
  const bounds = boxOf(extent);
  const clips = walk.clipsNext;
  walk.clipsNext = false;
  if (bounds === undefined) return;
  const box = shared(moved(bounds, walk.state.matrix), walk.state.clip);
  if (typeof operator === "number" && operator >= FILLS.first && operator <= FILLS.last) {
    paintSurface(walk, box, isRectangle(data) ? walk.state.fill : undefined, cover);
  }
  if (STROKES.has(operator as number)) walk.isDrawnOn = true;
  if (clips) walk.state = { ...walk.state, clip: box };
}

/** Five steps at most, none of them curved: move, three lines, close. pdf.js writes 0 x y to move, 1 x y for a line, 3 to close. */
function isRectangle(data: unknown): boolean {
  const path: unknown = Array.isArray(data) ? data[0] : undefined;
  if (!ArrayBuffer.isView(path)) return false;
  const steps = Array.from(path as unknown as ArrayLike<number>);
  return steps.length <= 16 && steps[0] === 0 && [3, 6, 9].every((at) => steps[at] === 1);
}

const PICTURES = new Set([
  "paintImageXObject",
  "paintImageMaskXObject",
  "paintInlineImageXObject",
  "paintSolidColorImageMask",
  "paintImageXObjectRepeat",
  "paintImageMaskXObjectRepeat",
  "paintImageMaskXObjectGroup",
  "paintInlineImageXObjectGroup",
]);

/** Where an operator paints its pictures, before the page's own matrix. pdf.js joins many small ones into one operator. */
function boxesOf(name: string, args: readonly unknown[]): readonly Box[] {
  if (name === "paintImageXObjectRepeat") return repeated([args[1], 0, 0, args[2]], args[3]);
  if (name === "paintImageMaskXObjectRepeat") return repeated(args.slice(1, 5), args[5]);
  const group = name === "paintImageMaskXObjectGroup" ? args[0] : name === "paintInlineImageXObjectGroup" ? args[1] : undefined;
  if (!Array.isArray(group)) return [UNIT];
  return (group as { readonly transform?: unknown }[]).flatMap((one) => {
    const matrix = matrixOf(one.transform);
    return matrix === undefined ? [] : [moved(UNIT, matrix)];
  });
}

function repeated(scale: readonly unknown[], positions: unknown): readonly Box[] {
  if (!ArrayBuffer.isView(positions) && !Array.isArray(positions)) return [];
  const at = Array.from(positions as ArrayLike<number>);
  return Array.from({ length: Math.floor(at.length / 2) }, (_, index) => matrixOf([...scale, at[index * 2], at[index * 2 + 1]]))
    .filter((matrix) => matrix !== undefined)
    .map((matrix) => moved(UNIT, matrix));
}

/** @returns whether the operator was one that moves the place where text is painted */
function moveText(walk: Walk, name: string, args: readonly unknown[]): boolean {
  const to = (start: Matrix) => {
    walk.line = { matrix: start, start };
    return true;
  };
  const by = (x: number, y: number) => to(times(walk.line.start, [1, 0, 0, 1, x, y]));
  if (name === "beginText") return to(IDENTITY);
  if (name === "setTextMatrix") return to(matrixOf(args[0]) ?? matrixOf(args) ?? walk.line.start);
  if (name === "nextLine") return by(0, walk.state.leading);
  if (name !== "moveText" && name !== "setLeadingMoveText") return false;
  const [x = 0, y = 0] = numbersOf(args, 2) ?? [];
  if (name === "setLeadingMoveText") walk.state = { ...walk.state, leading: y };
  return by(x, y);
}

function moveState(walk: Walk, name: string, args: readonly unknown[]): void {
  switch (name) {
    case "save":
    case "beginGroup":
      walk.saved.push(walk.state);
      break;
    case "restore":
    case "endGroup":
    case "paintFormXObjectEnd":
      walk.state = walk.saved.pop() ?? walk.state;
      break;
    case "transform":
      walk.state = { ...walk.state, matrix: times(walk.state.matrix, matrixOf(args) ?? IDENTITY) };
      break;
    case "paintFormXObjectBegin":
      walk.saved.push(walk.state);
      enterForm(walk, args);
      break;
    case "clip":
    case "eoClip":
      walk.clipsNext = true;
      break;
  }
}

function enterForm(walk: Walk, [inner, frame]: readonly unknown[]): void {
  const matrix = times(walk.state.matrix, matrixOf(inner) ?? IDENTITY);
  const box = boxOf(frame);
  walk.state = { ...walk.state, matrix, clip: box === undefined ? walk.state.clip : shared(moved(box, matrix), walk.state.clip) };
}
