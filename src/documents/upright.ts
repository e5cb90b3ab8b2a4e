import type { OcrWord, Turn } from "../capabilities/ocr/contract.ts";

type Place = OcrWord["box"];

/** Shorter words may be as high as they are wide. */
const LONG_WORD = 4;

/**
 * The turn after which the lines of a page run from left to right: an engine may read a page that lies on its side by itself, and
 * says where its words stand on the picture it was given.
 *
 * @returns quarter turns clockwise, beyond those of the picture; undefined when the words do not tell
 */
export function uprightTurn(words: readonly OcrWord[]): Turn | undefined {
  const long = words.filter(isLong);
  const wide = long.filter(({ box: [, , width, height] }) => width > height).length;
  if (wide * 2 === long.length) return undefined;
  const isAcross = wide * 2 > long.length;
  // From each word to the next: forwards within a line, backwards at its end. What goes mostly the other way is a step between lines.
  const steps = words.slice(1).flatMap(({ box }, index) => {
    const before = words[index]?.box ?? box;
    const [x, y] = [centre(box, 0) - centre(before, 0), centre(box, 1) - centre(before, 1)];
    return Math.abs(x) > Math.abs(y) === isAcross ? [Math.sign(isAcross ? x : y)] : [];
  });
  const forwards = steps.reduce((sum, step) => sum + step, 0);
  if (forwards === 0) return undefined;
  if (isAcross) return forwards > 0 ? 0 : 180;
  return forwards > 0 ? 270 : 90;
}

/** On fewer words nothing is said; a map or a drawing has some of them on their side. */
const MANY_LONG_WORDS = 10;
const MOST = 0.8;

/** Whether most words of a picture run upwards or downwards on it: an engine has turned the page by itself. */
export function isOnItsSide(words: readonly OcrWord[]): boolean {
  const long = words.filter(isLong);
  const high = long.filter(({ box: [, , width, height] }) => height > width).length;
  return long.length >= MANY_LONG_WORDS && high >= long.length * MOST;
}

const isLong = ({ text }: OcrWord): boolean => (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= LONG_WORD;

const centre = (box: Place, axis: 0 | 1): number => box[axis] + box[axis === 0 ? 2 : 3] / 2;

/** A place on a picture as it is on the picture turned. */
export function turned([left, top, width, height]: Place, turn: Turn): Place {
  switch (turn) {
    case 0:
      return [left, top, width, height];
    case 90:
      return [1 - top - height, left, height, width];
    case 180:
      return [1 - left - width, 1 - top - height, width, height];
    case 270:
      return [top, 1 - left - width, height, width];
  }
}

/** Both turns one after the other. */
export const turnedBoth = (one: Turn, other: Turn): Turn => TURNS[((one + other) / 90) % 4] ?? 0;

const TURNS: readonly Turn[] = [0, 90, 180, 270];
