/** A PDF's matrix: a point (x, y) goes to (a x + c y + e, b x + d y + f). */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
/** In points of the page, y upwards: left, bottom, right, top. */
export type Box = readonly [left: number, bottom: number, right: number, top: number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
export const UNIT: Box = [0, 0, 1, 1];

/** Does `inner` first, then `outer`. */
export const times = (outer: Matrix, inner: Matrix): Matrix => [
  outer[0] * inner[0] + outer[2] * inner[1],
  outer[1] * inner[0] + outer[3] * inner[1],
  outer[0] * inner[2] + outer[2] * inner[3],
  outer[1] * inner[2] + outer[3] * inner[3],
  outer[0] * inner[4] + outer[2] * inner[5] + outer[4],
  outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
];

/** The upright box around a box that a matrix may have turned. */
export function moved(box: Box, [a, b, c, d, e, f]: Matrix): Box {
  const [left, bottom, right, top] = box;
  const xs = [a * left + c * bottom, a * right + c * bottom, a * left + c * top, a * right + c * top].map((x) => x + e);
  const ys = [b * left + d * bottom, b * right + d * bottom, b * left + d * top, b * right + d * top].map((y) => y + f);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** What two boxes share; a box without area when they share nothing. */
export function shared(one: Box, other: Box): Box {
  const [left, bottom] = [Math.max(one[0], other[0]), Math.max(one[1], other[1])];
  return [left, bottom, Math.max(left, Math.min(one[2], other[2])), Math.max(bottom, Math.min(one[3], other[3]))];
}

export const areaOf = (box: Box): number => (box[2] - box[0]) * (box[3] - box[1]);

export const holds = (box: Box, x: number, y: number, margin = 0): boolean =>
  x >= box[0] - margin && x <= box[2] + margin && y >= box[1] - margin && y <= box[3] + margin;

/** The first `size` numbers of an argument, which pdf.js gives as an array or a typed array; `undefined` when they are not there. */
export function numbersOf(value: unknown, size: number): readonly number[] | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined;
  const numbers = Array.from(value as ArrayLike<unknown>).slice(0, size);
  return numbers.length === size && numbers.every((one) => typeof one === "number" && Number.isFinite(one))
    ? (numbers as number[])
    : undefined;
}
export const matrixOf = (value: unknown): Matrix | undefined => numbersOf(value, 6) as Matrix | undefined;
export const boxOf = (value: unknown): Box | undefined => numbersOf(value, 4) as Box | undefined;
