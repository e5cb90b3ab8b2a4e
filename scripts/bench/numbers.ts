/** The middle value; between the two middle ones when their number is even. @throws Error for an empty list */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  if (high === undefined || low === undefined) throw new Error("no measurement to take the middle of");
  return (low + high) / 2;
}

export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** The two sides of a comparison, in the order in which they are asked in this round: each goes first every other time. */
export function inTurn<Side>(sides: readonly [Side, Side], round: number): readonly [Side, Side] {
  return round % 2 === 0 ? sides : [sides[1], sides[0]];
}
